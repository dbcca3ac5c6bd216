"""History: exact growth, and a downsampling that hides nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.engine.state import Rows
from nnplay.jobs import history as module
from nnplay.jobs.history import History, extremes

NAMES = ("epoch", "loss", "val_loss")


def rows(first: int, values: np.ndarray) -> Rows:
    epochs = np.arange(first, first + len(values), dtype=np.float32)
    return Rows(NAMES, np.column_stack([epochs, values]).astype(np.float32))


def filled(values: np.ndarray) -> History:
    history = History()
    history.append(rows(1, values))
    return history


@given(st.lists(st.integers(0, 700), max_size=12))
@settings(max_examples=40, deadline=None)
def test_pieces_of_any_size_give_the_same_table(sizes):
    values = np.random.default_rng([1, sum(sizes)]).normal(size=(sum(sizes), 2)).astype(np.float32)
    history, start = History(), 0
    for size in sizes:
        history.append(rows(start + 1, values[start : start + size]))
        start += size
    assert len(history) == start == history.last_epoch
    if start:
        np.testing.assert_array_equal(history.values, rows(1, values).values)
        np.testing.assert_array_equal(history.column("val_loss"), values[:, 1])


@pytest.mark.parametrize("first", [9, 10, 12])
def test_gap_and_repetition_are_refused(first):
    history = filled(np.zeros((10, 2)))
    with pytest.raises(ValueError, match="goes on with epoch 11"):
        history.append(rows(first, np.ones((3, 2))))
    assert len(history) == 10


def test_other_columns_are_refused():
    history = filled(np.zeros((10, 2)))
    with pytest.raises(ValueError, match="columns"):
        history.append(Rows(("epoch", "other", "val_loss"), np.full((1, 3), 11, np.float32)))


def test_unknown_column_says_which_there_are():
    with pytest.raises(KeyError, match="val_loss"):
        filled(np.zeros((1, 2))).curve(["accuracy"])


def test_empty_history_has_empty_curves():
    epochs, values = History().curve(("loss", "val_loss"))
    assert epochs.shape == (0,) and values.shape == (0, 2)


def test_values_cannot_be_written_to():
    history = filled(np.zeros((3, 2)))
    with pytest.raises(ValueError):
        history.values[0, 0] = 7


@given(
    st.integers(1, 5000),
    st.integers(1, 900),
    st.sampled_from([("loss",), ("loss", "val_loss")]),
    st.integers(0, 99),
)
@settings(max_examples=120, deadline=None)
def test_curve_keeps_extremes_and_ends_and_stays_small(count, points, names, seed):
    values = np.random.default_rng(seed).normal(size=(count, 2)).cumsum(axis=0)
    history = filled(values)
    epochs, drawn = history.curve(names, points)
    assert len(epochs) == len(drawn) <= max(points, 2 + 2 * len(names))
    assert (np.diff(epochs) > 0).all()
    assert epochs[0] == 1 and epochs[-1] == count
    whole = np.column_stack([history.column(name) for name in names])
    np.testing.assert_array_equal(drawn, whole[epochs.astype(int) - 1])
    np.testing.assert_array_equal(drawn.min(axis=0), whole.min(axis=0))
    np.testing.assert_array_equal(drawn.max(axis=0), whole.max(axis=0))


@given(st.integers(1, 400), st.integers(1, 50), st.integers(0, 99))
@settings(max_examples=100, deadline=None)
def test_every_bucket_keeps_its_extremes(count, buckets, seed):
    columns = np.random.default_rng(seed).normal(size=(count, 2)).astype(np.float32)
    kept = extremes(columns, buckets)
    width = -(-count // buckets)
    for start in range(0, count, width):
        bucket = columns[start : start + width]
        inside = columns[kept[(kept >= start) & (kept < start + width)]]
        np.testing.assert_array_equal(inside.min(axis=0), bucket.min(axis=0))
        np.testing.assert_array_equal(inside.max(axis=0), bucket.max(axis=0))


def test_short_history_is_drawn_whole():
    values = np.random.default_rng(3).normal(size=(600, 2))
    epochs, drawn = filled(values).curve(("loss",), points=600)
    assert len(epochs) == 600
    np.testing.assert_array_equal(drawn[:, 0], values[:, 0].astype(np.float32))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_no_numbers_do_not_hide_the_others(bad):
    values = np.full((1000, 2), bad)
    values[::3] = 0.5
    values[333] = -7.0
    _, drawn = filled(values).curve(("loss", "val_loss"), points=100)
    assert -7.0 in drawn[:, 0]
    _, drawn = filled(np.full((1000, 2), bad)).curve(("loss",), points=50)
    assert len(drawn) <= 50


def test_a_spike_in_a_hundred_thousand_epochs_is_seen():
    history = History()
    values = np.zeros((100_000, 2), np.float32)
    values[77_777, 1] = 9.0
    for start in range(0, 100_000, 512):
        history.append(rows(start + 1, values[start : start + 512]))
    epochs, drawn = history.curve(("loss", "val_loss"), points=600)
    assert len(epochs) <= 600 and 77_778 in epochs and drawn[:, 1].max() == 9.0
    # Growth by half: never more than half again of what is needed, after the first few rows.
    assert len(history._table) <= 150_000


def test_a_long_history_of_a_deep_network_is_thinned_and_keeps_its_extremes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MOST_BYTES", 60_000)
    names = ("epoch", "loss", "val_loss", *(f"grad_{k}" for k in range(10)))
    count = 20_000
    values = np.random.default_rng(2).normal(size=(count, 12)).astype(np.float32)
    values[12_345, 0], values[777, 1] = 50.0, -50.0
    history = History()
    for start in range(0, count, 500):
        part = values[start : start + 500]
        numbers = np.arange(start + 1, start + 1 + len(part), dtype=np.float32)
        history.append(Rows(names, np.column_stack([numbers, part])))
        assert history._table.nbytes <= 1.5 * (60_000 + 500 * 13 * 4) and history.last_epoch == start + 500
    kept = history.values
    # Every row is one that was measured, and the extremes are among them.
    np.testing.assert_array_equal(kept[:, 1:], values[kept[:, 0].astype(int) - 1])
    assert {12_346, 778, 1, count} <= set(kept[:, 0].astype(int).tolist())
    # No part of the run is without rows.
    assert np.diff(kept[:, 0]).max() <= 2 * history.every
    cut = history.until(15_000)
    assert cut.last_epoch == 15_000 and cut.values[-1, 0] <= 15_000
    cut.append(Rows(names, np.full((1, 13), 15_001, np.float32)))
    assert history.row(778)["val_loss"] == -50.0 and history.row(int(kept[3, 0]) + 10**6) == {}


def test_a_sample_of_a_history_is_small_and_keeps_its_extremes():
    values = np.zeros((5000, 2), np.float32)
    values[4321, 1] = 9.0
    rows = filled(values).sampled(200)
    assert len(rows.values) <= 220 and rows.column("val_loss").max() == 9.0
