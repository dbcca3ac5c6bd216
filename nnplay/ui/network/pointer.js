// What lies under the pointer: a neuron, a bias, a link, or nothing (null).

import {biasPlace, eachLink} from "./drawing.js";
import {curve} from "./layout.js";

const REACH = 6, SAMPLES = 14;

const inside = (x, y, place, reach = 0) =>
  x >= place.x - reach && x <= place.x + (place.width ?? place.size) + reach
  && y >= place.y - reach && y <= place.y + (place.height ?? place.size) + reach;

function distance(points, x, y) {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = points;
  if (x < Math.min(x0, x3) - REACH || x > Math.max(x0, x3) + REACH) return Infinity;
  let least = Infinity, before = null;
  for (let k = 0; k <= SAMPLES; k++) {
    const t = k / SAMPLES, s = 1 - t;
    const at = [
      s * s * s * x0 + 3 * s * s * t * x1 + 3 * s * t * t * x2 + t * t * t * x3,
      s * s * s * y0 + 3 * s * s * t * y1 + 3 * s * t * t * y2 + t * t * t * y3,
    ];
    if (before) {
      const [dx, dy] = [at[0] - before[0], at[1] - before[1]], length = dx * dx + dy * dy || 1;
      const along = Math.max(0, Math.min(1, ((x - before[0]) * dx + (y - before[1]) * dy) / length));
      least = Math.min(least, Math.hypot(before[0] + along * dx - x, before[1] + along * dy - y));
    }
    before = at;
  }
  return least;
}

// `x`, `y` as seen; what scrolls is looked for at its place in the whole.
export function under(picture, x, y) {
  const {layout, scroll, layers, weights} = picture, {large, single} = layout;
  const last = layers.length - 1;
  const covered = large && !layout.narrow && x > large.x - 14;
  if (weights) {
    for (let k = 0; k <= last; k++) {
      for (let unit = 0; unit < layers[k].units; unit++) {
        const place = biasPlace(layout, k, unit);
        if (place && inside(x + (place.large ? 0 : scroll), y, place, 3) && (place.large || !covered)) {
          return {kind: "bias", layer: k, from: null, to: unit};
        }
      }
    }
  }
  if (large && inside(x, y, large)) {
    return single ? {kind: "neuron", layer: last, unit: 0} : null;
  }
  if (covered) return null;
  for (const [c, column] of layout.nodes.entries()) {
    const unit = column.findIndex(place => inside(x + scroll, y, place, 1));
    if (unit >= 0 && !c && picture.description.given.length) return null;
    if (unit >= 0) return layers[c - 1]?.box || (layout.list && c && c <= last) ? {kind: "layer", layer: c - 1} : {kind: "neuron", layer: c - 1, unit};
  }
  if (!weights) return null;
  let found = null, least = REACH;
  eachLink(picture, null, (k, from, sum, weight, unit, strand) => {
    const d = distance(curve(layout, k, from, unit, strand, scroll), x, y);
    if (d < least) {
      least = d;
      found = {kind: "link", layer: k, from, to: sum};
    }
  });
  return found;
}
