// Where everything stands: columns of neurons from the inputs to the output, in pixels.
//
// A layer that is too high for one column of neurons becomes a block of smaller tiles. A network that is
// too wide for its place scrolls; the large picture of the output stays. A plan (there are no weights to be
// drawn) is a list on a narrow screen: a row a layer.

export const HEADER = 58;
const FOOTER = 46;
const SMALLEST = 22, ROOM = 8, MARGIN = 14, NARROW = 520, PLAN = 170;
// The largest side of a neuron and the narrowest gap: the first of these that need no scrolling, or the last.
const SIZES = [[47, 58], [40, 46], [34, 38], [28, 34], [22, 28], [18, 20]];
// Of a list: the height of a row, a layer's mark, the first one's place, and the most rows.
const ROW = 54, MARK = 30, FIRST = 6, MOST_ROWS = 24;

// Of one layer: `tile`, the side of a neuron with its room, and the block's columns and rows.
function block(units, height, largest, plan) {
  const room = plan ? 4 : ROOM;
  if (units * ((plan ? 10 : SMALLEST) + room) <= height) {
    return {tile: Math.min(largest + room, height / units), columns: 1, rows: units, room};
  }
  const wide = units > 256 ? 190 : 104;
  const tile = Math.max(6, Math.min(26, Math.floor(Math.sqrt(height * wide / units))));
  const rows = Math.min(units, Math.floor(height / tile));
  return {tile, columns: Math.ceil(units / rows), rows, room: tile > 12 ? 2 : 1};
}

// `nodes[c][u]` is the neuron u of column c, {x, y, size}; column 0 are the inputs, the last is the output.
// `large` is where the output is drawn large, {x, y, width, height}, or null; `single` says that it is the only neuron
// of the last column. `view` is the width that scrolls, `width` that of all that is in it.
// Without weights to be drawn it is a plan, and lower.
export function arrange({layers, plane, given, cannot}, hostWidth) {
  const narrow = hostWidth < NARROW, plan = Boolean(cannot);
  if (narrow && plan && layers.length < MOST_ROWS) return list(layers, plane, hostWidth);
  const body = plan ? PLAN : narrow ? 300 : 440;
  const outputs = layers[layers.length - 1].units;
  const shown = layers.map(({units, box}) => box ? 1 : units);
  const single = plane > 0 && outputs === 1;
  const side = narrow ? Math.min(260, hostWidth - 2 * MARGIN) : Math.min(230, hostWidth * 0.29);
  const view = plane && !narrow ? hostWidth - side - MARGIN : hostWidth;
  const counts = [given.length ? 1 : layers[0].inputs, ...shown];
  // On a narrow screen it has its place in the last column as well, and no link goes down to the large output.
  if (single && !narrow) counts.pop();
  // Before the large output there is as much room as between two columns.
  const gaps = counts.length - (plane && !narrow ? 0 : 1);
  // Names of inputs and classes stand beside their neurons, not beside a block of them.
  const beside = count => count * (SMALLEST + ROOM) <= body;
  const names = {
    left: given.length || !beside(counts[0]) ? 12 : plane ? 36 : 96,
    right: plane || !beside(outputs) ? 0 : 70,
  };
  let blocks, widths, free, least;
  for (const [largest, narrowest] of SIZES) {
    blocks = counts.map(units => block(units, body, largest, plan));
    widths = blocks.map(({tile, columns, room}) => tile * columns - room);
    free = view - widths.reduce((sum, width) => sum + width, 0) - 2 * MARGIN - names.left - names.right;
    least = narrowest;
    if (free >= gaps * least) break;
  }
  const gap = Math.max(least, Math.min(150, free / Math.max(1, gaps)));
  let x = MARGIN + names.left + Math.max(0, (free - gap * gaps) / 2);
  const nodes = blocks.map(({tile, columns, rows, room}, c) => {
    const top = HEADER + (body - tile * rows + room) / 2, left = x;
    x += widths[c] + gap;
    return Array.from({length: counts[c]}, (_, unit) => ({
      x: left + tile * Math.floor(unit / rows),
      y: top + tile * (unit % rows),
      size: tile - room,
    }));
  });
  const width = Math.max(view, Math.floor(x - (plane && !narrow ? 0 : gap) + MARGIN + names.right));
  // A plan says how many weights each layer has.
  const foot = FOOTER + (plan ? 20 : 0), network = HEADER + body + foot;
  const height = plane === 2 ? side : side * 0.7;
  const large = !plane ? null : narrow ? below(network, side, height, hostWidth)
    : {x: hostWidth - side - MARGIN, y: HEADER + (body - height) / 2, width: side, height};
  return {
    nodes, large, single, view, width, gap, narrow,
    widths, blocks, host: hostWidth, network, foot,
    height: narrow && large ? large.y + large.height + 34 : network,
  };
}

const below = (top, side, height, hostWidth) => ({x: (hostWidth - side) / 2, y: top + 20, width: side, height});

// A plan as a list: inputs, layers and output below one another, each a mark with its words beside it.
function list(layers, plane, hostWidth) {
  const nodes = [null, ...layers].map((_, row) => [{x: MARGIN, y: FIRST + ROW * row, size: MARK}]);
  const network = FIRST + ROW * nodes.length, side = Math.min(260, hostWidth - 2 * MARGIN);
  const large = plane ? below(network, side, plane === 2 ? side : side * 0.7, hostWidth) : null;
  return {
    nodes, large, network, list: true, single: false, narrow: true, view: hostWidth, width: hostWidth, host: hostWidth,
    gap: ROW - MARK, widths: nodes.map(() => MARK), blocks: nodes.map(() => ({columns: 1})),
    height: large ? large.y + large.height + 34 : network,
  };
}

// The column of neurons that belongs to layer `k` (-1: the inputs); null where the large output is the neuron.
export function placeOf(layout, k, unit) {
  const column = layout.nodes[k + 1];
  if (column) return column[unit];
  const {x, y, height} = layout.large;
  // A link ends in the middle of its left edge.
  return {x, y: y + height / 2 - 8, size: 16, large: true};
}

// A link as a curve: start, two control points, end. `strand` 1 is the gate of a gated unit, a little lower.
export function curve(layout, k, from, to, strand, scroll) {
  const a = placeOf(layout, k - 1, from), b = placeOf(layout, k, to);
  const end = b.large ? 0 : scroll;
  const x0 = a.x + a.size - scroll, y0 = a.y + a.size / 2, x1 = b.x - end, y1 = b.y + b.size * (strand ? 0.8 : 0.5);
  const bend = 0.45 * (x1 - x0);
  return [x0, y0, x0 + bend, y0, x1 - bend, y1, x1, y1];
}
