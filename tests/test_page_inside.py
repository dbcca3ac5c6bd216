"""The panel of the layers without a browser: closed it costs nothing, open it shows the whole run."""

import csv
import io
import json
from typing import Any

import numpy as np
import pytest
import visits
from feeds import brought
from streamlit.testing.v1 import AppTest
from visits import opened, press, workers  # noqa: F401

from nnplay.experiment import Experiment
from nnplay.jobs.record import VIEW
from nnplay.ui import inside, server, session
from nnplay.ui.download import as_csv
from nnplay.ui.inside import readings, words
from nnplay.ui.inside.panel import CHOICES, columns

# With dropout the program is not compiled by XLA: seconds less.
DENSE = "data=circle&hidden=4-3&epochs=60&dropout=0.1&samples=60"


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def parts(at: AppTest) -> dict[str, bytes]:
    """What the page's feed brought last."""
    return brought(at, "numbers")


def choose(at: AppTest, name: str | None) -> None:
    group = next(found for found in at.get("button_group") if "inside_of_" in (found.key or ""))
    group.set_value(name).run()
    assert not at.exception


def said(at: AppTest) -> list[str]:
    return json.loads(parts(at)["inside_words"])


def rows(at: AppTest) -> list[list[str]]:
    found = json.loads(parts(at)["inside_table"])
    assert found["head"] == list(words.HEAD)
    return [[row[0]["name"], *row[1:]] for row in found["rows"]]


def trained(link: str) -> AppTest:
    at = opened(link)
    press(at, "play")
    visits.until(at, lambda: run_of(at).over)
    return at


def test_closed_nothing_is_asked_measured_or_sent_and_opened_late_the_past_is_filled_in():
    at = trained(DENSE)
    run = run_of(at)
    assert VIEW not in run.wanted and not run.record.kept and run.record.latest is None
    assert not [name for name in parts(at) if name.startswith("inside")]
    choose(at, "weights")
    visits.until(at, lambda: [kept.epoch for kept in run.record.kept][-1:] == [60] and not run.measuring)
    visits.until(at, lambda: not run.record.wanted(run.snapshots.epochs))
    assert run.record.kept[0].epoch == 0
    at.run()
    assert "inside_chart" in parts(at)
    assert "from 0 to 60" in said(at)[-1] and "those after epoch 60" in said(at)[-1]
    name, shape, gradient, step, *_ = rows(at)[0]
    assert (name, shape) == ("layer 1", "2 × 4 + 4")
    last = dict(zip(run.history.names, run.history.values[-1], strict=True))
    assert float(gradient) == pytest.approx(last["grad_1"], rel=1e-2)
    assert float(step) == pytest.approx(last["update_1"], rel=1e-2)
    # Closed again: nothing is sent any more, nor asked.
    choose(at, None)
    assert not [name for name in parts(at) if name.startswith("inside")] and VIEW not in run.wanted
    # And a reset begins a new record.
    choose(at, "saturation")
    press(at, "reset")
    visits.until(at, lambda: run.record.latest is not None)
    assert [kept.epoch for kept in run.record.kept] == [0] and run.record.latest.epoch == 0


def test_every_measure_is_drawn_said_and_saved():
    at = trained(DENSE)
    run = run_of(at)
    for name in CHOICES:
        choose(at, name)
        visits.until(at, lambda: run.record.latest is not None and run.record.latest.epoch == 60)
        if CHOICES[name].recorded:
            visits.until(at, lambda: not run.record.wanted(run.snapshots.epochs))
        at.run()
        assert CHOICES[name].about in visits.words(at)
        assert said(at)[0].endswith(".") and said(at)[-1].startswith("Measured")
        table = list(csv.DictReader(io.StringIO(as_csv(columns(run, name)))))
        if name in ("gradients", "updates"):
            assert len(table) == 60 and list(table[0]) == ["epoch", "layer 1", "layer 2", "output"]
            kind = "grad" if name == "gradients" else "update"
            values = [float(row["layer 2"]) for row in table]
            np.testing.assert_allclose(values, run.history.column(f"{kind}_2"), rtol=1e-6)
        else:
            assert len(table) == 3 * len(run.record.kept) and table[0]["epoch"] == "0.0"
            assert table[1]["layer"] == "layer 2"


def test_what_is_not_defined_is_said():
    at = trained("data=recall&steps=3&hidden=gru3-4&activation=tanh&epochs=4&dropout=0.1&samples=40")
    choose(at, "saturation")
    visits.until(at, lambda: run_of(at).record.latest is not None and run_of(at).record.latest.epoch == 4)
    at.run()
    assert [row[-1] for row in rows(at)][::2] == ["not defined", "not defined"]
    text = " ".join(said(at))
    assert "Not defined for layer 1: a recurrent layer has its sums inside" in text
    assert "Not defined for the output layer" in text


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([1e-5, 1.0, 0.034], "The gradient of layer 1 is 3,400 times smaller than that of the output layer."),
        ([1.0, 2.0, 1.2], "The gradient of layer 1 is about as large as that of the output layer."),
        ([8.0, 2.0, 1.0], "The gradient of layer 1 is 8 times larger than that of the output layer."),
        ([0.0, 0.0, 1.0], "No gradient at all reaches layer 1 and layer 2: it is exactly 0."),
        ([np.inf, 1.0, 1.0], "The gradient of layer 1 is not finite any more."),
    ],
)
def test_ratios_in_words(values: list[float], wanted: str):
    assert words.gradients(np.array(values), readings.layer_names(3))[0] == wanted


def test_steps_dead_units_and_outputs_in_words():
    names = readings.layer_names(3)
    found = words.updates(np.array([1e-5, 1e-3, 0.1]), names)
    assert found == [
        "A step changes the output layer by 0.1 of the size of its weights, layer 1 by 1.0 · 10⁻⁵.",
        "Around 0.001 is usual: one layer is below, one layer is above that.",
    ]
    values = {
        "dead": np.array([0, 0.41, 0]), "saturated": np.array([0.1, 0.5, 0]), "std": np.ones(3),
    }  # fmt: skip
    found = words.saturation(values, names, Experiment())
    assert found == ["Layer 2: 41% of the units are dead.", "Most saturated: layer 2, 50% of its answers."]


def test_views_are_those_of_the_panel():
    assert inside.views_wanted and set(CHOICES) == {
        "gradients", "updates", "saturation", "weights", "activations",
    }  # fmt: skip
