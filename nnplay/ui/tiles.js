// Many small pictures of numbers in groups, painted pixel by pixel in place; pointing at one reads a number.

import {table} from "./network/colors.js";

const LEVELS = 65534, NO_LEVEL = 65535, LOWEST_ROW = 2, HIGHEST_ROW = 16, MOST_HIGH = 260;
// What has room along a side of so many pixels: "step 1 → 20".
const AXIS_PX = 90, axisWords = (name, count) => `${name} 1 → ${count}`;
const tileBoards = new WeakMap();

export function showTiles(parent, bytes) {
  const end = bytes.indexOf(10) + 1, head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  const values = new Uint16Array(bytes.slice(end).buffer), host = parent.querySelector(".nnplay-tiles");
  if (!host) return;
  const shape = JSON.stringify(head.groups.map(({title, edge, axes, tiles, bars}) => [title, edge, axes, tiles, bars.map(([name]) => name)]));
  let board = tileBoards.get(parent);
  // The same groups of the same tiles: only colours are new.
  if (board?.shape !== shape) tileBoards.set(parent, board = makeBoard(host, head, shape));
  const tables = Object.fromEntries(Object.entries(head.scales).map(([name, scale]) => [name, table(scale)]));
  let start = 0;
  head.groups.forEach((group, g) => {
    const made = board.groups[g];
    writeTile(made.note, group.note);
    made.tiles.forEach((tile, k) => {
      const [, rows, columns] = group.tiles[k];
      Object.assign(tile, {values: values.subarray(start, start += rows * columns), group});
      paintTile(tile, tables[group.scale]);
    });
    made.bars.forEach((bar, k) => showBar(bar, group.bars[k][1], k === group.marked));
  });
  host.dataset.epoch = head.epoch;
  board.epoch = head.epoch;
  readTile(board);
}

const tileNode = (kind, name, ...inside) => {
  const node = document.createElement(kind);
  if (name) node.className = name;
  node.append(...inside);
  return node;
};

const writeTile = (node, text) => { if (node.textContent !== text) node.textContent = text; };

function makeBoard(host, {groups}, shape) {
  const board = {shape, groups: [], at: null, words: tileNode("output")};
  host.replaceChildren(...groups.map(group => {
    const note = tileNode("small"), tiles = [], bars = [];
    const row = tileNode("div", !group.edge ? "tiles wide" : group.apart ? "tiles apart" : "tiles");
    group.tiles.forEach(([name, rows, columns, rowName, columnName], k) => {
      const canvas = tileNode("canvas"), figure = tileNode("figure", group.axes ? "axes" : "");
      Object.assign(canvas, {width: columns, height: rows});
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${group.title}, ${name || rowName}`);
      const longer = Math.max(rows, columns);
      if (group.edge) {
        canvas.style.width = `${group.edge * columns / longer}px`;
        canvas.style.height = `${group.edge * rows / longer}px`;
      } else {
        const high = Math.max(LOWEST_ROW * rows, Math.min(HIGHEST_ROW * rows, MOST_HIGH));
        canvas.style.height = `${Math.max(12, high)}px`;
      }
      const high = parseFloat(canvas.style.height) > AXIS_PX;
      if (group.axes) figure.append(tileNode("i", "down", rows < 2 ? "" : high ? axisWords(rowName, rows) : `${rowName} →`));
      figure.append(canvas);
      if (group.axes) figure.append(tileNode("i", "across", axisWords(columnName, columns), name ? tileNode("figcaption", "", name) : ""));
      else if (name) figure.append(tileNode("figcaption", "", name));
      const tile = {canvas, name, rows, columns, rowName, columnName};
      canvas.addEventListener("pointermove", event => { board.at = {tile, ...tileUnder(tile, event)}; readTile(board); });
      canvas.addEventListener("pointerleave", () => { board.at = null; readTile(board); });
      tiles.push(tile);
      row.append(figure);
    });
    if (group.bars.length) {
      const list = tileNode("dl", "bars");
      for (const [name] of group.bars) {
        const fill = tileNode("b"), share = tileNode("span"), label = tileNode("dt", "", name);
        list.append(label, tileNode("dd", "", tileNode("i", "", fill), share));
        bars.push({fill, share, label});
      }
      row.append(list);
    }
    board.groups.push({note, tiles, bars});
    return tileNode("section", "", tileNode("p", "", tileNode("strong", "", group.title), " ", note), row);
  }), board.words);
  return board;
}

function paintTile({canvas, values, rows, columns}, colors) {
  const pen = canvas.getContext("2d"), image = pen.createImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer), factor = (colors.length - 1) / LEVELS;
  for (let p = 0; p < pixels.length; p++) pixels[p] = values[p] === NO_LEVEL ? 0 : colors[Math.round(values[p] * factor)];
  pen.putImageData(image, 0, 0);
}

function showBar({fill, share, label}, value, marked) {
  fill.style.width = `${100 * Math.max(0, Math.min(1, value))}%`;
  writeTile(share, `${(100 * value).toFixed(1)} %`);
  label.classList.toggle("marked", marked);
  fill.classList.toggle("marked", marked);
}

function tileUnder({canvas, rows, columns}, event) {
  const box = canvas.getBoundingClientRect(), place = (share, count) => Math.max(0, Math.min(count - 1, Math.floor(share * count)));
  return {row: place((event.clientY - box.top) / box.height, rows), column: place((event.clientX - box.left) / box.width, columns)};
}

// What the pointer is on, as numbers; without it, when all this was measured.
function readTile(board) {
  const {at} = board;
  if (!at) { writeTile(board.words, `Measured after ${board.epoch}. Point at a picture to read its numbers.`); return; }
  const {tile: {values, columns, rows, name, rowName, columnName, group: {title, low, high}}, row, column} = at;
  const step = values[row * columns + column];
  const value = step === NO_LEVEL ? "nothing here" : (low + (high - low) * step / LEVELS).toPrecision(3).replace("-", "−");
  const where = [title, name, rows > 1 ? `${rowName} ${row + 1}` : "", columns > 1 ? `${columnName} ${column + 1}` : ""];
  writeTile(board.words, `${where.filter(Boolean).join(", ")}: ${value}`);
}
