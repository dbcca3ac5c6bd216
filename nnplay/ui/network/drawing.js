// The canvas: links under neurons, the large output with the data's points.

import {curve, placeOf} from "./layout.js";
import {drawCurve, drawHistogram} from "./maps.js";

// Of the links between two layers the strongest are drawn; all of a neuron's own when it is pointed at.
export const MOST_LINKS = 200;
// So many links between two layers have room for the full width.
const ROOMY = 100;
const BIAS = 7;

// How strong a link looks: its weight against what it would be if a sum's parts were of size 1.
const strength = (weight, inputs) => Math.abs(weight) * Math.sqrt(inputs) / 2;

// The size of weight from which on a link is drawn; 0 where all are.
export function leastWeight(kernel) {
  if (kernel.length <= MOST_LINKS) return 0;
  const sizes = kernel.map(Math.abs).sort();
  return sizes[sizes.length - MOST_LINKS];
}

// Calls `act(k, from, sum, weight, unit, strand)` for each link that is to be seen; `focus` is the neuron pointed at.
export function eachLink({layers, weights, least}, focus, act) {
  layers.forEach(({inputs, sums, units}, k) => {
    const {kernel} = weights[k];
    for (let from = 0; from < inputs; from++) {
      for (let sum = 0; sum < sums; sum++) {
        const weight = kernel[from * sums + sum], unit = sum % units;
        const own = focus && ((focus.layer === k && focus.unit === unit) || (focus.layer === k - 1 && focus.unit === from));
        if (own || Math.abs(weight) >= least[k]) act(k, from, sum, weight, unit, sum >= units ? 1 : 0, own);
      }
    }
  });
}

function strokeLink(context, points, weight, {inputs, sums}, inks, dim) {
  const s = strength(weight, inputs), room = Math.max(0.3, Math.min(1, ROOMY / (inputs * sums)));
  context.strokeStyle = inks.weight(weight);
  context.globalAlpha = Math.min(0.95, 0.14 + 0.62 * s) * Math.sqrt(room) * (dim ? 0.18 : 1);
  context.lineWidth = Math.min(7 * room, 0.6 + 2.3 * room * s);
  context.beginPath();
  context.moveTo(points[0], points[1]);
  context.bezierCurveTo(...points.slice(2));
  context.stroke();
}

function drawLinks(context, picture) {
  const {layout, scroll, inks, focus, layers} = picture;
  eachLink(picture, focus, (k, from, sum, weight, unit, strand, own) => {
    const points = curve(layout, k, from, unit, strand, scroll);
    if (points[6] < -60 || points[0] > layout.host + 60) return;
    context.setLineDash(strand ? [5, 4] : []);
    strokeLink(context, points, weight, layers[k], inks, focus && !own);
  });
  context.setLineDash([]);
  context.globalAlpha = 1;
}

// A layer that is more than a column of neurons: a pile of maps with its shape below.
function drawBox(context, picture, k, place, shape) {
  const {inks, scroll, marked} = picture;
  const x = place.x - scroll, {y, size} = place, sheets = shape.length > 1 ? 3 : 1, shift = 4;
  for (let sheet = sheets - 1; sheet >= 0; sheet--) {
    const off = sheet * shift, edge = size - (sheets - 1) * shift;
    context.fillStyle = inks.neutral;
    context.fillRect(x + off, y + (sheets - 1) * shift - off, edge, edge);
    context.strokeStyle = marked?.kind === "layer" && marked.layer === k ? inks.ink : inks.axis;
    context.lineWidth = 1;
    context.strokeRect(x + off - 0.5, y + (sheets - 1) * shift - off - 0.5, edge + 1, edge + 1);
  }
  context.font = picture.font;
  context.fillStyle = inks.muted;
  context.textAlign = "center";
  context.textBaseline = "middle";
  if (picture.layout.list) return;
  // In two lines, so that it has room between its neighbours.
  const lines = shape.length > 2 ? [shape.slice(0, 2).join(" × "), `× ${shape[2]}`] : [shape.join(" × ")];
  lines.forEach((line, row) => context.fillText(line, x + size / 2, y + size + 14 + 15 * row));
}

function drawNeuron(context, picture, k, unit, place) {
  const shape = k < 0 ? picture.description.given : picture.layers[k].box?.shape;
  if (shape?.length) {
    drawBox(context, picture, k, place, shape);
    return;
  }
  const {inks, scroll, outputs, scales, atlases, description, marked} = picture;
  const x = place.x - scroll, {y, size} = place;
  const values = outputs?.[k + 1]?.[unit];
  context.fillStyle = inks.neutral;
  context.fillRect(x, y, size, size);
  if (values) {
    const box = {x, y, width: size, height: size};
    if (description.plane === 2) atlases[k + 1].draw(context, unit, x, y, size);
    else if (description.plane === 1) drawCurve(context, values, scales[k + 1][unit], box, inks);
    else drawHistogram(context, values, scales[k + 1][unit], box, inks);
  }
  const on = marked && marked.kind === "neuron" && marked.layer === k && marked.unit === unit;
  context.strokeStyle = on ? inks.ink : inks.axis;
  context.lineWidth = on ? 2 : 1;
  context.strokeRect(x - 0.5, y - 0.5, size + 1, size + 1);
}

