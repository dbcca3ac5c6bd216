// The card beside what is pointed at: a neuron's map, formula and statistics; a link's or a bias's value, to be typed anew.

import {paintSigned} from "./colors.js";
import {drawPoints} from "./drawing.js";
import {drawCurve, drawHistogram} from "./maps.js";
import {unitStatistics} from "./statistics.js";
import {heading, layerName, number, percent, sentence, symbol, weightName, weightsOf} from "./words.js";

const TERMS = 6, MAP = 148, WIDTH = 250;

export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// "tanh(0.52 x₁ − 1.20 x₂ + 0.10)", the largest parts first where there are many.
export function formula(description, weights, k, unit) {
  const {inputs, sums, units, activation, normalization, residual} = description.layers[k];
  const sum = strand => {
    const at = unit + strand * units;
    const parts = Array.from({length: inputs}, (_, from) => [weights[k].kernel[from * sums + at], from]);
    const shown = parts.length > TERMS
      ? [...parts].sort((a, b) => Math.abs(b[0]) - Math.abs(a[0])).slice(0, TERMS) : parts;
    const more = parts.length - shown.length;
    const terms = shown.map(([weight, from]) => [weight, ` ${symbol(description, k - 1, from)}`]);
    const text = [...terms, [weights[k].bias[at], ""]].map(([value, name], place) => {
      const size = number(Math.abs(value)) + name;
      return place ? `${value < 0 ? " − " : " + "}${size}` : (value < 0 ? "−" : "") + size;
    });
    if (more) text.splice(-1, 0, ` + ${more} more`);
    return normalization === "none" ? text.join("") : `norm(${text.join("")})`;
  };
  const inner = sums > units ? `${sum(0)}; ${sum(1)}` : sum(0);
  const name = activation.name === "linear" ? "" : activation.label;
  const act = name ? `${name}(${inner})` : inner;
  return residual ? `${symbol(description, k - 1, unit)} + ${act}` : act;
}

function drawMap(picture, {layer, unit}) {
  const {description, outputs, scales, inks} = picture;
  const ratio = devicePixelRatio, height = description.plane === 2 ? MAP : MAP * 0.6;
  const canvas = element("canvas", {width: MAP * ratio, height: height * ratio});
  Object.assign(canvas.style, {width: `${MAP}px`, height: `${height}px`});
  const values = outputs?.[layer + 1]?.[unit];
  if (!values) return canvas;
  const context = canvas.getContext("2d"), box = {x: 0, y: 0, width: MAP, height};
  const scale = scales[layer + 1][unit];
  context.scale(ratio, ratio);
  if (description.plane === 2) {
    const grid = Math.round(Math.sqrt(values.length));
    const small = new OffscreenCanvas(grid, grid), image = new ImageData(grid, grid);
    const pixels = new Uint32Array(image.data.buffer);
    const output = layer === description.layers.length - 1;
    const [low, high] = output && picture.layout.single ? description.limits : [-scale, scale];
    paintSigned(pixels, values, low, high, inks);
    small.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(small, 0, 0, MAP, height);
    drawPoints(context, picture, box, 1.6);
  } else if (description.plane === 1) drawCurve(context, values, scale, box, inks);
  else drawHistogram(context, values, scale, box, inks);
  return canvas;
}

