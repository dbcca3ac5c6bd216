"""The sweep page, by visits without a browser: chosen, refused, trained, cancelled."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from threading import Barrier, BrokenBarrierError
from time import sleep

import numpy as np
from dask_cluster import scheduler, started_worker, wait_for_workers
from feeds import brought
from streamlit.testing.v1 import AppTest
from visits import opened, press, until, words, workers

from nnplay.experiment import DEFAULT, Experiment
from nnplay.jobs import Settings
from nnplay.jobs.lanes import Lanes
from nnplay.sweep import Outcome, Sweep, Sweeps, make_plan
from nnplay.sweep.cluster import VARIABLE
from nnplay.ui import session
from nnplay.ui.sweep import running
from nnplay.ui.sweep.brushing import with_brush
from nnplay.ui.sweep.chosen import Chosen
from nnplay.ui.sweep.figures import heat_figure, narrowed

__all__ = ["scheduler", "workers"]
SMALL = Chosen((("activation", ("tanh", "relu")), ("hidden", ("4", "lstm4"))), seeds=2, epochs=40)


def visit(choice: Chosen = SMALL) -> AppTest:
    at = opened("data=circle&samples=60", "pages/sweep.py")
    at.session_state[session.SWEEP_CHOSEN] = choice
    at.run()
    assert not at.exception
    return at


def sweep_of(at: AppTest) -> Sweep:
    where, id = at.session_state[session.SWEEP]
    return where.get(id)


def parts(at: AppTest) -> dict[str, bytes]:
    """What the page's feed brings."""
    return brought(at, "sweep_parallel")


def test_a_sweep_from_the_choice_to_the_table():
    at = visit()
    said = words(at)
    assert "2 × 2 choices × 2 seeds: **8 runs**" in said and "known after the first runs" in said
    assert "takes a sequence" in said, "the choices that cannot be trained are listed with the reason"
    press(at, "sweep_start")
    sweep = sweep_of(at)
    until(at, lambda: sweep.over)
    at.run()
    assert sorted(outcome.number for outcome in sweep.outcomes) == list(range(1, 9))
    assert {outcome.end for outcome in sweep.outcomes} == {"finished", "refused"}
    drawn = parts(at) or {}
    assert not drawn or set(drawn) == {"sweep_parallel", "sweep_heat", "sweep_best"}
    shown = at.dataframe[0].value
    assert list(shown["run"]) == list(range(1, 9)) and list(shown["end"]).count("refused") == 4
    finished = next(outcome for outcome in sweep.outcomes if outcome.number == 1)
    assert shown["val_loss"].iloc[0] == np.float32(finished.final["val_loss"])
    # Its link opens the very run.
    assert Experiment.from_link(finished.link) == sweep.plan.trials[0].experiment
    # By now it is known how long such a sweep takes.
    assert "by what sweeps on this server took before" in words(at)


def test_a_sweep_is_cancelled_and_what_is_done_is_kept():
    at = visit(Chosen((("learning_rate", ("0.1", "0.01")),), seeds=2, epochs=50_000))
    press(at, "sweep_start")
    sweep = sweep_of(at)
    until(at, lambda: sweep.under_way)
    press(at, "sweep_cancel")
    assert (
        sweep.over and sweep.cancelled and "0 of 4 runs are done and kept" in at.get("progress")[0].proto.text
    )
    assert at.button(key="sweep_start")


def test_a_scheduler_that_does_not_answer_is_said_and_the_own_workers_train(monkeypatch):
    monkeypatch.setenv(VARIABLE, "somewhere")
    said = words(visit())
    assert "tcp://192.168.0.5:8786, not 'somewhere'" in said and "own workers train" in said
    # Looked for again after a while, and there now.
    monkeypatch.setattr(running, "AGAIN_SECONDS", 0.0)
    opened, closed = [], []

    def open_cluster(address: str, *_, **__) -> Sweeps:
        opened.append(
            Sweeps(Lanes(1, ThreadPoolExecutor), Settings(1), at_end=lambda: closed.append(address))
        )
        return opened[-1]

    monkeypatch.setattr(running, "open_cluster", open_cluster)
    assert "own workers train" not in words(visit()) and len(opened) == 1
    opened[0].alive = lambda: False
    visit()
    assert len(opened) == 2, "one whose scheduler has gone is looked for again"
    assert closed == ["somewhere"], "and closed"


def test_two_visits_that_find_a_cluster_gone_open_one_other(monkeypatch):
    both, opened, closed = Barrier(2), [], []

    def open_cluster(*_, **__) -> Sweeps:
        opened.append(Sweeps(Lanes(1, ThreadPoolExecutor), Settings(1), at_end=lambda: closed.append(1)))
        return opened[-1]

    def gone() -> bool:
        # Where one does not wait for the other, both ask at the same moment; one of them hears of it late.
        with suppress(BrokenBarrierError):
            sleep(0.5 * both.wait(1))
        return False

    monkeypatch.setattr(running, "open_cluster", open_cluster)
    running._found("here")
    opened[0].alive = gone
    with ThreadPoolExecutor(2) as visits:
        found = list(visits.map(running._found, ["here"] * 2))
    assert len(opened) == 2 and found == [(opened[1], "")] * 2 and len(closed) == 1