export function biasPlace(layout, k, unit) {
  const place = placeOf(layout, k, unit);
  if (place.large) return {x: layout.large.x - BIAS - 3, y: layout.large.y + layout.large.height - BIAS, size: BIAS, large: true};
  return place.size < 18 || layout.blocks[k + 1].columns > 1 ? null : {x: place.x - BIAS + 2, y: place.y + place.size - BIAS + 2, size: BIAS};
}

function drawBias(context, picture, k, unit) {
  const {inks, scroll, weights, layout, marked} = picture, place = biasPlace(layout, k, unit);
  if (!place) return;
  const bias = weights[k].bias[unit], x = place.x - (place.large ? 0 : scroll);
  context.fillStyle = inks.ground;
  context.fillRect(x, place.y, BIAS, BIAS);
  context.globalAlpha = Math.min(1, 0.2 + Math.abs(bias));
  context.fillStyle = inks.weight(bias);
  context.fillRect(x, place.y, BIAS, BIAS);
  context.globalAlpha = 1;
  const on = marked && marked.kind === "bias" && marked.layer === k && marked.to % picture.layers[k].units === unit;
  context.strokeStyle = on ? inks.ink : inks.muted;
  context.lineWidth = on ? 2 : 1;
  context.strokeRect(x, place.y, BIAS, BIAS);
}

// As much of a text as has room.
function fitted(context, text, width) {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > width) shown = shown.slice(0, -2) + "…";
  return shown;
}

function drawNames(context, picture) {
  const {layout, scroll, inks, description} = picture;
  context.font = picture.font;
  context.fillStyle = inks.muted;
  context.textBaseline = "middle";
  const beside = (column, names, right) => column.forEach(({x, y, size}, unit) => {
    if (!names[unit]) return;
    context.textAlign = right ? "left" : "right";
    const text = fitted(context, names[unit], right ? 66 : description.plane ? 40 : 98);
    context.fillText(text, (right ? x + size + 6 : x - 6) - scroll, y + size / 2);
  });
  const end = layout.nodes.length - 1;
  // In a block of several columns there is no room beside a neuron.
  if (layout.blocks[0].columns === 1 && !description.given.length) beside(layout.nodes[0], description.inputs, false);
  if (!description.plane && layout.blocks[end].columns === 1) beside(layout.nodes[end], description.outputs, true);
  context.textAlign = "center";
}

// The data's points in their places over the plane, or over the line with their target.
export function drawPoints(context, {description, points, targets, inks}, {x, y, width, height}, radius) {
  const {extent: [low, high], task, limits} = description;
  const across = v => x + (v - low) / (high - low) * width;
  const level = v => y + height - (v - low) / (high - low) * height;
  for (let p = 0; p < targets.length; p++) {
    const target = targets[p];
    const py = description.plane === 2 ? level(points[1][p]) : y + height * (0.5 - 0.46 * target / Math.max(1, limits[1]));
    context.beginPath();
    context.arc(across(points[0][p]), py, radius, 0, 2 * Math.PI);
    context.fillStyle = task === "regression"
      ? (description.plane === 1 ? inks.muted : inks.point((target - limits[0]) / (limits[1] - limits[0])))
      : inks.classes[target % inks.classes.length];
    context.fill();
    if (radius > 2) {
      context.strokeStyle = inks.ground;
      context.lineWidth = 0.8;
      context.stroke();
    }
  }
}

function drawLarge(context, picture) {
  const {layout: {large, single}, inks, description, outputs, marked} = picture;
  const {x, y, width, height} = large;
  context.fillStyle = inks.neutral;
  context.fillRect(x, y, width, height);
  const last = outputs?.[picture.layers.length];
  if (last && description.plane === 2) picture.large.draw(context, 0, x, y, width, height);
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  drawPoints(context, picture, large, width > 180 ? 2.8 : 2.2);
  if (last && description.plane === 1) drawCurve(context, last[0], picture.scales[outputs.length - 1][0], large, inks);
  context.restore();
  const on = single && marked?.kind === "neuron" && marked.layer === picture.layers.length - 1;
  context.strokeStyle = on ? inks.ink : inks.axis;
  context.lineWidth = on ? 2 : 1;
  context.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
  context.fillStyle = inks.muted;
  context.font = picture.font;
  context.textAlign = "center";
  context.fillText(description.task === "multiclass" ? "Output: the most probable class" : "Output", x + width / 2, y + height + 14);
}

export function draw(context, picture) {
  const {layout, ratio, weights, layers} = picture;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, layout.host, layout.height);
  context.save();
  context.beginPath();
  // What scrolls ends where the large output begins; its links may reach it.
  context.rect(0, 0, layout.large && !layout.narrow ? layout.large.x + 1 : layout.host, layout.height);
  context.clip();
  if (weights) drawLinks(context, picture);
  layout.nodes.forEach((column, c) => column.forEach((place, unit) => {
    const x = place.x - picture.scroll;
    if (x > -60 && x < layout.host) drawNeuron(context, picture, c - 1, unit, place);
  }));
  if (weights) {
    layers.forEach(({units}, k) => {
      for (let unit = 0; unit < units; unit++) drawBias(context, picture, k, unit);
    });
  }
  if (!layout.list) drawNames(context, picture);
  context.restore();
  if (layout.large) drawLarge(context, picture);
}