function statistics(picture, {layer, unit}) {
  const measured = picture.measure();
  if (!measured || layer < 0) return [];
  const {before, after} = measured[layer], {activation} = picture.description.layers[layer];
  const found = unitStatistics(before[unit] ?? [], after[unit], activation);
  const rows = [["mean", number(found.mean)], ["std", number(found.deviation)]];
  if (found.saturated !== null) {
    rows.push(["saturated", percent(found.saturated)], ["dead", found.dead ? "yes" : "no"]);
  }
  const list = element("dl", {});
  for (const [name, value] of rows) list.append(element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  const count = Math.min(picture.targets.length, picture.description.measured);
  return [list, element("small", {}, `on ${count} training points`)];
}

// All weights of a neuron as buttons: for the keyboard, and for those too thin to be hit.
function weightList(picture, {layer, unit}) {
  const {description, weights} = picture, {inputs, sums, units} = description.layers[layer];
  const list = element("div", {className: "weights", role: "list"});
  for (let to = unit; to < sums; to += units) {
    for (let from = -1; from < inputs; from++) {
      const at = {kind: from < 0 ? "bias" : "link", layer, from: from < 0 ? null : from, to};
      const value = picture.valueOf(at), name = from < 0 ? "bias" : symbol(description, layer - 1, from);
      const button = element("button", {type: "button", "aria-label": `Change ${weightName(description, at)}`},
        `${name}${to >= units ? " gate" : ""}: ${number(value)}`);
      button.onclick = () => picture.edit(at);
      list.append(button);
    }
  }
  return list;
}

function form(picture, at) {
  const {description, largest} = picture;
  const input = element("input", {
    type: "number", step: "any", min: -largest, max: largest, required: true,
    value: Number(picture.valueOf(at).toPrecision(4)), "aria-label": `New value of ${weightName(description, at)}`,
  });
  const locked = (description.locked ?? []).includes("weights");
  input.disabled = locked;
  const made = element("form", {}, input, element("button", {type: "submit", disabled: locked}, locked ? "Locked" : "Set"));
  made.onsubmit = event => {
    event.preventDefault();
    picture.send({act: "weight", layer: at.layer, from: at.from, to: at.to, value: Number(input.value)});
    picture.close();
  };
  setTimeout(() => { input.focus(); input.select(); });
  return made;
}

const DROPOUTS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
const SETTING_NAMES = {kind: "Kind", activation: "Activation", normalization: "Normalisation", dropout: "Dropout"};

// A pause in typing or clicking after which a number is taken.
const SETTLED_MS = 400;

// Whether something stands in a number's field that is not sent yet.
function isUnsent(field) {
  return field.type === "number" && (field.validity.badInput || Number(field.value) !== Number(field.defaultValue));
}

// A number of a layer, such as the edge of its window, or a switch; 0 is written as nothing: then the usual one counts.
function numberField(picture, k, setting, value) {
  const {numbers, ranges, layers} = picture.description;
  const [label, meant] = numbers[setting], [low, high] = ranges[layers[k].kind][setting];
  const named = {"aria-label": `${label} of ${layerName(picture.description, k)}`, title: meant};
  if (setting === "same") {
    const box = element("input", {type: "checkbox", checked: Boolean(value), ...named});
    box.onchange = () => picture.send({act: setting, at: k, value: box.checked});
    return box;
  }
  const field = element("input", {
    type: "number", min: low, max: high, step: 1, defaultValue: value || "", placeholder: "as usual", ...named,
  });
  let settling;
  const settle = () => {
    clearTimeout(settling);
    if (!isUnsent(field) || !field.reportValidity()) return;
    field.defaultValue = field.value;
    picture.send({act: setting, at: k, value: Number(field.value)});
  };
  field.onchange = () => {
    clearTimeout(settling);
    settling = setTimeout(settle, SETTLED_MS);
  };
  // Whoever leaves the field is done with it; what is not valid is said later, lest nobody could ever leave.
  field.onblur = () => field.checkValidity() && settle();
  return field;
}

// A choice for each setting of a layer; what is chosen is sent at once.
function layerForm(picture, k) {
  const {choices, layers, most_dropout} = picture.description, {settings, activation} = layers[k];
  const shares = [...new Set([...DROPOUTS, settings.dropout])].filter(share => share <= most_dropout).sort();
  const offered = {
    // With another parameter than the usual one it has no entry of its own in the list.
    activation: choices.activation.map(([name, label]) =>
      settings.activation && name === activation.name && settings.activation !== name ? [settings.activation, `${label} (${settings.activation.split("~")[1]})`]
        : [name, label]),
    kind: choices.kind,
    normalization: choices.normalization,
    dropout: shares.map(share => [share, share ? percent(share) : "none"]),
  };
  const locked = setting => (picture.description.locked ?? []).includes(setting === "activation" ? "activation" : "hidden");
  return Object.entries(settings).map(([setting, value]) => {
    if (setting in picture.description.numbers) {
      const field = numberField(picture, k, setting, value);
      field.disabled = locked(setting);
      return element("label", {}, picture.description.numbers[setting][0], field);
    }
    const select = element("select", {"aria-label": `${SETTING_NAMES[setting]} of ${layerName(picture.description, k)}`},
      ...offered[setting].map(([name, label]) => element("option", {value: name, selected: name === value}, label)));
    // All but the activation stands in the notation of the layers.
    select.disabled = locked(setting);
    select.onchange = () => picture.send({
      act: setting, at: k, value: setting === "dropout" ? Number(select.value) : select.value,
    });
    return element("label", {}, SETTING_NAMES[setting], select);
  });
}

// The card for `at`, what is pointed at. `pinned`: it stays, and can be worked with.
export function fillCard(card, picture, at, pinned) {
  const {description, weights} = picture;
  const parts = [];
  if (at.kind === "layer") {
    const {units, box, settings} = description.layers[at.layer];
    const size = box ? `${box.label}, gives ${box.shape.join(" × ")}` : `${units} neurons`;
    parts.push(
      element("strong", {}, sentence(layerName(description, at.layer))),
      element("small", {}, `${size}, ${weightsOf(description.layers[at.layer])}`),
    );
    if (pinned && Object.keys(settings).length) {
      parts.push(
        ...layerForm(picture, at.layer),
        element("small", {}, "A change starts anew; only a dropout made larger or smaller is taken over as it runs."),
      );
      if (picture.refused) parts.push(element("p", {className: "refused", role: "alert"}, picture.refused));
      if (picture.refused && picture.suggested) {
        const take = element("button", {type: "button"}, `Take ${picture.suggested}`);
        take.onclick = () => picture.send({act: "suggestion"});
        parts.push(take);
      }
    }
  } else if (at.kind === "neuron") {
    parts.push(element("strong", {}, heading(description, at.layer, at.unit)), drawMap(picture, at));
    const scale = picture.scales?.[at.layer + 1]?.[at.unit];
    if (description.plane === 2 && scale) {
      const single = picture.layout.single && at.layer === description.layers.length - 1;
      const [low, high] = single ? description.limits : [-scale, scale];
      parts.push(element("small", {}, `blue ${number(low)} · orange ${number(high)}`));
    }
    if (at.layer >= 0 && weights) {
      parts.push(element("code", {}, formula(description, weights, at.layer, at.unit)), ...statistics(picture, at));
      parts.push(pinned ? weightList(picture, at) : element("small", {}, "Click for its weights."));
    }
  } else {
    parts.push(element("strong", {}, sentence(weightName(description, at))));
    parts.push(element("output", {}, number(picture.valueOf(at))));
    parts.push(pinned ? form(picture, at) : element("small", {}, "Click to change it."));
  }
  if (pinned) {
    const close = element("button", {type: "button", className: "close", "aria-label": "Close"}, "×");
    close.onclick = () => picture.close();
    parts.push(close);
  }
  replaceParts(card, parts);
  card.classList.toggle("pinned", pinned);
}

// Whoever works with the keyboard stays in the field that was just changed.
function replaceParts(card, parts) {
  const field = card.getRootNode().activeElement?.closest?.("input, select");
  const named = field && card.contains(field) && `[aria-label="${CSS.escape(field.getAttribute("aria-label"))}"]`;
  const place = named ? parts.findIndex(part => part.querySelector(named)) : -1;
  if (place < 0 || !isUnsent(field)) {
    card.replaceChildren(...parts);
    if (place >= 0) card.querySelector(named).focus({preventScroll: true});
    return;
  }
  // What is being typed is not sent yet: its field is never taken out, so that text and caret stay.
  const {min, max, disabled, defaultValue} = parts[place].querySelector(named), kept = field.closest("label");
  Object.assign(field, {min, max, disabled, defaultValue});
  for (const child of [...card.children]) if (child !== kept) child.remove();
  kept.before(...parts.slice(0, place));
  kept.after(...parts.slice(place + 1));
}

// Beside the pointer, and inside the picture.
export function placeCard(card, {layout}, x, y) {
  const width = Math.min(WIDTH, layout.host - 8), right = x + 18 + width < layout.host;
  card.style.left = `${Math.max(4, right ? x + 18 : x - 18 - width)}px`;
  card.style.top = `${Math.max(4, Math.min(y - 40, layout.height - card.offsetHeight - 4))}px`;
}
