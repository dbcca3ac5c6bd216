"""Figures of several runs: valid for plotly, the numbers they were given, nothing read as markup."""

import numpy as np
import pytest

from nnplay.figures.compared import Band, Line, color_of, curves_1d, difference, overlay, spread
from nnplay.figures.palette import palette
from nnplay.figures.spec import as_figure, encode

EPOCHS = np.arange(1, 6, dtype=np.float32)
GRID = np.linspace(-1, 1, 4, dtype=np.float32)


@pytest.mark.parametrize("dark", [False, True])
def test_curves_over_each_other_are_what_was_given(dark: bool) -> None:
    test, train = np.array([1, 0.5, np.nan, 0.2, np.inf]), np.linspace(2, 1, 5)
    lines = [Line("a <b>", EPOCHS, test, 0), Line("a <b>", EPOCHS, train, 0, faint=True)]
    band = Band(EPOCHS, test - 0.1, test + 0.1, 3)
    spec = overlay(lines, title="loss", bands=[band], target=0.3, log=True, dark=dark)
    as_figure(spec)
    encode(spec)
    low, high, shown, faint = spec["data"]
    np.testing.assert_allclose(shown["y"], [1, 0.5, np.nan, 0.2, np.nan])
    np.testing.assert_allclose(faint["y"], train)
    np.testing.assert_allclose(low["y"][:2], [0.9, 0.4])
    assert high["fill"] == "tonexty"
    # One entry for both curves of a run, and its name as it was typed.
    assert (shown["showlegend"], faint["showlegend"]) == (True, False)
    assert shown["name"] == "a &lt;b>" and shown["line"]["color"] == color_of(0, dark=dark)
    assert spec["layout"]["shapes"][0]["y0"] == 0.3
    assert overlay([], title="loss", dark=dark)["layout"]["annotations"]


@pytest.mark.parametrize("dark", [False, True])
def test_a_difference_is_signed_and_of_equal_maps_zero(dark: bool) -> None:
    first, second = np.full((4, 4), 0.25), np.eye(4)
    spec = difference(GRID, (first, second), title="B − A", reach=2, names=("A", "B"), dark=dark)
    as_figure(spec)
    surface = spec["data"][0]
    np.testing.assert_allclose(surface["z"], second - first)
    assert (surface["zmin"], surface["zmax"]) == (-2, 2)
    assert surface["colorscale"] == palette(dark).diverging
    lines = [trace for trace in spec["data"] if trace["type"] == "contour"]
    assert [line["line"]["dash"] for line in lines] == ["solid", "dash"]
    same = difference(GRID, (first, first), title="", reach=2, dark=dark)
    assert not same["data"][0]["z"].any() and len(same["data"]) == 1


def test_outputs_over_a_line() -> None:
    y = np.array([1.0, np.nan, 2.0, 3.0])
    spec = curves_1d(GRID, [("one", y, 0), ("other", -y, 1)], train=(GRID[:, None], y))
    as_figure(spec)
    np.testing.assert_array_equal(spec["data"][1]["y"], y.astype(np.float32))
    assert [trace["name"] for trace in spec["data"][1:]] == ["one", "other"]


@pytest.mark.parametrize("dark", [False, True])
def test_the_spread_is_drawn_from_zero_on_the_scale_of_what_is_positive(dark: bool) -> None:
    values, samples = np.linspace(0, 2, 16, dtype=np.float32).reshape(4, 4), np.zeros((3, 2))
    spec = spread(GRID, values, samples=samples, reach=2.0, dark=dark)
    as_figure(spec)
    surface, dots = spec["data"]
    np.testing.assert_array_equal(surface["z"], values)
    assert (surface["zmin"], surface["zmax"]) == (0, 2) and surface["colorscale"] == palette(dark).sequential
    assert len(dots["x"]) == 3 and surface["colorbar"]["ticktext"] == ["0", "standard deviation", "2"]
