// How a neuron behaves on the training points: mean, deviation, saturation, death.

import {ACTIVATIONS} from "./activations.js";

// As in the engine: saturated where the slope is under this share of the function's largest on [-3, 3].
const SATURATED_BELOW = 0.05;
// A slope that 32-bit numbers would hold to be 0.
const NO_SLOPE = 1e-7;
const H = 1e-4;

function slopeAt({each, slope}, x, parameters) {
  if (slope !== undefined) return slope;
  const here = each(x, parameters);
  // The flatter side: a jump within reach is no slope.
  const left = Math.abs(here - each(x - H, parameters)), right = Math.abs(each(x + H, parameters) - here);
  return Math.min(left, right) / H;
}

function largestSlope(entry, parameters) {
  let largest = 0;
  for (let k = 0; k <= 600; k++) largest = Math.max(largest, slopeAt(entry, k / 100 - 3, parameters));
  // The step function has slope 0 everywhere: every unit of it is saturated.
  return largest || 1;
}

// `before` and `after`: one unit's values on all points. `saturated` is the share of points with next to no
// slope, `dead` whether all have none; both null for functions of a whole layer.
export function unitStatistics(before, after, {name, parameters}) {
  let mean = 0, square = 0;
  for (const v of after) mean += v / after.length;
  for (const v of after) square += (v - mean) ** 2 / after.length;
  const entry = ACTIVATIONS[name], found = {mean, deviation: Math.sqrt(square), saturated: null, dead: null};
  if (!entry.each) return found;
  const largest = largestSlope(entry, parameters);
  let flat = 0, none = 0;
  for (const x of before) {
    const slope = slopeAt(entry, x, parameters);
    flat += slope < SATURATED_BELOW * largest;
    none += slope < NO_SLOPE * largest;
  }
  return {...found, saturated: flat / before.length, dead: none === before.length};
}
