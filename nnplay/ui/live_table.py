"""A small table redrawn in place: names with their colour, aligned numbers; too wide, it scrolls."""

import json
from collections.abc import Sequence
from typing import Any

from nnplay.ui.browser import component, install

# A text, or (text, whether it stands out).
Cell = str | tuple[str, bool]
# ((name, its colour), further cells)
Rows = Sequence[tuple[tuple[str, str], Sequence[Cell]]]

CSS = """
.nnplay-table { overflow-x: auto }
.nnplay-table table { border-collapse: collapse; color: var(--st-text-color); font-size: .9rem }
.nnplay-table th, .nnplay-table td {
  text-align: left; padding: .35rem 1.5rem .35rem 0; white-space: nowrap; font-variant-numeric: tabular-nums;
}
.nnplay-table th { font-weight: 400; font-size: .8rem; opacity: .7 }
.nnplay-table td { border-top: 1px solid var(--st-border-color) }
.nnplay-table td.marked { font-weight: 600 }
.nnplay-table.sorts td.marked {
  background: color-mix(in srgb, var(--st-primary-color) 12%, transparent);
  background-clip: content-box; font-weight: 400;
}
.nnplay-table th.sorts { cursor: pointer }
.nnplay-table th.sorts:hover, .nnplay-table th.sorts:focus-visible { opacity: 1 }
.nnplay-table th[aria-sort=ascending]::after { content: " \\2191" }
.nnplay-table th[aria-sort=descending]::after { content: " \\2193" }
.nnplay-table i {
  display: inline-block; width: .6rem; height: .6rem; border-radius: 50%; margin-right: .5rem;
}
"""

_table = component("live_table", css=CSS)


def live_table(head: Sequence[str], rows: Rows, *, key: str, sorts: bool = False) -> None:
    """Show the rows; a cell that ends with ★ stands out. `sorts`: a click on a heading sorts by it."""
    install()
    _table(data=_content(head, rows) | {"sorts": sorts}, key=key)


def table_place(name: str) -> None:
    """Where the table that a feed brings as its part `name` is shown."""
    install()
    _table(data={"place": name}, key=name)


def table_bytes(head: Sequence[str], rows: Rows) -> bytes:
    """A table for its place."""
    return json.dumps(_content(head, rows)).encode()


def _content(head: Sequence[str], rows: Rows) -> dict[str, Any]:
    lines = [
        [
            {"name": name, "color": color},
            *(cell if isinstance(cell, str) else _marked(cell) for cell in cells),
        ]
        for (name, color), cells in rows
    ]
    return {"head": list(head), "rows": lines}


def _marked(cell: tuple[str, bool]) -> str | dict[str, Any]:
    text, mark = cell
    return {"text": text, "mark": True} if mark else text
