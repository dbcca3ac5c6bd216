"""The layers over the epochs: what is drawn is what was measured, on axes that say what they are."""

import numpy as np
import pytest

from nnplay.figures import as_figure, encode
from nnplay.figures.inside import (
    MOST_COLUMNS,
    MOST_LINES,
    Panel,
    bin_edges,
    bin_shares,
    columns_of_map,
    distribution_panels,
    layer_panels,
)
from nnplay.figures.palette import in_order, palette

RANDOM = np.random.default_rng(1)


def names(count: int) -> list[str]:
    return [f"layer {place}" for place in range(1, count)] + ["output"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("count", [1, 3, MOST_LINES, 31])
@pytest.mark.parametrize("epochs", [0, 1, 40])
def test_plotly_accepts_them_and_every_number_is_there(count: int, epochs: int, dark: bool) -> None:
    epoch = np.arange(epochs, dtype=np.float32)
    values = 10.0 ** RANDOM.uniform(-6, 0, (epochs, count)).astype(np.float32)
    values[: epochs // 4] = np.nan
    panels = [Panel("gradient norm", values, log=True), Panel("dead share", values, limits=(0, 1))]
    spec = layer_panels(epoch, panels, names(count), cursor=3.0 if epochs else None, dark=dark)
    encode(spec)
    figure = as_figure(spec)
    assert figure.layout.xaxis.title.text == "epoch" and figure.layout.xaxis.anchor == "y2"
    if count <= MOST_LINES:
        assert [trace.name for trace in figure.data] == 2 * names(count)
        for place in range(count):
            np.testing.assert_array_equal(spec["data"][place]["y"], values[:, place])
        # A colour a layer, and all of them different.
        assert len({trace.line.color for trace in figure.data}) == count
    else:
        np.testing.assert_allclose(spec["data"][0]["z"], np.log10(values.T), rtol=1e-5)
        np.testing.assert_array_equal(spec["data"][1]["z"], values.T)
    quantiles = np.sort(RANDOM.normal(size=(epochs, count, 41)).astype(np.float32), axis=2)
    if count <= MOST_LINES:
        spec = distribution_panels(epoch, quantiles, names(count), label="weight", dark=dark)
        encode(spec)
        titles = [axis.title.text for axis in as_figure(spec).select_yaxes()]
        assert titles == (names(count) if count > 1 else ["output: weight"])


def test_the_rule_of_thumb_is_said_to_be_one_and_is_where_the_map_turns() -> None:
    values = np.full((3, 3), 1e-5)
    band = layer_panels(
        np.arange(3.0), [Panel("step", values, log=True, middle=1e-3, band="rule of thumb")], names(3)
    )
    (shape,) = band["layout"]["shapes"]
    assert shape["y0"] < 1e-3 < shape["y1"] and shape["label"]["text"] == "rule of thumb"
    low, high = band["layout"]["yaxis"]["range"]
    assert low <= -5 and high >= -3
    many = np.full((3, 20), 1e-5)
    trace = layer_panels(np.arange(3.0), [Panel("step", many, log=True, middle=1e-3)], names(20))["data"][0]
    assert (trace["zmin"] + trace["zmax"]) / 2 == pytest.approx(-3)


def test_shares_of_bins_are_those_of_the_values() -> None:
    values = np.concatenate([np.zeros(400), RANDOM.normal(2, 0.5, 600)])
    quantiles = np.quantile(values, np.linspace(0, 1, 41))[None]
    edges = bin_edges(quantiles)
    shares = bin_shares(quantiles, edges)
    assert shares.sum() == pytest.approx(1) and (shares >= 0).all()
    counted = np.histogram(values, edges)[0] / len(values)
    # Exact at the quantiles: between two of them are 2.5 % of the values.
    np.testing.assert_allclose(np.cumsum(shares[0]), np.cumsum(counted), atol=0.0251)
    assert shares[0, np.searchsorted(edges, 0.0) - 1] >= 0.4 - 0.025
    constant = np.full((2, 41), 3.0)
    assert bin_shares(constant, bin_edges(constant)).sum(axis=1).tolist() == [1, 1]


def test_what_diverged_leaves_a_gap_and_the_rest_is_drawn() -> None:
    quantiles = np.sort(RANDOM.normal(size=(5, 1, 41)).astype(np.float32), axis=2)
    quantiles[3:] = np.nan
    spec = distribution_panels(np.arange(5.0), quantiles, ["layer 1"], label="weight")
    assert spec["data"][0]["z"].shape[1] == 3
    nothing = distribution_panels(np.arange(5.0), np.full((5, 1, 41), np.nan), ["layer 1"], label="weight")
    assert nothing["layout"]["annotations"][0]["text"] == "nothing measured yet"


@pytest.mark.parametrize("count", [0, 1, MOST_COLUMNS, MOST_COLUMNS + 1, 100_000])
def test_maps_of_long_runs_are_thinned_and_end_at_the_end(count: int) -> None:
    kept = columns_of_map(count)
    assert len(kept) <= MOST_COLUMNS and (not count or kept[-1] == count - 1)
    assert len(set(np.diff(kept))) <= 1 and (count > MOST_COLUMNS or len(kept) == count)


def test_colours_in_order_stand_out_from_the_ground() -> None:
    for dark in (False, True):
        colors = in_order(12, palette(dark))
        light = [
            sum(int(color[i : i + 2], 16) * w for i, w in ((1, 0.3), (3, 0.59), (5, 0.11)))
            for color in colors
        ]
        steps = np.diff(light)
        assert (steps > 0).all() if dark else (steps < 0).all()
        ground = 16 if dark else 255
        assert min(abs(value - ground) for value in light) > 60
