"""Sweeps on executors worked by hand: every run whole, once, whatever happens to workers and neighbours."""

import numpy as np
import pytest
from fake_piece import Bench, row

from nnplay.experiment import DEFAULT
from nnplay.sweep import Outcome, Sweep, make_plan, summary, table
from nnplay.sweep.outcome import csv

BASE = DEFAULT.change(epochs=100)
OVER = {"hidden": ["8-8", "4", "4-4", "lstm8"], "learning_rate": ["0.1", "0.01"]}


def assert_whole(found: Outcome) -> None:
    """The outcome is that of an uninterrupted run."""
    experiment = found.combination.experiment.model_copy(update={"seed": found.seed})
    rows = np.array([row(experiment, epoch) for epoch in range(1, experiment.epochs + 1)], np.float32)
    assert (found.end, found.epochs) == ("finished", experiment.epochs)
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    assert found.final == dict(zip(names, rows[-1, 1:].tolist(), strict=True))
    assert found.best["val_loss"] == rows[:, 3].min() and found.best["accuracy"] == rows[:, 2].max()
    assert found.best_epoch == rows[rows[:, 3].argmin(), 0]
    assert len(found.curve) <= 60 and found.link == experiment.to_link()
    np.testing.assert_array_equal(found.curve, rows[found.curve[:, 0].astype(int) - 1][:, [0, 1, 3]])


def numbers(sweep: Sweep) -> list[int]:
    return sorted(outcome.number for outcome in sweep.outcomes)


def test_a_sweep_that_is_not_over_ends_when_all_is_closed():
    bench = Bench()
    done, going = (bench.sweeps.start(make_plan(BASE, {"hidden": [hidden]})) for hidden in ("4", "8"))
    ended = []
    bench.sweeps._at_end = lambda: ended.append(going.over)
    while not done.over:
        bench.work(1)
    last = bench.sweeps.start(make_plan(BASE, {"hidden": ["4-4"]}, seeds=9))
    bench.work(1)
    bench.sweeps.close()
    assert ended and not done.fault and last.over and "The workers have gone away" in last.fault
    assert last.ended is not None and last.done < 9


def test_every_run_is_trained_once_and_refused_ones_are_listed():
    bench = Bench()
    plan = make_plan(BASE, OVER, seeds=3)
    sweep = bench.sweeps.start(plan)
    assert [outcome.end for outcome in sweep.outcomes] == ["refused"] * 6
    assert "takes a sequence" in sweep.outcomes[0].message
    assert bench.sweeps.remaining_seconds(sweep) is None, "nothing is measured yet"
    bench.work(6)
    assert not sweep.over and bench.sweeps.remaining_seconds(sweep) > 0
    bench.work()
    assert sweep.over and numbers(sweep) == list(range(1, plan.runs + 1))
    assert bench.sweeps.remaining_seconds(sweep) == 0
    for outcome in sweep.outcomes:
        if outcome.end != "refused":
            assert_whole(outcome)


def test_a_lane_stays_with_a_program_while_it_has_runs():
    bench = Bench()
    sweep = bench.sweeps.start(make_plan(BASE, {"hidden": ["8-8", "4", "4-4", "2"]}, seeds=5))
    turns = [[], []]
    while not sweep.over:
        for lane, run in sweep.under_way.items():
            if not turns[lane] or turns[lane][-1] != run.key:
                turns[lane].append(run.key)
        bench.work(1)
    assert sum(map(len, turns)) == 4, "four programs, each on one lane"


@pytest.mark.parametrize("killed", [0, 1])
def test_a_lost_worker_loses_no_run_and_changes_no_number(killed):
    bench = Bench()
    plan = make_plan(BASE, {"hidden": ["8-8", "4"]}, seeds=4)
    sweep = bench.sweeps.start(plan)
    for _ in range(3):
        bench.work(2)
        bench.hands[-1 - killed].kill()
    bench.work()
    assert numbers(sweep) == list(range(1, plan.runs + 1))
    for outcome in sweep.outcomes:
        assert_whole(outcome)