def test_narrow_whole_ranges_are_drawn_value_by_value():
    plan = make_plan(DEFAULT, {"epochs": ["1..3"], "seed": ["1..10"]}, sample=30)
    outcomes = [
        Outcome(trial.number, trial.combination, 1, "", "finished", final={"val_loss": 1.0})
        for trial in plan.trials
    ]
    figure = heat_figure(plan, outcomes, ("epochs", "seed", "val_loss"), "a")
    assert figure["layout"]["xaxis"]["ticktext"] == ["1", "2", "3"]
    assert figure["layout"]["yaxis"]["ticktext"] == ["1 to 2", "3 to 4", "5 to 6", "7 to 8", "9 to 10"]
    # All there are were drawn: two seeds in each of the parts.
    assert figure["data"][0]["customdata"].tolist() == [[2, 2, 2]] * 5


def test_the_cluster_of_the_environment_trains_though_a_worker_is_killed(scheduler, monkeypatch):
    from nnplay.engine.fit import run

    choice = Chosen((("learning_rate", ("0.1", "0.03", "0.01", "0.003")),), seeds=2, epochs=1500)
    with ExitStack() as stack:
        first, _ = (started_worker(stack, scheduler) for _ in range(2))
        wait_for_workers(scheduler, 2)
        monkeypatch.setenv(VARIABLE, scheduler)
        at = visit(choice)
        press(at, "sweep_start")
        where, sweep = at.session_state[session.SWEEP][0], sweep_of(at)
        stack.callback(where.lanes.close)
        assert where is not running.sweeps_here() and where.lanes.count == 2
        until(at, lambda: sweep.done >= 1)
        first.kill()
        assert not sweep.over
        until(at, lambda: sweep.over)
        at.run()
        # The table on the page, beside the same runs trained here.
        shown = at.dataframe[0].value
        assert list(shown["run"]) == list(range(1, 9)) and set(shown["end"]) == {"finished"}
        for trial, loss in zip(sweep.plan.trials[:3], shown["val_loss"], strict=False):
            results, _ = run(trial.experiment)
            column = results[-1].rows.names.index("val_loss")
            assert np.float32(loss) == results[-1].rows.values[-1, column]


def test_what_is_wrong_is_said_and_nothing_starts():
    at = visit(Chosen((("hidden", ("4", "4--4")),)))
    assert "Unknown hidden layer" in words(at) and at.button(key="sweep_start").disabled
    at = visit(Chosen((("learning_rate", ("fast",)),)))
    assert "from 1e-06 to 100, not 'fast'" in words(at)
    at = visit(Chosen((("batch_size", tuple(map(str, range(1, 101)))),), seeds=10))
    assert "A sweep may have 500 runs" in words(at)


def test_ranges_are_drawn_from_and_a_brush_narrows_lines_map_and_tables():
    at = visit(Chosen((("learning_rate", ("0.001..0.1",)),), seeds=1, epochs=5))
    assert "say how many choices are drawn" in words(at) and at.button(key="sweep_start").disabled
    wanted = Chosen((("learning_rate", ("0.001..0.1",)), ("hidden", ("2", "3"))), seeds=1, sample=6, epochs=5)
    at = visit(wanted)
    assert "6 choices drawn at random: **6 runs**" in words(at)
    press(at, "sweep_start")
    sweep = sweep_of(at)
    until(at, lambda: sweep.over)
    at.run()
    rates = {outcome.number: outcome.combination.values["learning_rate"] for outcome in sweep.outcomes}
    assert len(at.dataframe[0].value) == len(set(rates.values())) == 6
    # The lower half of the first axis: even in the logarithm, between the least and the largest drawn.
    parts = with_brush(sweep, {}, {"x": 0.2, "y": 0.5, "to": -0.1})
    for nothing in ({"x": "no"}, {"x": 1}, "no", {"x": 0.0, "y": float("nan")}, {"x": 1, "y": 0, "to": []},
                    {"x": 10**400, "y": 0}, {"x": 0, "y": -(10**400), "to": 1}):  # fmt: skip
        assert with_brush(sweep, parts, nothing) == parts
    assert with_brush(sweep, parts, {"x": -3, "y": 0.5}) == {}
    at.session_state[session.SWEEP_BRUSHED] = sweep.id, parts
    middle = (min(rates.values()) * max(rates.values())) ** 0.5
    kept = [number for number, rate in rates.items() if rate <= middle]
    at.run()
    assert list(at.dataframe[0].value["run"]) == sorted(kept) and 0 < len(kept) < 6
    assert f"Narrowed to {len(kept)} of 6 trained runs: learning rate" in words(at)
    shown = ("learning_rate", "hidden", "val_loss")
    drawn = [
        np.isfinite(np.asarray(heat_figure(sweep.plan, outcomes, shown, "a")["data"][0]["z"], float)).sum()
        for outcomes in (sweep.outcomes, narrowed(sweep.plan, sweep.outcomes, parts))
    ]
    assert 0 < drawn[1] < drawn[0]
    press(at, "sweep_free")
    assert len(at.dataframe[0].value) == 6 and "Narrowed" not in words(at)
