"""Runs compared, on the real engine, against the same runs trained alone and numpy's own statistics."""

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from nnplay.engine.build import build
from nnplay.engine.chunk import look_back, train_chunk
from nnplay.experiment import make
from nnplay.jobs import Runs, Settings
from nnplay.jobs.compared import (
    decisions,
    first_met,
    interval,
    meets,
    quartiles,
    same_data,
    same_weights,
    share_different,
    shares,
    weights_of,
)
from nnplay.jobs.kept import NotKept, keep
from nnplay.jobs.lanes import Lanes
from nnplay.jobs.race import Race
from nnplay.jobs.repeat import Repeat
from nnplay.laboratories.compare import COMPARED, another, with_value

BASE = make({"data": "circle", "hidden": "4", "samples": 60, "epochs": 30})


@pytest.fixture(scope="module")
def runs():
    # One thread, in which a compiled program is worked by one run at a time, as in a worker process.
    lanes = Lanes(1, lambda: ThreadPoolExecutor(1), warm=int, rehearse=int)
    lanes.start()
    with Runs(Settings(2), lanes) as found:
        yield found


def alone(experiment):
    """Rows of the whole run by their names, and its last state, trained in one piece."""
    result = train_chunk(experiment, None, epochs=experiment.epochs)
    return {name: result.rows.column(name) for name in result.rows.names}, result.state


def wait_for(done) -> None:
    end = time.monotonic() + 120
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def run_out(one) -> None:
    end = time.monotonic() + 120
    while one.playing or getattr(one, "unsettled", False):
        assert time.monotonic() < end
        one.tick()
        time.sleep(0.01)


@pytest.mark.parametrize("changes", [{}, {"learning_rate": 0.1}], ids=["the same", "another rate"])
def test_a_and_b_in_step_are_what_they_are_alone(runs, changes):
    experiments = {"A": BASE, "B": BASE.change(**changes)}
    race = Race(
        runs,
        ("A", "B"),
        lambda name, seed: experiments[name],
        1,
        target=0.0,
        views=("boundary",),
        in_step=True,
    )
    race.play()
    run_out(race)
    assert race.finished and [level.epoch for level in race.levels.values()] == [30, 30]
    starts = [weights_of(run.experiment, run.snapshots.at_or_before(0)) for run in race.racers.values()]
    assert same_weights(*starts) and same_data(*experiments.values())
    for name, run in race.racers.items():
        columns, state = alone(experiments[name])
        for column, values in columns.items():
            np.testing.assert_array_equal(run.history.column(column), values)
        boundary = look_back(experiments[name], [state], ("boundary",))[0]["boundary"]["z"]
        np.testing.assert_array_equal(race.levels[name].views["boundary"]["z"], boundary)
    a, b = (decisions(level.views["boundary"]["z"], BASE) for level in race.levels.values())
    assert (share_different(a, b) == 0) == (not changes)
    race.free()


def test_a_run_is_kept_as_it_was_at_the_epoch_that_is_looked_at(runs):
    run = runs.create(BASE)
    with pytest.raises(NotKept, match="nothing to keep"):
        keep(runs, run, 1)
    runs.play(run)
    wait_for(lambda: run.over and not run.flight)
    runs.look(run, 17)
    wait_for(lambda: run.moment and run.moment.epoch == 17)
    kept = keep(runs, run.shown, 1)
    # What becomes of the run changes nothing about it.
    runs.reset(run, BASE.change(seed=2))
    wait_for(kept.collect)
    shorter = BASE.change(epochs=17)
    columns, state = alone(shorter)
    assert (kept.epoch, kept.word, kept.changed, kept.problem) == (17, "paused", False, "")
    for name in kept.rows.names:
        np.testing.assert_array_equal(kept.rows.column(name), columns[name])
    views = look_back(shorter, [state], ("boundary", "predictions"))[0]
    np.testing.assert_array_equal(kept.views["boundary"]["z"], views["boundary"]["z"])
    np.testing.assert_array_equal(kept.views["predictions"]["test"], views["predictions"]["test"])
    runs.free(run)


def test_the_weights_in_a_state_are_those_of_the_model():
    found = {}
    for changes in (
        {},
        {"hidden": "6"},
        {"initializer": "he_normal"},
        {"dropout": 0.2},
        {"normalization": "batch"},
    ):
        experiment = BASE.change(**changes)
        weights = weights_of(experiment, train_chunk(experiment, None).state)
        model = build(experiment, experiment.batches).model
        wanted = [v.numpy() for v in model.variables if v.dtype == "float32"]
        assert len(weights) == len(wanted) and sum(w.size for w in weights) == model.count_params()
        for one, other in zip(weights, wanted, strict=True):
            np.testing.assert_array_equal(one, other)
        found[str(changes)] = weights
    start, wider, otherwise, dropped, _ = found.values()
    assert same_weights(start, wider) is None
    assert same_weights(start, otherwise) is False
    assert same_weights(start, dropped) is True
    assert not same_data(BASE, BASE.change(seed=2))


