// A small table redrawn in place: the first cell of a row is a name with its colour; too wide or high, it scrolls.
//
// A cell is a text, or {text, mark} for one that stands out. With `sorts` a click on a heading sorts by it.

const orders = new WeakMap();  // table: {column, down}

export function showTable(parent, {head, rows, sorts = false}) {
  let host = parent.querySelector(".nnplay-table");
  if (!host) {
    host = document.createElement("div");
    host.className = sorts ? "nnplay-table sorts" : "nnplay-table";
    parent.append(host);
  }
  const table = host.querySelector("table") ?? host.appendChild(document.createElement("table"));
  const by = sorts ? orders.get(table) : null;
  const shown = by && by.column < head.length ? inOrder(rows, by) : rows;
  [head, ...shown].forEach((cells, number) => {
    const row = table.rows[number] ?? table.insertRow();
    fill(row, cells, number ? "td" : "th");
  });
  while (table.rows.length > rows.length + 1) table.deleteRow(-1);
  if (sorts) {
    [...table.rows[0].cells].forEach((cell, column) => {
      sortable(cell, by?.column === column ? by.down : null, () => {
        orders.set(table, {column, down: by?.column === column && !by.down});
        showTable(parent, {head, rows, sorts});
      });
    });
  }
}

// Only what is new is written: a selection of text, and the place scrolled to, stay.
function fill(row, cells, kind) {
  while (row.cells.length > cells.length) row.lastChild.remove();
  cells.forEach((given, place) => {
    let cell = row.cells[place];
    if (cell?.localName !== kind) {
      const made = document.createElement(kind);
      cell ? cell.replaceWith(made) : row.append(made);
      cell = made;
    }
    const named = kind === "td" && place === 0, text = textOf(given);
    if (cell.textContent !== text) cell.textContent = text;
    if (kind === "td") cell.className = given.mark || text.endsWith("★") ? "marked" : "";
    if (named) {
      const dot = cell.querySelector("i") ?? document.createElement("i");
      if (dot.parentNode !== cell) cell.prepend(dot);
      dot.style.background = given.color;
    }
  });
}

function textOf(given) {
  return typeof given === "string" ? given : given.name ?? given.text;
}

// A heading that sorts: by mouse and by keyboard, and says how it is sorted.
function sortable(cell, down, sort) {
  cell.className = "sorts";
  cell.tabIndex = 0;
  cell.setAttribute("aria-sort", down === null ? "none" : down ? "descending" : "ascending");
  cell.onclick = sort;
  cell.onkeydown = event => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      sort();
    }
  };
}

// Numbers by size, before what is no number; the rest by the alphabet.
function inOrder(rows, {column, down}) {
  const sign = down ? -1 : 1;
  return [...rows].sort((one, other) => {
    const [a, b] = [one, other].map(row => textOf(row[column])), [x, y] = [a, b].map(numberIn);
    if (isNaN(x) || isNaN(y)) {
      return isNaN(x) && isNaN(y) ? sign * a.localeCompare(b, "en", {numeric: true}) : isNaN(x) - isNaN(y);
    }
    return sign * (x - y);
  });
}

function numberIn(text) {
  return parseFloat(text.replaceAll(",", "").replace("−", "-"));
}
