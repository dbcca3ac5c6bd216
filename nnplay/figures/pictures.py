"""Samples that are pictures, side by side in one image, each with what the network says it is."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.figures.palette import palette
from nnplay.figures.spec import Spec, axis, layout

COLUMNS = 5
ROWS = 3
# In shares of a picture's width: between two of them, and above each for two lines of words.
GAP = 0.25
WORDS = 0.65


def picture_grid(
    pictures: np.ndarray,
    words: Sequence[str],
    wrong: Sequence[bool],
    *,
    titles: tuple[str, str],
    dark: bool = False,
    revision: str = "pictures",
) -> Spec:
    """At most ROWS rows of COLUMNS pictures (n, rows, columns) with values 0..1, and one text above each.

    The text of a wrong one is orange. All pictures are one heat map: as quick to draw as a single one.
    """
    colors = palette(dark)
    side = pictures.shape[2]
    gap, above = max(1, round(side * GAP)), max(2, round(side * WORDS))
    width, height = side + gap, side + above
    # A byte each: 0 is nothing, 1 white paper, 255 ink.
    image = np.zeros((ROWS * height, COLUMNS * width - gap), np.uint8)
    texts: list[dict[str, Any]] = []
    for row in range(ROWS):
        places = range(row * COLUMNS, min((row + 1) * COLUMNS, len(pictures)))
        for place in places:
            down, across = row * height + above, (place % COLUMNS) * width
            image[down : down + side, across : across + side] = 1 + np.round(254 * pictures[place].clip(0, 1))
        # Always there, so that a chart that fills up is the same chart.
        texts.append(
            {
                "type": "scatter",
                "mode": "text",
                "x": np.array([(place % COLUMNS) * width + (side - 1) / 2 for place in places], np.float32),
                "y": np.full(len(places), row * height + above - 1, np.float32),
                "text": [words[place] for place in places],
                "textposition": "top center",
                "textfont": {
                    "size": 12,
                    "color": [colors.classes[1] if wrong[place] else colors.ink for place in places],
                },
                "hoverinfo": "skip",
                "showlegend": False,
                "cliponaxis": False,
            }
        )
    ink = {
        "type": "heatmap",
        "z": image,
        "zmin": 0,
        "zmax": 255,
        "colorscale": [(0.0, "rgba(0,0,0,0)"), (1 / 255, colors.grid), (1.0, colors.ink)],
        "showscale": False,
        "hoverinfo": "skip",
    }
    bare = {"showgrid": False, "showline": False, "ticks": "", "showticklabels": False, "fixedrange": True}
    return {
        "data": [ink, *texts],
        "layout": layout(
            dark=dark,
            revision=revision,
            xaxis=axis(titles[0], dark=dark, **bare, range=[-0.5, image.shape[1] - 0.5], constrain="domain"),
            yaxis=axis(
                titles[1], dark=dark, **bare, range=[image.shape[0] - 0.5, -0.5], scaleanchor="x",
                constrain="domain",
            ),
            margin={"l": 26, "r": 8, "t": 14, "b": 26},
        ),
    }  # fmt: skip
