"""Many small pictures of numbers in groups: feature maps, filters, states over time, attention.

They are not Plotly's: a layer of 32 maps would be 32 charts. The page paints each pixel by pixel and lets
them wrap, so that they fit any width; pointing at one reads the number.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay.figures.palette import Palette, palette, points_scale

# Steps between the ends of a scale, and the one that means that there is nothing.
STEPS, NOTHING = 65_534, 65_535


@dataclass(frozen=True, eq=False)
class Tile:
    """A picture of `values` (rows, columns), NaN where there is nothing. `row`, `column`: what those are."""

    name: str
    values: np.ndarray
    row: str = "row"
    column: str = "column"


@dataclass(frozen=True, eq=False)
class Group:
    """Tiles on one scale, with a title and a quiet note beside it.

    `scale`: "signed", blue to orange, as far to the one side as to the other; "positive", from nothing to the
    largest; "ink", of pictures, paper to ink. `limits`: ends of the scale, unless it follows the values.
    `edge`: pixels of a tile's longer side; 0: as wide as there is room. `axes`: whether rows and columns are
    named beside the tiles. `apart`: each tile is several pictures, and needs room around it. `bars`: names
    and shares from 0 to 1, as bars behind the tiles, and the place of the one that is marked, -1 for none.
    """

    title: str
    tiles: Sequence[Tile]
    note: str = ""
    scale: str = "signed"
    limits: tuple[float, float] | None = None
    edge: int = 60
    axes: bool = False
    apart: bool = False
    bars: Sequence[tuple[str, float]] = field(default=())
    marked: int = -1


def tile_bytes(groups: Sequence[Group], *, epoch: str, dark: bool = False) -> bytes:
    """A line of JSON padded to an even length, and the pixels as uint16: 0 to STEPS along the scale, NOTHING.

    `epoch`: after which they were measured, in words.
    """
    described, pixels = [], []
    for group in groups:
        low, high = limits_of(group)
        described.append(
            {
                "title": group.title,
                "note": group.note,
                "scale": group.scale,
                "low": low,
                "high": high,
                "edge": group.edge,
                "axes": group.axes,
                "apart": group.apart,
                "tiles": [[tile.name, *tile.values.shape, tile.row, tile.column] for tile in group.tiles],
                "bars": [
                    [name, round(float(value), 4) if np.isfinite(value) else 0.0]
                    for name, value in group.bars
                ],
                "marked": group.marked,
            }
        )
        pixels += [_steps(tile.values, low, high) for tile in group.tiles]
    head: dict[str, Any] = {"epoch": epoch, "scales": _scales(palette(dark)), "groups": described}
    text = json.dumps(head, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    line = text + b" " * (-(len(text) + 1) % 2) + b"\n"
    return b"".join([line, *(part.tobytes() for part in pixels)])


def limits_of(group: Group) -> tuple[float, float]:
    """The ends of a group's scale."""
    if group.limits:
        return group.limits
    values = [tile.values[np.isfinite(tile.values)] for tile in group.tiles]
    largest = max((float(np.abs(some).max()) for some in values if some.size), default=0.0) or 1.0
    return (-largest, largest) if group.scale == "signed" else (0.0, largest)


def _steps(values: np.ndarray, low: float, high: float) -> np.ndarray:
    known = np.isfinite(values)
    share = (np.where(known, values, low).astype(float) - low) / (high - low)
    return np.where(known, np.round(STEPS * share.clip(0, 1)), NOTHING).astype("<u2")


def _scales(colors: Palette) -> dict[str, Any]:
    return {
        "signed": points_scale(colors),
        "positive": colors.sequential,
        "ink": [(0.0, colors.grid), (1.0, colors.ink)],
    }
