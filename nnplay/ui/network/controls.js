// Buttons on the picture: a neuron more or fewer in each layer, a layer more or fewer, a layer's own settings.

import {element} from "./card.js";
import {HEADER} from "./layout.js";
import {layerSettings} from "./words.js";

const NARROWEST = 48, WIDEST = 120;

function button(text, label, x, y, act, off) {
  const made = element("button", {type: "button", title: label, "aria-label": label, disabled: off}, text);
  made.style.left = `${x - 12}px`;
  made.style.top = `${y}px`;
  made.onclick = act;
  return made;
}

// Fill `host`, whose left edge scrolls with the neurons. `send` tells the page what was asked for.
export function placeControls(host, picture, send) {
  const {layout, description} = picture;
  // What a teacher's task locks cannot be pressed; the server refuses it as well.
  const locked = (description.locked ?? []).includes("hidden");
  const {layers, most_layers, most_units} = description, hidden = layers.length - 1, made = [];
  const {nodes, widths, gap, network} = layout;
  const middle = c => nodes[c][0].x + widths[c] / 2;
  for (let at = 0; at <= hidden; at++) {
    const label = hidden === 0 ? "Add a hidden layer"
      : at === hidden ? "Add a layer before the output" : `Add a layer before layer ${at + 1}`;
    made.push(button("+", `${label} (starts anew)`, nodes[at][0].x + widths[at] + gap / 2, 4,
      () => send({act: "add_layer", at}), locked || hidden >= most_layers));
  }
  for (let k = 0; k < hidden; k++) {
    const {units, box} = layers[k], x = middle(k + 1), y = HEADER - 30;
    const name = `layer ${k + 1}`, what = box ? "channel" : "neuron";
    const count = element("span", {className: "count"}, units ? `${units}` : "");
    count.style.left = `${x - 25}px`;
    count.style.top = "4px";
    const settings = layerSettings(description, layers[k]);
    const title = button(settings, `Settings of ${name}: ${settings}`, x, network - 48,
      () => picture.openLayer(k, x, network - 48));
    const wide = Math.max(NARROWEST, Math.min(WIDEST, widths[k + 1] + gap - 6));
    title.className = "name";
    Object.assign(title.style, {left: `${x - wide / 2}px`, width: `${wide}px`});
    made.push(
      count, title,
      ...(units === 0 ? [] : [
        button("−", `One ${what} fewer in ${name} (starts anew)`, x - 13, y, () => send({act: "remove_unit", at: k}),
          locked || units <= 1),
        button("+", `One ${what} more in ${name} (starts anew)`, x + 13, y, () => send({act: "add_unit", at: k}),
          locked || units >= most_units),
      ]),
      button("×", `Remove ${name} (starts anew)`, x, network - 25, () => send({act: "remove_layer", at: k}), locked),
    );
  }
  // Whoever works with the keyboard stays on the button just pressed.
  const active = host.getRootNode().activeElement, focused = host.contains(active) && active.title;
  host.replaceChildren(...made);
  if (focused) made.find(({title}) => title === focused)?.focus({preventScroll: true});
}
