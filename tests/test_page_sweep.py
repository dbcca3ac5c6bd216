"""The sweep page, by visits without a browser: chosen, refused, trained, cancelled."""

import json

import numpy as np
from streamlit.testing.v1 import AppTest
from visits import opened, press, until, words, workers

from nnplay.experiment import Experiment
from nnplay.sweep import Sweep
from nnplay.sweep.cluster import VARIABLE
from nnplay.ui import session
from nnplay.ui.sweep.chosen import Chosen

__all__ = ["workers"]
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
    for element in at.get("bidi_component"):
        data = element.proto.bytes
        if data.startswith(b'{"sweep_'):
            head, _, rest = data.partition(b"\n")
            found = {}
            for name, length in json.loads(head).items():
                found[name], rest = rest[:length], rest[length:]
            return found
    return {}


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


def test_what_is_wrong_is_said_and_nothing_starts():
    at = visit(Chosen((("hidden", ("4", "4--4")),)))
    assert "Unknown hidden layer" in words(at) and at.button(key="sweep_start").disabled
    at = visit(Chosen((("learning_rate", ("fast",)),)))
    assert "from 1e-06 to 100, not 'fast'" in words(at)
    at = visit(Chosen((("batch_size", tuple(map(str, range(1, 101)))),), seeds=10))
    assert "A sweep may have 500 runs" in words(at)
