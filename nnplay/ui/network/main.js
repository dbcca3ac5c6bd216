// The component that brings the script: it describes the network, and hands on what a person does.
//
// The picture itself is a component of its own, inside the part of the page that ticks: at each tick it leaves
// its weights in `window.nnplayNetwork`, so that neither script nor points travel again.

import {Picture} from "./picture.js";

const hub = (window.nnplayNetwork ??= {inbox: new Map()});
const pictures = (hub.pictures ??= new Map());

function deliver() {
  for (const [parent, bytes] of hub.inbox) {
    if (!hub.description) return;
    let picture = pictures.get(parent);
    if (!picture) pictures.set(parent, picture = new Picture(parent, act => hub.send(act)));
    picture.describe(hub.description);
    // Weights of another run than the one described wait for its description.
    if (picture.take(bytes)) hub.inbox.delete(parent);
  }
}

hub.deliver = deliver;
// A run of the page that another overtakes may take the picture out and put it back.
const PATIENCE_MS = 2000;
hub.leave = parent => setTimeout(() => {
  if (parent.isConnected) return;
  hub.inbox.delete(parent);
  pictures.get(parent)?.leave();
  pictures.delete(parent);
}, PATIENCE_MS);

export default function component({data, setTriggerValue}) {
  hub.description = JSON.parse(data.description);
  // Counted: the same value twice would be no change, and go unnoticed.
  hub.send = act => setTriggerValue("act", {...act, count: hub.count = (hub.count ?? 0) + 1});
  for (const picture of pictures.values()) picture.describe(hub.description);
  deliver();
}
