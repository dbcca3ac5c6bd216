// A small table redrawn in place: the first cell of a row is a name with its colour; too wide or high, it scrolls.

export function showTable(parent, {head, rows}) {
  let host = parent.querySelector(".nnplay-table");
  if (!host) {
    host = document.createElement("div");
    host.className = "nnplay-table";
    parent.append(host);
  }
  const table = host.querySelector("table") ?? host.appendChild(document.createElement("table"));
  [head, ...rows].forEach((cells, number) => {
    const row = table.rows[number] ?? table.insertRow();
    fill(row, cells, number ? "td" : "th");
  });
  while (table.rows.length > rows.length + 1) table.deleteRow(-1);
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
    const named = kind === "td" && place === 0, text = named ? given.name : given;
    if (cell.textContent !== text) cell.textContent = text;
    cell.className = kind === "td" && text.endsWith("★") ? "marked" : "";
    if (named) {
      const dot = cell.querySelector("i") ?? document.createElement("i");
      if (dot.parentNode !== cell) cell.prepend(dot);
      dot.style.background = given.color;
    }
  });
}
