// What a neuron computes, in pixels: a map over the plane, a curve over a line, or a histogram over the data.

import {paintSigned} from "./colors.js";

// Values within this share of 0 are no more than noise to the eye: a scale is never finer.
const LEAST_SCALE = 0.25;
const BINS = 14;

// Points to compute on: the middles of the cells of a grid by grid picture, rows from the top; or a line.
export function sample({plane, extent: [low, high]}, grid) {
  const middle = k => low + (k + 0.5) / grid * (high - low);
  if (plane === 1) return [Float32Array.from({length: grid}, (_, k) => middle(k))];
  const x = new Float32Array(grid * grid), y = new Float32Array(grid * grid);
  for (let p = 0; p < x.length; p++) {
    x[p] = middle(p % grid);
    y[p] = middle(grid - 1 - Math.floor(p / grid));
  }
  return [x, y];
}

// The value that has the full colour, for each unit: the largest of its layer, or of an input alone.
export function scalesOf(units, alone) {
  const largest = units.map(values => {
    let most = LEAST_SCALE;
    for (const v of values) if (Math.abs(v) > most) most = Math.abs(v);
    return Number.isFinite(most) ? most : 1;
  });
  const shared = Math.max(...largest);
  return alone ? largest : largest.map(() => shared);
}

// The maps of a layer's neurons in one off-screen canvas, each in a frame of its own edge pixels, so that
// smoothing does not mix neighbours.
export class Atlas {
  constructor(units, grid) {
    this.grid = grid;
    this.across = Math.ceil(Math.sqrt(units));
    const down = Math.ceil(units / this.across), tile = grid + 2;
    this.canvas = new OffscreenCanvas(this.across * tile, down * tile);
    this.context = this.canvas.getContext("2d");
    this.image = new ImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.one = new Uint32Array(grid * grid);
  }

  // `limits(unit)` gives the values that are blue and orange.
  paint(units, limits, inks) {
    units.forEach((values, unit) => {
      paintSigned(this.one, values, ...limits(unit), inks);
      this.put(unit);
    });
    this.context.putImageData(this.image, 0, 0);
  }

  put(unit) {
    const {grid, across, pixels, one} = this, stride = this.canvas.width, tile = grid + 2;
    const corner = Math.floor(unit / across) * tile * stride + (unit % across) * tile;
    for (let row = 0; row < tile; row++) {
      const from = Math.max(0, Math.min(grid - 1, row - 1)) * grid, to = corner + row * stride;
      pixels.set(one.subarray(from, from + grid), to + 1);
      pixels[to] = one[from];
      pixels[to + grid + 1] = one[from + grid - 1];
    }
  }

  draw(context, unit, x, y, width, height = width) {
    const tile = this.grid + 2;
    const left = (unit % this.across) * tile + 1, top = Math.floor(unit / this.across) * tile + 1;
    context.drawImage(this.canvas, left, top, this.grid, this.grid, x, y, width, height);
  }
}

// A curve of values over the line, 0 in the middle of the box.
export function drawCurve(context, values, scale, {x, y, width, height}, inks) {
  const level = v => y + height * (0.5 - 0.46 * Math.max(-1, Math.min(1, v / scale)));
  context.strokeStyle = inks.axis;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, y + height / 2);
  context.lineTo(x + width, y + height / 2);
  context.stroke();
  context.strokeStyle = inks.ink;
  context.lineWidth = height > 60 ? 2 : 1.25;
  context.beginPath();
  values.forEach((v, k) => context.lineTo(x + (k + 0.5) / values.length * width, level(v)));
  context.stroke();
}

// How often a neuron gives which value on the training points: blue below 0, orange above.
export function drawHistogram(context, values, scale, {x, y, width, height}, inks) {
  const counts = new Array(BINS).fill(0);
  for (const v of values) counts[Math.max(0, Math.min(BINS - 1, Math.floor((v / scale + 1) / 2 * BINS)))] += 1;
  const most = Math.max(...counts), bar = width / BINS;
  counts.forEach((count, k) => {
    const h = count / most * (height - 2);
    context.fillStyle = inks.weight(k < BINS / 2 ? -1 : 1);
    context.fillRect(x + k * bar, y + height - h, Math.max(0.5, bar - 0.5), h);
  });
}
