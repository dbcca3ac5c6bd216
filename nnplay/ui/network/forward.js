// The forward pass: from a network's description and its weights to every neuron's output.
//
// Values are kept by unit: a layer's outputs are an array of Float32Arrays, one a unit, with one value a point.

import {ACTIVATIONS} from "./activations.js";

// Keras's own for batch and layer normalization.
const EPSILON = 1e-3;

// Positions are arrays of coordinates, one Float32Array a dimension.
export const FEATURES = {
  x1: ([x]) => x,
  x2: ([, y]) => y,
  x1sq: ([x]) => x.map(v => v * v),
  x2sq: ([, y]) => y.map(v => v * v),
  x1x2: ([x, y]) => x.map((v, p) => v * y[p]),
  sinx1: ([x]) => x.map(Math.sin),
  sinx2: ([, y]) => y.map(Math.sin),
  cosx1: ([x]) => x.map(Math.cos),
  cosx2: ([, y]) => y.map(Math.cos),
};

// What of this network cannot be computed here, as a sentence; "" when all can.
export function missing({features, layers, cannot}) {
  if (cannot) return cannot;
  const feature = features.find(name => !FEATURES[name]);
  if (feature) return `The input ${feature} cannot be computed in the browser yet, so neurons show no maps.`;
  const layer = layers.find(({activation}) => !ACTIVATIONS[activation.name]);
  if (layer) return `${layer.activation.label} cannot be computed in the browser yet, so neurons show no maps.`;
  return "";
}

// From positions to what the input layer gets: the features, standardised.
export function encode({features, mean, scale}, positions) {
  return features.map((name, k) => FEATURES[name](positions).map(v => (v - mean[k]) / scale[k]));
}

// How many numbers the weights of a layer are: kernel, bias, and the rows of its normalization.
export function weightCount({inputs, sums, rows}) {
  return (inputs + 1 + rows.length) * sums;
}

// The weights of each layer as views into one Float32Array: `kernel` (inputs * sums, input by input), `bias`,
// and the rows of its normalization by name.
export function unpack(layers, numbers) {
  let start = 0;
  const next = count => numbers.subarray(start, start += count);
  return layers.map(({inputs, sums, rows}) => ({
    kernel: next(inputs * sums),
    bias: next(sums),
    rows: Object.fromEntries(rows.map(name => [name, next(sums)])),
  }));
}

function weightedSums(inputs, points, {kernel, bias}) {
  return Array.from(bias, (start, unit) => {
    const sum = new Float64Array(points).fill(start);
    for (let i = 0; i < inputs.length; i++) {
      const weight = kernel[i * bias.length + unit], input = inputs[i];
      for (let p = 0; p < points; p++) sum[p] += weight * input[p];
    }
    return sum;
  });
}

function batchNormalized(sums, {gamma, beta, moving_mean, moving_variance}) {
  return sums.map((sum, unit) => {
    const factor = gamma[unit] / Math.sqrt(moving_variance[unit] + EPSILON);
    return sum.map(x => (x - moving_mean[unit]) * factor + beta[unit]);
  });
}

function layerNormalized(sums, points, {gamma, beta}) {
  const out = sums.map(() => new Float64Array(points));
  for (let p = 0; p < points; p++) {
    let mean = 0, variance = 0;
    for (const sum of sums) mean += sum[p] / sums.length;
    for (const sum of sums) variance += (sum[p] - mean) ** 2 / sums.length;
    const factor = 1 / Math.sqrt(variance + EPSILON);
    sums.forEach((sum, unit) => { out[unit][p] = (sum[p] - mean) * factor * gamma[unit] + beta[unit]; });
  }
  return out;
}

function activated(sums, points, {name, parameters}) {
  const {each, layer} = ACTIVATIONS[name];
  if (layer) return layer(sums, points, parameters);
  return sums.map(sum => {
    const out = new Float32Array(points);
    for (let p = 0; p < points; p++) out[p] = each(sum[p], parameters);
    return out;
  });
}

// One layer: `before`, what its activation gets, and `after`, what it passes on (with a residual connection,
// its inputs added).
export function layerForward(layer, weights, inputs, points) {
  let before = weightedSums(inputs, points, weights);
  if (layer.normalization === "batch") before = batchNormalized(before, weights.rows);
  if (layer.normalization === "layer") before = layerNormalized(before, points, weights.rows);
  let after = activated(before, points, layer.activation);
  if (layer.residual) after = after.map((out, unit) => out.map((v, p) => v + inputs[unit][p]));
  return {before, after};
}

// All layers, first = nearest the input.
export function forward(layers, weights, inputs) {
  const points = inputs[0].length, found = [];
  for (let k = 0; k < layers.length; k++) {
    found.push(layerForward(layers[k], weights[k], inputs, points));
    inputs = found[k].after;
  }
  return found;
}

// Multiplications that one point costs.
export function cost(layers) {
  return layers.reduce((total, {inputs, sums}) => total + (inputs + 4) * sums, 0);
}
