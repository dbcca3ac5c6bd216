"""Small pictures of a result, as SVG texts: a map with points, a confusion matrix, lines over the run.

For cards, where a chart that can be zoomed would only be in the way.
"""

import base64
import struct
import zlib
from collections.abc import Mapping, Sequence
from math import isfinite, log10

import numpy as np

from nnplay.figures.palette import ColorScale, Palette, in_order, palette
from nnplay.figures.spec import plain

WIDTH, HEIGHT = 240, 150
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 8, 18


def sketch_map(table: np.ndarray, points: Sequence[Sequence[float]], *, dark: bool, label: str) -> str:
    """A map (side, side) from 0 to 1, row 0 at the bottom, with points (x, y, class)."""
    colors = palette(dark)
    side = HEIGHT - 8
    x0 = (WIDTH - side) / 2
    dots = "".join(
        f'<circle cx="{x0 + x * side:.1f}" cy="{4 + (1 - y) * side:.1f}" r="2.2" '
        f'fill="{colors.classes[int(c)]}" stroke="{colors.ground}" stroke-width="0.6"/>'
        for x, y, c in points
    )
    return _svg(_image(table[::-1], colors.diverging, x0, 4, side, smooth=True) + dots, label)


def sketch_matrix(table: np.ndarray, *, dark: bool, label: str) -> str:
    """A confusion matrix (classes, classes), each row's shares from 0 to 1, row 0 on top."""
    colors = palette(dark)
    side = HEIGHT - 30
    x0 = (WIDTH - side) / 2 + 6
    picture = _image(table, colors.sequential, x0, 6, side, smooth=False)
    frame = f'<rect x="{x0}" y="6" width="{side}" height="{side}" fill="none" stroke="{colors.axis}"/>'
    words = _text(x0 + side / 2, HEIGHT - 7, "predicted", colors)
    words += _upright(x0 - 8, 6 + side / 2, "actual", colors)
    return _svg(picture + frame + words, label)


def sketch_lines(
    lines: Mapping[str, Sequence[float | None]],
    epochs: int,
    *,
    measure: str,
    log: bool,
    dark: bool,
    label: str,
) -> str:
    """Lines over the epochs 1 to `epochs`: of two the first in grey, the second in ink; more are in an order.

    `measure`: what they show. `log`: by their logarithm; what is not positive is left out then.
    """
    colors = palette(dark)
    curves = {name: _values(values, log) for name, values in lines.items()}
    known = np.concatenate([values[np.isfinite(values)] for values in curves.values()] or [np.zeros(0)])
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if not log and low >= 0 and high <= 1:
        low, high = min(low, 0.5) if low > 0.4 else 0.0, 1.0 if high > 0.6 else high
    high = high if high > low else low + 1
    wide, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    # As on the page: training in grey, test in ink.
    strokes = [colors.muted, colors.ink] if len(curves) <= 2 else in_order(len(curves), colors)
    drawn = ""
    for (_, values), stroke in zip(curves.items(), strokes, strict=False):
        for piece in _pieces(values):
            places = [
                (LEFT + wide * k / max(1, len(values) - 1), TOP + tall * (high - v) / (high - low))
                for k, v in piece
            ]
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            drawn += f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="1.8"/>'
    axes = f'<path d="M{LEFT} {TOP}V{TOP + tall}H{WIDTH - RIGHT}" fill="none" stroke="{colors.axis}"/>'
    words = _text(LEFT + wide / 2, HEIGHT - 4, f"epoch 1 to {epochs:,}", colors)
    words += _upright(11, TOP + tall / 2, measure, colors)
    if len(curves) == 2:
        named = "".join(
            f'<tspan fill="{stroke}" dx="4">{plain(name)}</tspan>'
            for name, stroke in zip(("train", "test"), strokes, strict=True)
        )
        words += f'<text x="{WIDTH - 4}" y="{HEIGHT - 4}" text-anchor="end" font-size="11">{named}</text>'
    words += _text(LEFT - 4, TOP + 9, _tick(high, log), colors, "end")
    words += _text(LEFT - 4, TOP + tall, _tick(low, log), colors, "end")
    return _svg(axes + drawn + words, label)


def _values(values: Sequence[float | None], log: bool) -> np.ndarray:
    found = np.array([np.nan if value is None else value for value in values], float)
    if log:
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log10(found)
    return np.where(np.isfinite(found), found, np.nan)


def _pieces(values: np.ndarray) -> list[list[tuple[int, float]]]:
    """The stretches of a line between values that are missing."""
    pieces: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values.tolist()):
        if isfinite(value):
            pieces[-1].append((place, value))
        elif pieces[-1]:
            pieces.append([])
    # A single value is a short stroke.
    return [
        piece if len(piece) > 1 else [piece[0], (piece[0][0] + 1, piece[0][1])] for piece in pieces if piece
    ]


def _tick(value: float, log: bool) -> str:
    value = 10**value if log else value
    size = abs(log10(abs(value))) if value else 0
    if size < 3:
        return f"{value:.2g}"
    mantissa, power = f"{value:.0e}".split("e")
    return f"{mantissa}e{int(power)}"


def _text(x: float, y: float, text: str, colors: Palette, anchor: str = "middle") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} font-size="11" fill="{colors.muted}">{text}</text>'


def _upright(x: float, y: float, text: str, colors: Palette) -> str:
    """Read from below, its middle here."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="middle" transform="rotate(-90 {x:.1f} {y:.1f})"'
    return f'<text {place} font-size="11" fill="{colors.muted}">{plain(text)}</text>'


def _svg(inside: str, label: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" font-family="sans-serif"><title>{plain(label)}</title>{inside}</svg>'
    )


def _image(table: np.ndarray, scale: ColorScale, x: float, y: float, side: float, *, smooth: bool) -> str:
    """The table as a picture, by a scale of colours."""
    encoded = base64.b64encode(png(table, scale)).decode()
    style = "" if smooth else ' style="image-rendering:pixelated"'
    return (
        f'<image x="{x}" y="{y}" width="{side}" height="{side}"{style} preserveAspectRatio="none" '
        f'href="data:image/png;base64,{encoded}"/>'
    )


def png(table: np.ndarray, scale: ColorScale) -> bytes:
    """A table (rows, columns) from 0 to 1 as a PNG of 256 colours of the scale."""
    places = [place for place, _ in scale]
    parts = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for _, color in scale])
    shares = np.linspace(0, 1, 256)
    colors = np.stack([np.interp(shares, places, parts[:, k]) for k in range(3)], axis=1)
    rows = np.round(np.clip(table, 0, 1) * 255).astype(np.uint8)
    height, width = rows.shape
    lines = b"".join(b"\0" + row.tobytes() for row in rows)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", np.round(colors).astype(np.uint8).tobytes()),
            chunk(b"IDAT", zlib.compress(lines, 9)),
            chunk(b"IEND", b""),
        ]
    )
