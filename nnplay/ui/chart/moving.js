// What moves from tick to tick, drawn into the chart that Plotly has made: a map's colours, the line where the
// decision tips, curves.
//
// Plotly draws a whole figure anew at every change: some 30 ms for two curves, 75 ms for a map with 500 points
// on it, and a tick has three of them. These drawings take a few. They change nothing that Plotly knows: with
// its next own drawing they are gone.

import {valuesOf} from "./arrays.js";

const MINE = "nnplay-moving";

// Names of a trace's arrays that may be new at each tick.
function movingArrays(trace) {
  if (trace.type === "heatmap") return trace.zsmooth === "fast" ? ["z"] : [];
  if (trace.type === "contour") return trace.contours?.coloring === "none" ? ["z"] : [];
  return trace.type === "scatter" && (trace.mode === "lines" || trace.meta === "marks") ? ["x", "y"] : [];
}

// All else of a figure, as a text: while it stays the same, what moves can be drawn by itself.
export function stillPart({data, layout}) {
  const traces = data.map(trace => {
    const still = {...trace};
    for (const name of movingArrays(trace)) still[name] = trace[name]?.shape ?? "";
    return still;
  });
  return JSON.stringify([traces, layout]);
}

// Draws, or returns false where only Plotly can.
export function drawMoving(host, {data}) {
  const draws = [];
  for (let k = 0; k < data.length; k++) {
    const known = host._fullData?.[k];
    if (known?.visible !== true || !movingArrays(data[k]).length) continue;
    const plot = host._fullLayout._plots[known.xaxis + known.yaxis];
    const ready = plot && READY[known.type](host, k, data[k], plot);
    if (!ready) return false;
    draws.push(ready);
  }
  for (const draw of draws) draw();
  return draws.length > 0;
}

// Before Plotly draws: away with what it has not made.
export function forgetMoving(host) {
  for (const node of host.querySelectorAll("." + MINE)) {
    for (const other of node.parentNode.children) other.style.display = "";
    node.remove();
  }
}

const READY = {heatmap: readyMap, contour: readyLine, scatter: readyCurve};

function nodeOf(host, layer, k) {
  const nodes = [...host.querySelectorAll(layer)];
  return nodes.find(node => node.__data__?.[0]?.trace?.index === k);
}

// ---- a map: one pixel a cell, which the browser smooths

function readyMap(host, k, trace) {
  const image = nodeOf(host, ".heatmaplayer > .hm", k)?.querySelector("image");
  const [rows, columns] = trace.z.shape.split(",").map(Number);
  if (!image) return null;
  return () => {
    const canvas = document.createElement("canvas");
    canvas.width = columns;
    canvas.height = rows;
    const context = canvas.getContext("2d"), picture = context.createImageData(columns, rows);
    const pixels = new Uint32Array(picture.data.buffer), color = colorsOf(trace.colorscale);
    const z = valuesOf(trace.z), {zmin, zmax} = trace;
    for (let row = 0; row < rows; row++) {
      // Rows of a picture go down, those of a map up.
      const to = (rows - 1 - row) * columns;
      for (let column = 0; column < columns; column++) {
        pixels[to + column] = color((z[row * columns + column] - zmin) / (zmax - zmin));
      }
    }
    context.putImageData(picture, 0, 0);
    // As Plotly writes it: were there two, the browser would take the other one.
    image.setAttributeNS("http://www.w3.org/1999/xlink", "xlink:href", canvas.toDataURL());
  };
}

// From 0..1 to a pixel of a canvas (ABGR); what is no number is transparent.
function colorsOf(scale) {
  const stops = scale.map(([at]) => at);
  const colors = scale.map(([, text]) => [1, 3, 5].map(start => parseInt(text.slice(start, start + 2), 16)));
  const last = stops.length - 1;
  return share => {
    if (!(share === share)) return 0;
    let k = 1;
    while (k < last && share > stops[k]) k += 1;
    const part = Math.max(0, Math.min(1, (share - stops[k - 1]) / (stops[k] - stops[k - 1] || 1)));
    const mixed = channel => Math.round(colors[k - 1][channel] + part * (colors[k][channel] - colors[k - 1][channel]));
    return (255 << 24) | (mixed(2) << 16) | (mixed(1) << 8) | mixed(0);
  };
}

// ---- a line of one level over a grid: marching squares

