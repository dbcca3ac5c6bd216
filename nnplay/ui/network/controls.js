// Buttons on the picture: a neuron more or fewer in each layer, a layer more or fewer, a layer's own settings.

import {element} from "./card.js";
import {HEADER} from "./layout.js";
import {layerSettings, shapeOf, weightsOf} from "./words.js";

const NARROWEST = 48, WIDEST = 120, LEAST = 18;

function button(text, label, x, y, act, off, wide = 24) {
  const made = element("button", {type: "button", title: label, "aria-label": label, disabled: off}, text);
  Object.assign(made.style, {left: `${x - wide / 2}px`, top: `${y}px`, width: `${wide}px`});
  made.onclick = act;
  return made;
}

// Words that cannot be pressed, `wide` pixels from `left` on.
function label(text, className, left, y, wide) {
  const made = element("span", {className}, text);
  Object.assign(made.style, {left: `${left}px`, top: `${y}px`, width: `${wide}px`});
  return made;
}

// Fill `host`, whose left edge scrolls with the neurons. `send` tells the page what was asked for.
export function placeControls(host, picture, send) {
  const {layout, description} = picture;
  // What a teacher's task locks cannot be pressed; the server refuses it as well.
  const locked = (description.locked ?? []).includes("hidden");
  const {layers, most_layers, most_units, cannot} = description, hidden = layers.length - 1;
  const {nodes, widths, gap, network, foot} = layout;
  const middle = c => nodes[c][0].x + widths[c] / 2;
  const add = (at, x, y) => {
    const words = hidden === 0 ? "Add a hidden layer"
      : at === hidden ? "Add a layer before the output" : `Add a layer before layer ${at + 1}`;
    return button("+", `${words} (starts anew)`, x, y, () => send({act: "add_layer", at}), locked || hidden >= most_layers);
  };
  const remove = (k, x, y) =>
    button("×", `Remove layer ${k + 1} (starts anew)`, x, y, () => send({act: "remove_layer", at: k}), locked);
  // A unit fewer, and one more, so far apart; none where a layer has no units of its own.
  const units = (k, x, y, apart) => {
    const {units, box} = layers[k], what = box ? "channel" : "neuron", wide = Math.min(24, apart - 1);
    return units === 0 ? [] : [
      button("−", `One ${what} fewer in layer ${k + 1} (starts anew)`, x - apart / 2, y,
        () => send({act: "remove_unit", at: k}), locked || units <= 1, wide),
      button("+", `One ${what} more in layer ${k + 1} (starts anew)`, x + apart / 2, y,
        () => send({act: "add_unit", at: k}), locked || units >= most_units, wide),
    ];
  };
  const title = (k, x, y, wide) => {
    const settings = layerSettings(description, layers[k]);
    const made = button(settings, `Settings of layer ${k + 1}: ${settings}`, x, y, () => picture.openLayer(k, x, y), false, wide);
    made.className = "name";
    return made;
  };
  const made = [];
  if (layout.list) {
    const right = layout.host - 12, left = nodes[0][0].x + widths[0] + 12;
    nodes.forEach(([{x, y, size}], c) => {
      const k = c - 1, wide = right - left - 110, layer = layers[k];
      const name = c === 0 ? label("inputs", "row", left, y - 5, wide)
        : k === hidden ? label("output", "row", left, y - 5, wide) : title(k, left + wide / 2, y - 5, wide);
      name.classList.add("row");
      const given = description.given.length ? description.given.join(" × ") : `${description.inputs.length}`;
      made.push(name, label(c === 0 ? given : `${shapeOf(layer)} · ${weightsOf(layer)}`, "row quiet", left, y + 14, wide + 20));
      if (c <= hidden) made.push(add(c, x + size / 2, y + size));
      if (c === 0 || k === hidden) return;
      if (layer.units) made.push(label(`${layer.units}`, "count", right - 86, y + 3, 50));
      made.push(...units(k, right - 61, y + 3, 50), remove(k, right - 12, y + 3));
    });
  } else {
    for (let at = 0; at <= hidden; at++) made.push(add(at, nodes[at][0].x + widths[at] + gap / 2, 4));
    for (let k = 0; k < hidden; k++) {
      const x = middle(k + 1), pitch = widths[k + 1] + gap;
      const wide = Math.max(NARROWEST, Math.min(WIDEST, pitch - 6));
      made.push(
        label(layers[k].units ? `${layers[k].units}` : "", "count", x - 25, 4, 50),
        title(k, x, network - foot - 2, wide),
        ...(cannot ? [label(weightsOf(layers[k]), "quiet", x - wide / 2 - 3, network - 46, wide + 6)] : []),
        ...units(k, x, HEADER - 30, Math.max(LEAST + 1, Math.min(26, pitch / 2))),
        remove(k, x, network - 25),
      );
    }
  }
  // Whoever works with the keyboard stays on the button just pressed.
  const active = host.getRootNode().activeElement, focused = host.contains(active) && active.title;
  host.replaceChildren(...made);
  if (focused) made.find(({title}) => title === focused)?.focus({preventScroll: true});
}