def test_over_seeds_bands_and_maps_are_those_of_the_single_runs(runs):
    repeat = Repeat(runs, BASE, 4)
    repeat.play()
    run_out(repeat)
    assert repeat.finished and repeat.progress == 1 and not repeat.held
    singles = {seed: alone(BASE.change(seed=seed)) for seed in (1, 2, 3, 4)}
    assert [outcome.seed for outcome in repeat.done] == [*singles]
    for name in repeat.measures:
        table = np.stack([columns[name] for columns, _ in singles.values()])
        found = np.stack([outcome.values[name] for outcome in repeat.done])
        np.testing.assert_array_equal(found, table)
        np.testing.assert_array_equal(
            quartiles(found, name), np.quantile(table, [0.25, 0.5, 0.75], axis=0, method="nearest")
        )
        assert [outcome.final[name] for outcome in repeat.done] == table[:, -1].tolist()
    maps = []
    for seed, (_, state) in singles.items():
        z = look_back(BASE.change(seed=seed), [state], ("boundary",))[0]["boundary"]["z"][0]
        maps.append(z > 0)
    found = shares([outcome.answers for outcome in repeat.done], 2)
    np.testing.assert_allclose(found[1], np.mean(maps, axis=0))
    np.testing.assert_allclose(found.sum(axis=0), 1)


def test_over_seeds_a_regression_keeps_its_outputs_over_the_plane(runs):
    base = BASE.change(data="plane", loss="mse", epochs=3)
    repeat = Repeat(runs, base, 2)
    repeat.play()
    run_out(repeat)
    for outcome in repeat.done:
        _, state = alone(base.change(seed=outcome.seed))
        z = look_back(base.change(seed=outcome.seed), [state], ("boundary",))[0]["boundary"]["z"][0]
        np.testing.assert_allclose(outcome.answers, z, rtol=1e-5, atol=1e-6)


def test_what_is_stopped_keeps_what_is_done_and_goes_on_from_there(runs):
    repeat = Repeat(runs, BASE, 6)
    repeat.play()
    while len(repeat.done) < 2:
        repeat.tick()
    repeat.stop()
    kept = {outcome.seed: outcome for outcome in repeat.done}
    assert 2 <= len(kept) < 6 and not repeat.held and repeat.seconds_left is None
    repeat.play()
    run_out(repeat)
    assert repeat.finished and all(repeat.outcomes[seed] is outcome for seed, outcome in kept.items())
    # The clock stands still while nothing is trained.
    assert repeat.spent > 0


def test_a_run_that_diverges_is_the_worst_of_all(runs):
    wild = make({"data": "circle", "hidden": "8", "samples": 60, "epochs": 8, "optimizer": "sgd",
                 "learning_rate": 100.0, "activation": "exponential"})  # fmt: skip
    repeat = Repeat(runs, wild, 2)
    repeat.play()
    run_out(repeat)
    assert {outcome.end for outcome in repeat.done} == {"diverged"}
    assert all(np.isnan(outcome.final["val_loss"]) and outcome.message for outcome in repeat.done)
    table = np.stack([outcome.values["val_loss"] for outcome in repeat.done])
    assert np.isinf(quartiles(table, "val_loss")[:, -1]).all()
    assert (quartiles(np.full((2, 3), np.nan), "val_accuracy") == -np.inf).all()


def test_targets_are_met_from_the_right_side():
    assert meets(0.95, 0.95, "accuracy") and not meets(0.94, 0.95, "accuracy")
    assert meets(0.05, 0.1, "loss") and not meets(0.2, 0.1, "rmse") and not meets(float("nan"), 0.1, "loss")
    epochs = np.array([1, 2, 3])
    assert first_met(np.array([0.5, 0.96, 0.9]), epochs, 0.95, "accuracy") == 2
    assert first_met(np.array([0.5, 0.4, 0.3]), epochs, 0.1, "loss") is None


def test_the_interval_is_wilson_s():
    # Values from Wilson (1927) by hand, as any statistics table has them.
    assert interval(14, 20) == pytest.approx((0.4810, 0.8545), abs=1e-4)
    assert interval(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert interval(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)


@pytest.mark.parametrize("name", COMPARED)
def test_every_setting_has_another_value_to_try(name):
    text = another(BASE, name)
    changed = with_value(BASE, name, text)
    fits = name in ("steps", "recurrent_scale", "features", "nesterov", "classes") or changed != BASE
    assert fits, f"{name}={text}"