function readyLine(host, k, trace, {xaxis, yaxis}) {
  const lines = nodeOf(host, ".contourlayer > .contour", k)?.querySelector(".contourlines");
  if (!lines) return null;
  return () => {
    const [x, y, z] = [trace.x, trace.y, trace.z].map(valuesOf);
    let path = lines.querySelector("." + MINE);
    if (!path) {
      path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", MINE);
      lines.append(path);
    }
    for (const other of lines.children) if (other !== path) other.style.display = "none";
    path.style.cssText = `fill:none;stroke:${trace.line.color};stroke-width:${trace.line.width}px`;
    const across = Array.from(x, v => xaxis.d2p(v)), up = Array.from(y, v => yaxis.d2p(v));
    path.setAttribute("d", levelPath(across, up, z, trace.contours.start));
  };
}

// The pieces of the line where z (rows by y, columns by x) crosses a level, as the path of an SVG.
export function levelPath(x, y, z, level) {
  const columns = x.length, pieces = [];
  for (let row = 0; row + 1 < y.length; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      const [a, b, c, d] = [z[at], z[at + 1], z[at + columns + 1], z[at + columns]].map(v => v - level);
      const kind = (a > 0) | ((b > 0) << 1) | ((c > 0) << 2) | ((d > 0) << 3);
      if (kind === 0 || kind === 15 || !(a + b + c + d === a + b + c + d)) continue;
      const between = (p, q, one, other) => p + (q - p) * one / (one - other);
      const sides = [
        [between(x[column], x[column + 1], a, b), y[row]],
        [x[column + 1], between(y[row], y[row + 1], b, c)],
        [between(x[column + 1], x[column], c, d), y[row + 1]],
        [x[column], between(y[row + 1], y[row], d, a)],
      ];
      for (const [from, to] of crossings(kind, a + b + c + d > 0)) {
        pieces.push(`M${sides[from].map(v => v.toFixed(1))}L${sides[to].map(v => v.toFixed(1))}`);
      }
    }
  }
  return pieces.join("");
}

// The pairs of a cell's sides (0 low, 1 right, 2 high, 3 left) that a line joins; bits: which corners are above.
function crossings(kind, middleAbove) {
  if (kind === 5 || kind === 10) {
    // A saddle: the middle says which corners belong together.
    return (kind === 5) === middleAbove ? [[0, 1], [2, 3]] : [[0, 3], [1, 2]];
  }
  const corners = [1, 2, 4, 8].map(bit => Boolean(kind & bit));
  const crossed = [0, 1, 2, 3].filter(side => corners[side] !== corners[(side + 1) % 4]);
  return [crossed];
}

// ---- a curve within the axes as they are

function readyCurve(host, k, trace, {xaxis, yaxis}) {
  if (trace.meta === "marks") return readyMarks(host, k, trace, xaxis, yaxis);
  const paths = nodeOf(host, ".scatterlayer > .trace", k)?.querySelectorAll(".js-line");
  if (paths?.length !== 1) return null;
  const x = valuesOf(trace.x), y = valuesOf(trace.y);
  if (!x.length || !within(xaxis, x) || !within(yaxis, y)) return null;
  return () => {
    const places = Array.from(x, (v, p) => `${xaxis.d2p(v).toFixed(1)},${yaxis.d2p(y[p]).toFixed(1)}`);
    paths[0].setAttribute("d", "M" + places.join("L"));
  };
}

// Whether all values are numbers that this axis shows, or somebody has zoomed: then they may be beyond it.
function within(axis, values) {
  const [low, high] = axis.range;
  for (const value of values) {
    const place = axis.d2l(value);
    if (!Number.isFinite(place) || (axis.autorange && (place < low || place > high))) return false;
  }
  return true;
}

// ---- crosses on points, others at each tick

const HALF_CROSS = 3.2;

function readyMarks(host, k, trace, xaxis, yaxis) {
  const points = nodeOf(host, ".scatterlayer > .trace", k)?.querySelector(".points");
  if (!points) return null;
  const x = valuesOf(trace.x), y = valuesOf(trace.y);
  return () => {
    let path = points.querySelector("." + MINE);
    if (!path) {
      path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("class", MINE);
      points.append(path);
    }
    for (const other of points.children) if (other !== path) other.style.display = "none";
    const {color, width} = trace.marker.line;
    path.style.cssText = `fill:none;stroke:${color};stroke-width:${width}px`;
    path.setAttribute("d", crosses(xaxis, yaxis, x, y));
  };
}

function crosses(xaxis, yaxis, x, y) {
  const arm = 2 * HALF_CROSS, pieces = [];
  for (let p = 0; p < x.length; p++) {
    const left = xaxis.d2p(x[p]) - HALF_CROSS, top = yaxis.d2p(y[p]) - HALF_CROSS;
    if (Number.isFinite(left) && Number.isFinite(top)) {
      pieces.push(`M${left.toFixed(1)},${top.toFixed(1)}l${arm},${arm}m0,${-arm}l${-arm},${arm}`);
    }
  }
  return pieces.join("");
}
