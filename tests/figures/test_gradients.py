"""Figures of the gradients page: valid for plotly, labelled, typed, and true to what they are given."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from nnplay.figures import Spec, as_figure, encode
from nnplay.figures.gradients import by_epoch, by_layer, by_name, phases

FALLING = 0.25 ** np.arange(30.0)[::-1]
W, B = np.linspace(0.1, 5, 20), np.linspace(0, 3, 10)
CHI = np.tile(np.linspace(0.01, 3, 20), (10, 1))
LINE = (np.linspace(1, 3, 9), np.linspace(0, 3, 9))

FIGURES: dict[str, Callable[..., Spec]] = {
    "one network": lambda **more: by_layer({"measured": FALLING}, FALLING * 1.1, label="gradient", **more),
    "several": lambda **more: by_layer({"a": FALLING, "b": FALLING**0.1}, label="gradient", **more),
    "no gradient": lambda **more: by_layer({"measured": FALLING * 0}, label="gradient", **more),
    "map": lambda **more: by_epoch(np.arange(1, 8), np.outer(np.ones(7), FALLING), **more),
    "empty map": lambda **more: by_epoch(np.zeros(0), np.zeros((0, 5)), **more),
    "map of nothing finite": lambda **more: by_epoch(np.ones(1), np.full((1, 5), np.nan), **more),
    "losses": lambda **more: by_name({"a": (np.arange(30), FALLING)}, label="loss", **more),
    "no losses": lambda **more: by_name({}, label="loss", **more),
    "lags": lambda **more: by_name(
        {"a": (np.arange(30), FALLING)}, label="gradient", log=True,
        bound={"bound": (np.arange(30), FALLING)}, **more,
    ),
    "phases": lambda **more: phases(W, B, CHI, CHI, LINE, (1.0, 0.5), picks=(W, B), **more),
    "no critical line": lambda **more: phases(
        W, B, CHI * 0.1, CHI, (np.zeros(0), np.zeros(0)), (1.0, 0.5), picks=(W, B), **more
    ),
}  # fmt: skip


@pytest.fixture(params=FIGURES)
def make(request: pytest.FixtureRequest) -> Callable[..., Spec]:
    return FIGURES[request.param]


@pytest.mark.parametrize("dark", [False, True])
def test_plotly_accepts_it_and_its_axes_are_labelled(make, dark):
    figure = as_figure(make(dark=dark))
    assert figure.layout.xaxis.title.text and figure.layout.yaxis.title.text


def test_dark_differs_from_light_in_colour_only(make):
    light, dark = make(dark=False)["layout"], make(dark=True)["layout"]
    assert light["font"]["color"] != dark["font"]["color"]
    assert light["margin"] == dark["margin"] and light["uirevision"] == dark["uirevision"]


def test_arrays_are_typed_and_it_survives_the_wire(make):
    spec = make()
    for trace in spec["data"]:
        for name in ("x", "y", "z"):
            assert name not in trace or trace[name].dtype == np.float32
    assert len(json.loads(encode(spec))["data"]) == len(spec["data"])


def test_what_vanished_is_a_gap_and_said():
    spec = FIGURES["no gradient"]()
    assert np.isnan(spec["data"][0]["y"]).all()
    assert "0 in every layer" in spec["layout"]["annotations"][0]["text"]


def test_a_level_gradient_looks_level():
    """At least two decades high, so that noise does not look like a trend."""
    low, high = by_layer({"measured": np.ones(10)}, label="gradient")["layout"]["yaxis"]["range"]
    assert high - low >= 2


def test_the_axis_holds_all_that_is_drawn():
    spec = FIGURES["one network"]()
    low, high = spec["layout"]["yaxis"]["range"]
    for trace in spec["data"]:
        logs = np.log10(trace["y"])
        assert np.all((low <= logs) & (logs <= high))


def test_the_map_is_the_power_of_ten():
    spec = FIGURES["map"]()
    np.testing.assert_allclose(spec["data"][0]["z"][:, 0], np.log10(FALLING).clip(-20), rtol=1e-5)
    assert not any("-0" in text or "−0" in text for text in spec["data"][0]["colorbar"]["ticktext"])


def test_the_critical_colour_is_neutral():
    surface = FIGURES["phases"]()["data"][0]
    assert surface["zmin"] == -surface["zmax"]
    np.testing.assert_allclose(surface["z"][0], np.log10(np.sqrt(CHI[0])), rtol=1e-4)


def test_each_region_has_its_name():
    def names(q):
        drawn = phases(W, B, CHI, q, LINE, (1.0, 0.5), picks=(W, B))["layout"]["annotations"]
        return [note["text"].partition("<br>")[0] for note in drawn]

    assert names(CHI) == ["order", "chaos"]
    assert names(np.where(CHI > 1, np.nan, CHI)) == ["order", "no bounds"]


def test_every_click_has_a_marker_under_it():
    grid = next(trace for trace in FIGURES["phases"]()["data"] if trace.get("name") == "pick")
    assert len(grid["x"]) == len(W) * len(B) and grid["marker"]["opacity"] == 0
