"""Phase diagram: where gradients vanish and where they explode, and one network of it built and measured."""

from typing import Any

import numpy as np
import streamlit as st

from nnplay.figures import gradients as figures
from nnplay.figures.palette import palette
from nnplay.laboratories.gradients import ACTIVATIONS
from nnplay.numerals import times
from nnplay.ui import laboratory
from nnplay.ui.activation import activation
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.gradients import controls, layers
from nnplay.ui.gradients.prediction import Question, compare, predict
from nnplay.ui.page import is_dark

SIGMA_W, SIGMA_B = (0.1, 5.0, 99), (0.0, 3.0, 61)
# Where a click is taken: on a grid, every 0.1 in both.
PICKS = np.linspace(0.1, 5.0, 50), np.linspace(0.0, 3.0, 31)
HEIGHT, SIDE_HEIGHT = 440, 290
FONT = "'Source Sans', sans-serif"  # of the page; live charts read it off the page themselves
# As of live charts: a picture of it can be saved.
BAR = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"filename": "nnplay-phases", "scale": 3},
}

WORDS = (
    "Two numbers decide about an untrained wide network: the scales of its weights and of its biases. "
    "On one side of the **critical line** it forgets: all inputs end up alike, gradients vanish. On the "
    "other it is **chaotic**: neighbouring inputs part, gradients explode. Only near the line do signals and "
    "gradients survive many layers."
)

PHASES = {
    "ordered": "**Order**",
    "chaotic": "**Chaos**",
    "critical": "**Critical**",
    "unbounded": "**No bounds**: the signal itself grows for ever",
}

QUESTION = Question(
    name="phase",
    text="tanh, weights of scale σ_w = 3, no biases: most units are saturated. The gradients…",
    options={"vanish": "vanish", "stay": "stay as they are", "explode": "explode"},
    setup={"function": "tanh", "point_w": 3.0, "point_b": 0.0},
)


def phase() -> None:
    """The diagram on the left, the network of the chosen point on the right."""
    lab = laboratory.current()
    st.markdown(WORDS)
    predicted = predict(QUESTION)
    left, right = st.columns([5, 6], gap="large")
    point = laboratory.ask("mean_field", activation=lab.function, sigma_w=lab.point_w, sigma_b=lab.point_b)
    with left:
        activation("function", ACTIVATIONS)
        diagram = laboratory.ask("phase_diagram", activation=lab.function, sigma_w=SIGMA_W, sigma_b=SIGMA_B)
        laboratory.when_answered([diagram], lambda: _diagram(lab, diagram))
        laboratory.slider("point_w", 0.1, 5.0, 0.1)
        laboratory.slider("point_b", 0.0, 3.0, 0.1)
    with right:
        size, wide, again = st.columns([3, 3, 2], vertical_alignment="bottom")
        with size:
            laboratory.slider("depth", 2, 100, 1)
        with wide:
            laboratory.slider("width", 8, 128, 8)
        with again:
            controls.seed()
        chosen = lab.at_point
        answer = layers.ask(chosen)
        laboratory.when_answered([answer, point], lambda: _network(chosen, answer, point, predicted))
        controls.to_playground(chosen.experiment)


def _diagram(lab: Any, diagram: Any) -> None:
    laboratory.errors([diagram])
    found = diagram.value
    if not found:
        st.container(height=HEIGHT, border=False).caption("measuring…")
        return
    spec = figures.phases(
        found["sigma_w"],
        found["sigma_b"],
        found["chi"],
        found["q"],
        (found["critical_w"], found["critical_b"]),
        (lab.point_w, lab.point_b),
        picks=PICKS,
        dark=is_dark(),
        revision=lab.function,
    )
    spec["layout"] |= {"paper_bgcolor": palette(is_dark()).ground}
    spec["layout"] |= {"height": HEIGHT, "font": spec["layout"]["font"] | {"family": FONT}}
    # No live chart: this one changes only when a person does something, and reports clicks. Its key follows
    # what it shows, so that an old click is not read again.
    clicked = st.plotly_chart(
        spec,
        key=f"phases_{lab.function}_{lab.point_w}_{lab.point_b}",
        on_select="rerun",
        selection_mode="points",
        theme=None,
        config=BAR,
    )
    if points := clicked["selection"]["points"]:
        w, b = (round(float(points[0][axis]), 2) for axis in ("x", "y"))
        laboratory.change(point_w=w, point_b=b)
        st.rerun()
    st.caption("Theory, by quadrature of Keras's function. Click to choose a network, or use the sliders.")


def _network(lab: Any, answer: Any, point: Any, predicted: str | None) -> None:
    laboratory.errors([answer, point])
    found, theory = answer.value, point.value
    layers.forward_back(found, key="phase", revision=lab.to_link(), height=SIDE_HEIGHT)
    if not (found and theory):
        return
    chi = theory["chi"]
    right = "vanish" if chi < 0.99 else "explode" if chi > 1.01 else "stay"
    compare(QUESTION, predicted, right, f"Squared gradients grow {times(chi)} times a layer, deep inside.")
    st.markdown(f"{PHASES[theory['phase']]}. {layers.reading(found)}")
    rows = [
        ["χ", times(chi), "what a layer multiplies the squared gradient by"],
        ["q", _variance(theory["q"]), "the variance of the sums that deep layers settle at"],
        ["c", _correlation(theory["c"]), "the correlation that any two inputs end up with"],
        ["ξ", _layers(theory["depth_scale_c"]), "how far the memory of two inputs reaches (it fades by e)"],
    ]
    laboratory.table(rows, ["Theory", "", ""])
    _pairs(lab, found)
    download("network-by-layer.csv", layers.columns(found))


def _pairs(lab: Any, found: Any) -> None:
    """How alike two samples are in each layer, from two starts."""
    st.markdown("**Two samples** how alike their sums are, when they start alike (0.9) and unlike (0)")
    layer = np.arange(1, lab.depth + 1)
    spec = figures.by_name(
        {name: (layer, found[name]) for name in ("unlike", "alike")},
        label="correlation",
        across="layer",
        bound={f"theory, {name}": (layer, found[f"predicted_{name}"]) for name in ("unlike", "alike")},
        dark=is_dark(),
        revision=lab.to_link(),
    )
    live_chart(spec, key="phase_pairs", height=SIDE_HEIGHT)


def _variance(value: float) -> str:
    return times(value) if np.isfinite(value) else "grows for ever"


def _correlation(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.3g}"


def _layers(value: float) -> str:
    if np.isnan(value):
        return "–"
    return "no end" if np.isinf(value) else f"{times(value)} layers"
