"""A small table redrawn in place: names with their colour, aligned numbers; too wide, it scrolls."""

from collections.abc import Sequence

import streamlit as st

CSS = """
.nnplay-table { overflow-x: auto }
.nnplay-table table { border-collapse: collapse; color: var(--st-text-color); font-size: .9rem }
.nnplay-table th, .nnplay-table td {
  text-align: left; padding: .35rem 1.5rem .35rem 0; white-space: nowrap; font-variant-numeric: tabular-nums;
}
.nnplay-table th { font-weight: 400; font-size: .8rem; opacity: .7 }
.nnplay-table td { border-top: 1px solid var(--st-border-color) }
.nnplay-table td.marked { font-weight: 600 }
.nnplay-table i {
  display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; margin-right: .5rem;
}
"""

JS = """
export default function ({data, parentElement}) {
  let host = parentElement.querySelector(".nnplay-table");
  if (!host) {
    host = document.createElement("div");
    host.className = "nnplay-table";
    parentElement.append(host);
  }
  const table = document.createElement("table");
  const line = (kind, cells) => {
    const row = table.insertRow();
    cells.forEach((text, place) => {
      const cell = document.createElement(kind);
      if (kind === "td" && place === 0) {
        const dot = document.createElement("i");
        dot.style.background = text.color;
        cell.append(dot);
        text = text.name;
      }
      if (kind === "td" && text.endsWith("★")) cell.className = "marked";
      cell.append(text);
      row.append(cell);
    });
  };
  line("th", data.head);
  data.rows.forEach(cells => line("td", cells));
  const left = host.scrollLeft;
  host.replaceChildren(table);
  host.scrollLeft = left;
}
"""

_table = st.components.v2.component("nnplay_live_table", css=CSS, js=JS)


def live_table(
    head: Sequence[str], rows: Sequence[tuple[tuple[str, str], Sequence[str]]], *, key: str
) -> None:
    """Show rows of ((name, its colour), further cells); a cell that ends with ★ stands out."""
    lines = [[{"name": name, "color": color}, *cells] for (name, color), cells in rows]
    _table(data={"head": list(head), "rows": lines}, key=key)
