// Colours: a scale from blue over the neutral colour to orange for everything signed, one for the classes.

const STEPS = 256;

export function rgb(hex) {
  return [1, 3, 5].map(start => parseInt(hex.slice(start, start + 2), 16));
}

const hex = color => "#" + color.map(v => v.toString(16).padStart(2, "0")).join("");

const mixed = (from, to, share) => from.map((v, k) => Math.round(v + (to[k] - v) * share));

// A colour scale, [[place, "#rrggbb"], ...] over 0..1, as STEPS colours of four bytes.
export function table(scale) {
  const colors = new Uint32Array(STEPS), bytes = new Uint8ClampedArray(colors.buffer);
  for (let k = 0; k < STEPS; k++) {
    const at = k / (STEPS - 1), next = Math.max(1, scale.findIndex(([place]) => place >= at));
    const [[low, from], [high, to]] = [scale[next - 1], scale[next]];
    bytes.set([...mixed(rgb(from), rgb(to), (at - low) / (high - low)), 255], 4 * k);
  }
  return colors;
}

// All that is drawn with, from the palette of the page's figures.
export function inks(palette) {
  const ramps = palette.classes.map(color => table([
    [0, palette.neutral],
    // As strong as the classes of the decision boundary.
    [1, hex(mixed(rgb(palette.neutral), rgb(color), 0.65))],
  ]));
  const [blue, orange] = palette.classes, ends = [blue, palette.neutral, orange].map(rgb);
  const points = Array.from({length: STEPS}, (_, k) => {
    const at = 2 * k / (STEPS - 1);
    return hex(at < 1 ? mixed(ends[0], ends[1], at) : mixed(ends[1], ends[2], at - 1));
  });
  return {
    ...palette,
    signed: table(palette.diverging),
    ramps,
    weight: value => value < 0 ? blue : orange,
    // Of a data point, `share` of the way from blue to orange, in full strength.
    point: share => points[Math.max(0, Math.min(STEPS - 1, Math.round(share * (STEPS - 1))))],
  };
}

// Paint values (one a pixel) into `pixels` (Uint32Array): `low` is blue, `high` orange; not a number is neutral.
export function paintSigned(pixels, values, low, high, {signed}) {
  const factor = (STEPS - 1) / (high - low);
  for (let p = 0; p < pixels.length; p++) {
    const step = (values[p] - low) * factor;
    pixels[p] = signed[step >= STEPS - 1 ? STEPS - 1 : step > 0 ? step | 0 : step <= 0 ? 0 : STEPS / 2];
  }
}

// The colour of the most probable class, the paler the less sure. `outputs`: one array a class.
export function paintClasses(pixels, outputs, {ramps}) {
  const chance = 1 / outputs.length;
  for (let p = 0; p < pixels.length; p++) {
    let best = 0;
    for (let k = 1; k < outputs.length; k++) if (outputs[k][p] > outputs[best][p]) best = k;
    const sure = (outputs[best][p] - chance) / (1 - chance);
    const step = Math.max(0, Math.min(STEPS - 1, Math.round(sure * (STEPS - 1)))) || 0;
    pixels[p] = ramps[best % ramps.length][step];
  }
}
