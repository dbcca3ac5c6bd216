"""One untrained network, layer by layer: its signal going forward, its gradient coming back."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from nnplay.figures import gradients as figures
from nnplay.laboratories.gradients import SAMPLES
from nnplay.numerals import times
from nnplay.ui import laboratory
from nnplay.ui.chart.component import live_chart
from nnplay.ui.gradients.words import change_in_words
from nnplay.ui.page import is_dark

NETWORK = (
    "activation", "depth", "width", "initializer", "sigma_w", "sigma_b", "normalization", "residual", "seed",
)  # fmt: skip
MEASURED = (
    "pre_variance", "predicted_q", "mean", "std", "delta", "predicted_delta", "gradient",
    "predicted_gradient", "unlike", "predicted_unlike", "alike", "predicted_alike", "dead", "saturated",
)  # fmt: skip


def ask(network: Any) -> Any:
    """What becomes of signal and gradient in the network of these settings (those named in NETWORK)."""
    settings = {name: getattr(network, name) for name in NETWORK}
    return laboratory.ask("propagate", samples=SAMPLES, bins=2, **settings)


def forward_back(found: Mapping[str, Any] | None, *, key: str, revision: str, height: int) -> None:
    """Both directions side by side, each with the theory's line where there is one; None: not known yet."""
    dark = is_dark()
    unknown = np.full(2, np.nan)
    sides = (
        ("pre_variance", "predicted_q", "variance of the sums", "**Forward →** the signal in each layer"),
        ("delta", "predicted_delta", "gradient (rms)", "**← Back** the gradient at each layer"),
    )
    for place, (name, theory, label, words) in zip(st.columns(2, gap="medium"), sides, strict=True):
        with place:
            st.markdown(words)
            spec = figures.by_layer(
                {"measured": found[name] if found else unknown},
                _line(found[theory]) if found else None,
                label=label,
                dark=dark,
                revision=revision,
                nothing="0 in every layer" if found else "measuring…",
            )
            live_chart(spec, key=f"{key}_{name}", height=height)


def share(found: Mapping[str, Any]) -> float:
    """The gradient at the first layer's sums over that at the last hidden layer's."""
    delta = found["delta"]
    with np.errstate(all="ignore"):
        return float(delta[0] / delta[-1])


def reading(found: Mapping[str, Any]) -> str:
    """The charts in a sentence."""
    ratio, layers = share(found), len(found["delta"])
    change = change_in_words(ratio)
    text = f"On its way from layer {layers} back to layer 1 the gradient {change}"
    if 0 < ratio < np.inf and change != change_in_words(1):
        text += f", {times(ratio ** (1 / (layers - 1)))} times a layer"
    line = _line(found["predicted_delta"])
    if line is not None:
        text += f"; theory: it {change_in_words(float(line[0] / line[-1]))}"
    return text + "."


def columns(found: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """What was measured, by layer."""
    return {"layer": np.arange(1, len(found["delta"]) + 1)} | {name: found[name] for name in MEASURED}


def _line(values: np.ndarray) -> np.ndarray | None:
    """A line of theory, None where there is no theory."""
    return values if np.isfinite(values).any() else None
