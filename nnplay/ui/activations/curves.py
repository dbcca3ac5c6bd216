"""Curves: every chosen function and its slope, side by side, read off at one input."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from nnplay.catalog import INITIALIZERS, parse_activation
from nnplay.figures import activations as figures
from nnplay.laboratories.activations import REACH
from nnplay.laboratories.shape import Shape, shape
from nnplay.ui import laboratory
from nnplay.ui.activations.picker import marked, named
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.live_table import live_table
from nnplay.ui.page import is_dark

POINTS = 2401
HEIGHT = 380
# Values and slopes beyond these leave the chart; one can zoom out.
VALUES, SLOPES = (-3.0, 5.0), (-0.5, 2.0)


def curves() -> None:
    """Two charts, the probe, and what can be read off them as a table."""
    lab = laboratory.current()
    laboratory.slider("probe", -REACH, REACH, 0.05)
    # A little wider than what is drawn: whether a function is flat at the edge is seen beyond it.
    drawn = laboratory.ask("curves", names=lab.names, low=-REACH, high=REACH, points=POINTS)
    probed = laboratory.ask("probe", names=lab.names, x=lab.probe)
    laboratory.when_answered([drawn, probed], lambda: _draw(lab, drawn, probed))


def _draw(lab: Any, drawn: Any, probed: Any) -> None:
    dark = is_dark()
    found = drawn.value if drawn.done and not drawn.error else None
    at = probed.value if probed.done and not probed.error else None
    shapes = {name: _shape(found, name) for name in lab.names} if found else {}
    # The slope is interrupted at kinks as well, the function at jumps only.
    gaps = {
        "f": {name: np.array(each.jumps) for name, each in shapes.items()},
        "slope": {name: np.array(sorted(each.kinks + each.jumps)) for name, each in shapes.items()},
    }
    left, right = st.columns(2, gap="medium")
    sides = (
        (left, "f", "output <i>f</i>(<i>x</i>)", VALUES, 0, "**What a neuron passes on**"),
        (
            right,
            "slope",
            "slope <i>f</i>′(<i>x</i>)",
            SLOPES,
            1,
            "**What the gradient is multiplied by on its way back**",
        ),
    )
    for side, key, title, limits, place, words in sides:
        with side:
            st.markdown(words)
            spec = figures.measuring(dark=dark)
            if found:
                probe = (lab.probe, {name: pair[place] for name, pair in at.items()}) if at else None
                spec = figures.curves(
                    found["x"], found[key], title, breaks=gaps[key], probe=probe, limits=limits,
                    dark=dark, revision=lab.functions,
                )  # fmt: skip
            live_chart(spec, key=f"activation_{key}", height=HEIGHT)
    laboratory.errors([drawn, probed])
    if found:
        _table(lab, shapes, at or {})
        _formulas(lab.names)
        download("activation-curves.csv", _columns(found))


def _shape(found: Mapping[str, Any], name: str) -> Shape:
    return shape(found["x"], *(found[key][name] for key in ("f", "slope", "kinks")))


def _table(lab: Any, shapes: Mapping[str, Shape], at: Mapping[str, tuple[float, float]]) -> None:
    rows = []
    for name in lab.names:
        entry, _ = parse_activation(name)
        value, slope = at.get(name, (np.nan, np.nan))
        rows.append(
            (
                named(name),
                [
                    number(value),
                    number(slope),
                    entry.range.replace("-", "−"),
                    _flat(shapes[name]),
                    _breaks(shapes[name]),
                    INITIALIZERS[entry.initializer].label,
                ],
            )
        )
    place = _places([lab.probe])
    head = [
        "",
        f"f({place})",
        f"f′({place})",
        "Range",
        "Hardly any slope",
        "Kinks and jumps",
        "Suitable weights",
    ]
    live_table(head, rows, key="activation_table")
    several = [name for name in lab.names if not parse_activation(name)[0].elementwise]
    st.caption(
        "Hardly any slope: less than 5 % of the function's largest slope between −3 and 3."
        + (
            f" {', '.join(figures.label(name) for name in several)} work on several sums at once; "
            "shown is the first output for the sums (x, 0)."
            if several
            else ""
        )
    )


def _formulas(names: Sequence[str]) -> None:
    with st.expander("Formulas"):
        rows = []
        for name in names:
            entry, _ = parse_activation(name)
            rows.append(
                [marked(entry.name), *(_in_table(text) for text in (entry.formula, entry.slope)), entry.about]
            )
        laboratory.table(rows, ["", "f(x)", "f′(x)", ""])


def _in_table(formula: str) -> str:
    """LaTeX in a Markdown table, where a bar would end the cell."""
    return f"${formula.replace('|', chr(92) + 'vert ')}$"


def number(value: float) -> str:
    """Three figures, with a real minus sign."""
    return "–" if not np.isfinite(value) else f"{value:#.3g}".rstrip(".").replace("-", "−")


def _flat(found: Shape) -> str:
    parts = []
    for low, high in found.flat:
        if np.isinf(low) and np.isinf(high):
            parts.append("everywhere")
        elif np.isinf(low):
            parts.append(f"x < {_places([high])}")
        elif np.isinf(high):
            parts.append(f"x > {_places([low])}")
        else:
            parts.append(f"{_places([low])} to {_places([high])}")
    return ", ".join(parts) or "nowhere"


def _breaks(found: Shape) -> str:
    parts = [f"kink at {_places(found.kinks)}"] if found.kinks else []
    parts += [f"jump at {_places(found.jumps)}"] if found.jumps else []
    return "; ".join(parts) or "smooth"


def _places(places: Sequence[float]) -> str:
    return ", ".join(f"{place:.3g}" for place in places).replace("-", "−")


def _columns(found: Mapping[str, Any]) -> dict[str, np.ndarray]:
    columns = {"x": found["x"]}
    for name, values in found["f"].items():
        columns |= {name: values, f"{name} slope": found["slope"][name]}
    return columns
