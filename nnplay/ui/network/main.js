// The pictures on the page: where they are, what the network is, and its weights, in whatever order they come.

import {Picture} from "./picture.js";

// A run of the page that another overtakes may take the picture out and put it back.
const PATIENCE_MS = 2000;
const hub = window.nnplayNetwork = {pictures: new Map(), description: null, weights: null, send: null, count: 0};

function deliver() {
  if (!hub.description) return;
  for (const picture of hub.pictures.values()) {
    picture.describe(hub.description);
    // Weights of another run than the one described wait for its description.
    if (hub.weights) picture.take(hub.weights);
  }
}

export function placeNetwork(parent) {
  if (!hub.pictures.has(parent)) hub.pictures.set(parent, new Picture(parent, act => hub.send?.(act)));
  deliver();
}

export function describeNetwork({data, setTriggerValue}) {
  hub.description = JSON.parse(data.description);
  // Counted: the same value twice would be no change, and go unnoticed.
  hub.send = act => setTriggerValue("act", {...act, count: hub.count += 1});
  deliver();
  // Requests are counted: the same refusal twice is said twice.
  if (data.acts !== hub.acts) for (const picture of hub.pictures.values()) picture.answer(data);
  hub.acts = data.acts;
}

export function networkWeights(bytes) {
  hub.weights = bytes;
  deliver();
}

export function leaveNetwork(parent) {
  setTimeout(() => {
    if (parent.isConnected) return;
    hub.pictures.get(parent)?.leave();
    hub.pictures.delete(parent);
  }, PATIENCE_MS);
}
