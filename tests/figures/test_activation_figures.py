"""The figures of the activations page: valid, one look for one function, gaps where it jumps."""

from collections.abc import Callable

import numpy as np
import pytest

from nnplay.catalog import ACTIVATIONS
from nnplay.figures import Spec, activations, as_figure, encode
from nnplay.figures.boundary import boundary
from nnplay.figures.curve1d import curve1d

X = np.linspace(-6, 6, 1201)
LAYERS = np.linspace(1, 2, 12)
EPOCHS = np.arange(1, 51, dtype=np.float32)
NONE = np.zeros(0)

FIGURES: dict[str, Callable[..., Spec]] = {
    "curves": lambda **more: activations.curves(
        X, {"tanh": np.tanh(X), "step": (X > 0) * 1.0}, "f", breaks={"tanh": NONE, "step": np.zeros(1)},
        probe=(1.0, {"tanh": 0.76, "step": 1.0}), limits=(-3, 3), **more,
    ),
    "by layer": lambda **more: activations.by_layer(
        {"relu": LAYERS}, "q", layers=12, theory={"relu": LAYERS}, log=True, **more
    ),
    "by pair": lambda **more: activations.by_pair(
        {"unlike": {"relu": LAYERS / 2}, "alike": {"relu": LAYERS}},
        {"unlike": {"relu": LAYERS}, "alike": {"relu": LAYERS * np.nan}}, "c", layers=12, **more,
    ),
    "share": lambda **more: activations.by_layer(
        {"relu": LAYERS * np.nan}, "dead", layers=12, share=True, **more
    ),
    "spread": lambda **more: activations.spread(
        "elu~0.5", np.ones((12, 8)), np.linspace(-1, 1, 9), LAYERS, LAYERS, **more
    ),
    "race": lambda **more: activations.race(
        {"tanh": (EPOCHS, 1 / EPOCHS)}, bands={"tanh": (EPOCHS, 0.5 / EPOCHS, 2 / EPOCHS)},
        title="loss", target=0.1, epochs=50, **more,
    ),
    "no race yet": lambda **more: activations.race(
        {"tanh": (NONE, NONE)}, title="loss", target=0.1, epochs=50, **more
    ),
    "neuron": lambda **more: activations.neuron("tanh", X[::100], np.eye(13), (1.0, -0.5), 2.0, **more),
    "neuron without weights": lambda **more: activations.neuron(
        "tanh", X[::100], np.eye(13), (0.0, 0.0), 2.0, **more
    ),
    "measuring": lambda **more: activations.measuring("tanh", **more),
}  # fmt: skip


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", FIGURES)
def test_plotly_accepts_it_on_a_light_and_a_dark_page(name: str, dark: bool) -> None:
    spec = FIGURES[name](dark=dark)
    as_figure(spec)
    assert len(encode(spec)) < 200_000
    assert FIGURES[name](dark=not dark)["layout"]["font"]["color"] != spec["layout"]["font"]["color"]


def test_every_function_has_a_look_of_its_own() -> None:
    for dark in (False, True):
        looks = set()
        for name in ACTIVATIONS:
            spec = activations.curves(X, {name: X}, "f", breaks={name: NONE}, limits=(-3, 3), dark=dark)
            line = spec["data"][0]["line"]
            looks.add((line["color"], line["dash"]))
        assert len(looks) == len(ACTIVATIONS)


def test_a_parameter_changes_the_name_and_not_the_colour() -> None:
    assert activations.label("elu") == "ELU" and activations.label("elu~0.5") == "ELU 0.5"
    assert activations.color("elu~0.5", dark=False) == activations.color("elu", dark=False)


def test_a_jump_is_a_gap_and_not_a_slope() -> None:
    line = FIGURES["curves"]()["data"][1]
    assert set(line["y"][~np.isnan(line["y"])].tolist()) == {0.0, 1.0}
    gap = np.flatnonzero(np.isnan(line["y"]))
    assert len(gap) == 1 and line["x"][gap[0]] == 0
    assert (line["y"][gap[0] - 1], line["y"][gap[0] + 1]) == (0, 1)
    assert np.all(np.diff(line["x"]) > 0)


def test_the_dotted_line_is_where_the_sum_is_zero() -> None:
    (line,) = FIGURES["neuron"]()["layout"]["shapes"]
    for end in ("0", "1"):
        assert line["x" + end] - 0.5 * line["y" + end] + 2 == pytest.approx(0, abs=1e-9)
    assert FIGURES["neuron without weights"]()["layout"]["shapes"] == []


def test_theory_is_dashed_and_named() -> None:
    spec = FIGURES["by layer"]()
    assert {trace["name"] for trace in spec["data"] if trace.get("showlegend", True)} == {
        "measured",
        "theory",
    }
    theory = next(trace for trace in spec["data"] if trace["name"] == "ReLU, theory")
    assert theory["line"]["dash"] == "dash"


def test_each_start_of_a_pair_has_its_symbol_and_the_key_says_which() -> None:
    traces = FIGURES["by pair"]()["data"]
    key = {
        trace["name"]: trace["marker"]["symbol"] for trace in traces if trace["name"] in ("unlike", "alike")
    }
    assert key == {"unlike": "circle", "alike": "circle-open"}
    drawn = [trace["marker"]["symbol"] for trace in traces if trace["name"] == "ReLU"]
    assert drawn == ["circle", "circle-open"]


@pytest.mark.parametrize("dark", [False, True])
def test_a_tile_is_the_picture_without_its_furniture(dark: bool) -> None:
    points = (np.zeros((4, 2), np.float32), np.array([0, 1, 0, 1]))
    plane = boundary(X[::100], X[::100], np.eye(13), task="binary", train=points, dark=dark)
    line = curve1d(X, np.tanh(X), train=(X, X), dark=dark)
    for spec in (plane, line):
        tile = activations.as_tile(spec, "relu")
        as_figure(tile)
        assert not tile["layout"]["xaxis"]["visible"] and not tile["layout"]["showlegend"]
        assert all("colorbar" not in trace for trace in tile["data"])
        assert tile["layout"]["title"]["text"] == "ReLU"
    (drawn,) = (trace for trace in activations.as_tile(line, "relu")["data"] if trace["mode"] == "lines")
    assert drawn["line"]["color"] == activations.color("relu", dark=dark)