def test_a_run_that_ends_every_worker_is_given_up_and_the_others_go_on():
    bench = Bench(lanes=1)
    sweep = bench.sweeps.start(make_plan(BASE, {"learning_rate": [0.1, 0.2]}))
    for _ in range(3):
        bench.hands[-1].kill()
    bench.work()
    ends = {outcome.number: outcome.end for outcome in sweep.outcomes}
    assert ends == {1: "failed", 2: "finished"} and "worker" in sweep.outcomes[0].message


def test_an_error_ends_one_run_with_its_sentence():
    bench = Bench()
    sweep = bench.sweeps.start(make_plan(BASE, {"seed": [1, 666, 3]}))
    bench.work()
    found = {outcome.seed: outcome for outcome in sweep.outcomes}
    assert found[666].end == "failed" and found[666].message == "RuntimeError: the weights"
    assert found[1].end == found[3].end == "finished"


def test_cancelled_what_is_done_is_kept_and_nothing_more_comes():
    bench = Bench()
    sweep = bench.sweeps.start(make_plan(BASE, OVER, seeds=3))
    bench.work(7)
    done = numbers(sweep)
    assert 6 < len(done) < 24
    bench.sweeps.cancel(sweep)
    bench.work()
    assert sweep.over and numbers(sweep) == done
    assert len(table(sweep.plan, sweep.outcomes)) == len(done)


def test_two_sweeps_take_turns_and_a_watched_one_is_suspended_with_its_lease():
    bench = Bench(lanes=1, lease_seconds=50, free_seconds=100)
    one = bench.sweeps.start(make_plan(BASE, {}, seeds=10), watched=True)
    other = bench.sweeps.start(make_plan(BASE, {}, seeds=10), watched=True)
    bench.work(12)
    assert abs(one.done - other.done) <= 1 and one.done >= 1
    bench.clock.now += 60
    bench.sweeps.watch(other)
    bench.work()
    assert other.over and not one.over, "nobody watches the first one"
    bench.sweeps.watch(one)
    bench.work()
    assert one.over and numbers(one) == list(range(1, 11))
    bench.clock.now += 200
    bench.sweeps.tidy()
    assert bench.sweeps.get(one.id) is None


def test_runs_of_pages_come_first():
    going = [0, 0]
    bench = Bench(going=lambda: going)
    sweep = bench.sweeps.start(make_plan(BASE, {"hidden": ["8-8", "4"]}, seeds=20))
    bench.work(1)
    assert set(sweep.under_way) == {0, 1}
    going[0] = 1
    bench.work(3)
    assert set(sweep.under_way) == {1}, "the lane on which nobody trains"
    going[:] = [1, 5]
    bench.work(3)
    assert set(sweep.under_way) == {0}, "a single lane, that with the fewest"
    assert bench.hands[0].tasks[0][2][0]["seconds"] == pytest.approx(0.1), "as short as the others' pieces"
    going[:] = [0, 0]
    bench.work()
    assert sweep.over and numbers(sweep) == list(range(1, 41))


def test_the_table_and_the_summary_say_what_came_out():
    bench = Bench()
    plan = make_plan(BASE, {"hidden": ["4", "lstm8"], "learning_rate": ["0.1", "0.01"]}, seeds=3)
    sweep = bench.sweeps.start(plan)
    bench.work()
    found = table(plan, sweep.outcomes)
    assert list(found["run"]) == list(range(1, 13))
    assert list(found["hidden"]) == ["4"] * 6 + ["lstm8"] * 6
    assert list(found["seed"]) == [1, 2, 3] * 4
    assert found["val_loss"].isna().sum() == 6 and set(found["end"]) == {"finished", "refused"}
    lines = csv(plan, sweep.outcomes).splitlines()
    assert len(lines) == 13 and "val_accuracy" in lines[0]
    first = next(outcome for outcome in sweep.outcomes if outcome.number == 1)
    cells = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert np.float32(cells["val_loss"]) == np.float32(first.final["val_loss"])
    best, second, *rest = summary(plan, sweep.outcomes)
    assert best.combination.values["learning_rate"] == 0.01 and best.loss[1] < second.loss[1]
    losses = sorted(outcome.final["val_loss"] for outcome in sweep.outcomes if outcome.number in (4, 5, 6))
    assert best.loss == tuple(losses) and (best.runs, best.diverged, best.failed) == (3, 0, 0)
    assert [entry.failed for entry in rest] == [3, 3]
