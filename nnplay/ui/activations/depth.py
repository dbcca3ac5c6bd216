"""Through depth: a batch pushed through a random network, and what each layer makes of it."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import streamlit as st

from nnplay.catalog import ACTIVATIONS, INITIALIZERS, parse_activation
from nnplay.experiment import Experiment, ExperimentError, make
from nnplay.figures import activations as figures
from nnplay.laboratories.activations import INITIALIZERS as OFFERED
from nnplay.laboratories.activations import SAMPLES, SUITABLE
from nnplay.laboratories.remedies import deep
from nnplay.ui import laboratory
from nnplay.ui.activations.picker import columns_for, named
from nnplay.ui.chart.component import live_chart
from nnplay.ui.download import download
from nnplay.ui.hand_over import one_to_playground
from nnplay.ui.live_table import live_table
from nnplay.ui.page import is_dark

BINS = 48
LABELS = {name: entry.label if entry else "To each what suits it" for name, entry in OFFERED.items()}
SHARES = {"saturated": "saturated", "dead": "dead units"}
# Pairs of samples, by what they are at the start.
PAIRS = {"alike": "alike", "unlike": "unlike"}


def depth() -> None:
    """Settings, distributions as small multiples, lines by layer, and which weights suit which function."""
    _settings()
    lab = laboratory.current()
    asked = {name: ask_propagation(lab, name, _initializer(lab, name)) for name in lab.names}
    laboratory.when_answered(asked.values(), lambda: _draw(lab, asked))
    one_to_playground(_experiments(lab))
    laboratory.switch("compare")
    if lab.compare:
        kinds = list(dict.fromkeys(entry.initializer for entry in ACTIVATIONS.values()))
        compared = {(name, kind): ask_propagation(lab, name, kind) for name in lab.names for kind in kinds}
        laboratory.when_answered(compared.values(), lambda: _suitability(lab, kinds, compared))


def _settings() -> None:
    lab = laboratory.current()
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        laboratory.choice("initializer", LABELS, width=240)
        laboratory.slider("depth", 1, 60, 1, width=160)
        laboratory.steps("width", (16, 32, 64, 128, 256, 512), width=160)
        if lab.initializer == "gaussian":
            laboratory.slider("sigma_w", 0.1, 4.0, 0.05, width=160)
            laboratory.slider("sigma_b", 0.0, 2.0, 0.05, width=160)
        laboratory.another_seed()


def _initializer(lab: Any, name: str) -> str:
    return parse_activation(name)[0].initializer if lab.initializer == SUITABLE else lab.initializer


def _experiments(lab: Any) -> dict[str, Experiment]:
    """Those of the networks that the playground takes, by the label of the function."""
    found = {}
    for name in lab.names:
        fields = {"hidden": deep(lab.depth, lab.width), "activation": name, "seed": lab.seed}
        fields |= {"initializer": _initializer(lab, name), "sigma_w": lab.sigma_w, "sigma_b": lab.sigma_b}
        with suppress(ExperimentError):
            found[figures.label(name)] = make(fields)
    return found


def ask_propagation(lab: Any, name: str, initializer: str) -> Any:
    """The question of one function and one kind of weights, by the page's settings."""
    return laboratory.ask(
        "propagate",
        activation=name,
        depth=lab.depth,
        width=lab.width,
        samples=SAMPLES,
        initializer=initializer,
        sigma_w=lab.sigma_w,
        sigma_b=lab.sigma_b,
        normalization="none",
        residual=False,
        seed=lab.seed,
        bins=BINS,
    )


