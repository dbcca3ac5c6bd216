"""The colours of every figure, for a light and for a dark page, and the scales made of them.

Blue means -1 (or the first class) and orange +1 (or the second), so train and test are told apart by grey
and ink. The six class colours stay apart under simulated protanopia, deuteranopia and tritanopia, and each
class has a marker shape as well.
"""

from dataclasses import dataclass
from itertools import pairwise

ColorScale = list[tuple[float, str]]


@dataclass(frozen=True)
class Palette:
    """What a figure is coloured with. `diverging` and `sequential` are plotly colour scales over 0..1;
    `ramp` one for lines in an order: it begins near the ground, but apart from it, and ends far away."""

    ground: str
    ink: str
    muted: str
    axis: str
    grid: str
    neutral: str
    classes: tuple[str, ...]
    diverging: ColorScale
    sequential: ColorScale
    ramp: ColorScale


LIGHT = Palette(
    ground="#ffffff",
    ink="#1f2430",
    muted="#6b7280",
    axis="#c3c8d0",
    grid="#eef0f3",
    neutral="#f3f4f4",
    classes=("#1072b8", "#ee8422", "#0eb7a9", "#9c3f55", "#f2c200", "#3a1238"),
    diverging=[(0.0, "#5ea8d8"), (0.25, "#aed2e9"), (0.5, "#f3f4f4"), (0.75, "#f9d8b0"), (1.0, "#f5b26c")],
    sequential=[(0.0, "#f7f9fb"), (0.35, "#b5d3ea"), (0.7, "#4c96cc"), (1.0, "#0c4f87")],
    ramp=[(0.0, "#58b9a6"), (0.5, "#1072b8"), (1.0, "#3a1238")],
)

DARK = Palette(
    ground="#0f1115",
    ink="#e6e8eb",
    muted="#98a1ad",
    axis="#3c434e",
    grid="#1e2228",
    neutral="#1b1e24",
    classes=("#4ea6e6", "#ff9d45", "#1fd6ae", "#c06792", "#ffdf48", "#eef7f5"),
    diverging=[(0.0, "#2a74ab"), (0.25, "#20476a"), (0.5, "#1b1e24"), (0.75, "#6a4323"), (1.0, "#b9691f")],
    sequential=[(0.0, "#171b21"), (0.35, "#1a3a58"), (0.7, "#245f92"), (1.0, "#2f7fbe")],
    ramp=[(0.0, "#1b8a73"), (0.5, "#4ea6e6"), (1.0, "#eef7f5")],
)

# Circle, square, diamond, triangle up, triangle down, cross: plotly's number and the size at which all look
# equally big.
SHAPES: tuple[tuple[int, float], ...] = ((0, 7.0), (1, 6.5), (2, 8.5), (5, 9.0), (6, 9.0), (3, 8.5))


def palette(dark: bool) -> Palette:
    return DARK if dark else LIGHT


def points_scale(colors: Palette) -> ColorScale:
    """The diverging scale in the full strength of points, which must stand out from the map under them."""
    return [(0.0, colors.classes[0]), (0.5, colors.neutral), (1.0, colors.classes[1])]


def in_order(count: int, colors: Palette) -> list[str]:
    """So many colours from the first to the last of an order, such as the layers of a network."""
    shares = [place / max(1, count - 1) for place in range(count)]
    return [_on(colors.ramp, share) for share in shares]


def _on(scale: ColorScale, share: float) -> str:
    for (low, start), (high, end) in pairwise(scale):
        if share <= high:
            return mix(start, end, (share - low) / (high - low))
    return scale[-1][1]


def mix(start: str, end: str, share: float) -> str:
    """The colour `share` (0..1) of the way from `start` to `end`, all `#rrggbb`."""
    pairs = [(int(start[i : i + 2], 16), int(end[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in pairs)
