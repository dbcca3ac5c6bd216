// The pictures on the page: where they are, what the network is, and its weights, in whatever order they come.

import {Picture} from "./picture.js";

// A run of the page that another overtakes may take the picture out and put it back.
const PATIENCE_MS = 2000;
// A request that is not answered until then is lost.
const LOST_MS = 5000;
const hub = window.nnplayNetwork = {
  pictures: new Map(), description: null, weights: null, requests: [], asked: null, trigger: null, count: 0,
};

function deliver() {
  if (!hub.description) return;
  for (const picture of hub.pictures.values()) {
    picture.describe(hub.description);
    // Weights of another run than the one described wait for its description.
    if (hub.weights) picture.take(hub.weights);
  }
}

export function placeNetwork(parent) {
  if (!hub.pictures.has(parent)) hub.pictures.set(parent, new Picture(parent, request));
  deliver();
}

function request(act) {
  hub.requests.push(act);
  askNext();
}

// One after the other: of two that no run of the script has taken yet, Streamlit keeps the later one alone.
function askNext() {
  if (hub.asked || !hub.trigger || !hub.requests.length) return;
  // Counted: the same value twice would be no change, and go unnoticed.
  hub.trigger("act", {...hub.requests.shift(), count: hub.count += 1});
  hub.asked = setTimeout(answered, LOST_MS);
}

function answered() {
  clearTimeout(hub.asked);
  hub.asked = null;
  askNext();
}

export function describeNetwork({data, setTriggerValue}) {
  hub.description = JSON.parse(data.description);
  hub.trigger = setTriggerValue;
  deliver();
  const {acts, refused, suggested} = data, last = hub.answer;
  hub.answer = {acts, refused, suggested};
  // Requests are counted: the same refusal twice is said twice. One mended elsewhere is said no more.
  if (acts !== last?.acts || refused !== last.refused || suggested !== last.suggested) {
    for (const picture of hub.pictures.values()) picture.answer(data);
  }
  if (acts !== last?.acts) answered();
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