def _draw(lab: Any, asked: Mapping[str, Any]) -> None:
    dark, revision = is_dark(), f"{lab.functions}-{lab.depth}"
    st.markdown("**The outputs of every layer.** Solid line: mean; dotted: one deviation to either side.")
    with st.grid(columns_for(len(asked)), min_column_width=230):
        for place, (name, answer) in enumerate(asked.items()):
            found = _found(answer)
            spec = (
                figures.spread(
                    name, found["counts"], found["edges"], found["mean"], found["std"],
                    dark=dark, revision=f"{name}-{lab.depth}",
                )
                if found
                else figures.measuring(figures.label(name), dark=dark)
            )  # fmt: skip
            live_chart(spec, key=f"spread_{place}", height=240)
    laboratory.errors(asked.values())
    found = {name: value for name, answer in asked.items() if (value := _found(answer))}
    st.markdown(
        "**What goes wrong with depth.** A signal whose variance falls has nothing left to say. Where unlike "
        "samples grow alike (**order**), the last layer cannot tell them apart; where alike ones part "
        "(**chaos**), it cannot know them again. A saturated or dead unit passes no gradient."
    )
    more: dict[str, Any] = {"layers": lab.depth, "dark": dark, "revision": revision}

    def of(key: str) -> dict[str, np.ndarray]:
        return {name: value[key] for name, value in found.items()}

    specs = {
        "pre_variance": figures.by_layer(
            of("pre_variance"), "variance of the sums <i>q</i>", theory=of("predicted_q"), log=True, **more
        ),
        "pairs": figures.by_pair(
            {words: of(key) for key, words in PAIRS.items()},
            {words: of(f"predicted_{key}") for key, words in PAIRS.items()},
            "correlation of two samples",
            **more,
        ),
    } | {key: figures.by_layer(of(key), title, share=True, **more) for key, title in SHARES.items()}
    with st.grid(2, min_column_width=300):
        for key, spec in specs.items():
            live_chart(spec, key=f"layers_{key}", height=280)
    _table(lab, asked)
    if found:
        download("activations-through-depth.csv", _columns(found))


def _found(answer: Any) -> Any:
    return answer.value if answer.done and not answer.error else None


def _table(lab: Any, asked: Mapping[str, Any]) -> None:
    rows = []
    for name, answer in asked.items():
        kind = _initializer(lab, name)
        suits = kind == parse_activation(name)[0].initializer
        row = [INITIALIZERS[kind].label + (" ★" if suits else "")]
        if found := _found(answer):
            row += [
                factor(found["std"]),
                factor(found["delta"][::-1]),
                _correlation(found["unlike"][-1]),
                _correlation(found["alike"][-1]),
                _share(found["saturated"]),
                _share(found["dead"]),
            ]
        else:
            row += ["…"] * 6
        rows.append((named(name), row))
    head = [
        "",
        "Initial weights",
        "Spread of the outputs",
        "Size of the gradient",
        "Unlike samples (0)",
        "Alike samples (0.9)",
        "Saturated",
        "Dead",
    ]
    live_table(head, rows, key="depth_table")
    st.caption(
        "★ the weights that suit the function. Spread: of the last layer against the first. Gradient: of the "
        "first layer against the last, for it comes back from the output. Samples: the correlation of two "
        "that started with 0, or with 0.9. Samples, saturated, dead: in the last layer."
    )


def _suitability(lab: Any, kinds: Sequence[str], compared: Mapping[tuple[str, str], Any]) -> None:
    """For every function: what each kind of weights makes of signal and gradient."""
    rows = []
    for name in lab.names:
        row = []
        for kind in kinds:
            found = _found(compared[name, kind])
            cell = f"{factor(found['std'])} / {factor(found['delta'][::-1])}" if found else "…"
            row.append(f"{cell} ★" if kind == parse_activation(name)[0].initializer else cell)
        rows.append((named(name), row))
    head = ["spread / gradient", *(INITIALIZERS[kind].label for kind in kinds)]
    live_table(head, rows, key="suitability_table")
    st.caption(f"How much is left after {lab.depth} layers: ×1 is as much as at the start; ★ is what suits.")


def factor(values: np.ndarray) -> str:
    """Last over first, as a factor."""
    with np.errstate(all="ignore"):
        ratio = float(values[-1]) / float(values[0]) if values[0] else np.nan
    if not np.isfinite(ratio):
        return "overflow" if values[0] else "–"
    if 0.01 <= ratio < 1000:
        return f"×{ratio:.2g}" if ratio < 100 else f"×{ratio:.0f}"
    return "0" if ratio == 0 else f"×10{_raised(int(np.round(np.log10(ratio))))}"


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _correlation(value: float) -> str:
    return "–" if not np.isfinite(value) else f"{value:.2f}".replace("-", "−")


def _share(values: np.ndarray) -> str:
    return "–" if not np.isfinite(values[-1]) else f"{values[-1]:.0%}"


def _columns(found: Mapping[str, Any]) -> dict[str, Any]:
    """One row for every function and layer."""
    layers = len(next(iter(found.values()))["mean"])
    keys = (
        "mean", "std", "pre_variance", "predicted_q", "unlike", "predicted_unlike", "alike",
        "predicted_alike", "saturated", "dead", "delta",
    )  # fmt: skip
    columns: dict[str, Any] = {
        "activation": np.repeat(np.array(list(found), object), layers),
        "layer": np.tile(np.arange(1, layers + 1), len(found)),
    }
    for key in keys:
        columns[key] = np.concatenate([value[key] for value in found.values()])
    return columns
