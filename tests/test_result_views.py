"""Every view of the result for every dataset it says it fits: drawn, labelled, told, and right."""

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st

from nnplay.data import DATASETS, Dataset, hold
from nnplay.data.own import columns_of, guess, read_text
from nnplay.data.own import make as make_own
from nnplay.engine.build import build
from nnplay.engine.inspection import VIEWS, look
from nnplay.experiment import Experiment, make, settle
from nnplay.figures import as_figure, encode
from nnplay.ui import session
from nnplay.ui.result import place
from nnplay.ui.result.registry import RESULT_VIEWS, fitting
from nnplay.ui.result.view import Look

LOOKS = [Look(), Look(dark=True, test=False, discrete=True, of_training=True, row=3)]


def shown_of(experiment: Experiment, views: dict[str, Any]) -> Any:
    return SimpleNamespace(id="a", generation=1, origin=experiment, experiment=experiment, views=views)


def measured(experiment: Experiment) -> Any:
    """What is shown of the untrained network."""
    needs = {name for view in fitting(experiment).values() for name in view.needs}
    return shown_of(experiment, look(experiment, build(experiment, 1), sorted(needs)))


def own_table(inputs: int, target: str) -> Dataset:
    """A visitor's table of 60 rows."""
    rows = np.random.default_rng(1).normal(size=(60, inputs)).round(3)
    total = rows.sum(axis=1)
    answers = {
        "two classes": np.where(total > 0, "high", "low"),
        "three classes": np.array(["low", "middle", "high"])[np.digitize(total, (-0.5, 0.5))],
        "a number": total.round(3),
    }[target]
    lines = [",".join(map(str, (*row, answer))) for row, answer in zip(rows, answers, strict=True)]
    columns = columns_of(read_text("\n".join([",".join([*"abcd"[:inputs], "target"]), *lines])))
    return hold(make_own(columns, guess(columns), "mine").dataset)


OWN = {
    f"{inputs}, {target}": (inputs, target)
    for inputs in (1, 2, 4)
    for target in ("two classes", "three classes", "a number")
}


@pytest.mark.parametrize("data", [*DATASETS, *OWN])
def test_every_view_of_every_dataset(data: str) -> None:
    own = own_table(*OWN[data]) if data in OWN else None
    experiment, _ = settle({"data": own.name if own else data, "samples": 60, "hidden": "3"})
    shown, views = measured(experiment), fitting(experiment)
    assert len(views) >= 2
    broken = {name: _without_numbers(view) for name, view in shown.views.items()}
    for view in views.values():
        assert view.is_measured(shown)
        for person in LOOKS:
            for what in (shown, shown_of(experiment, {}), shown_of(experiment, broken)):
                spec = view.draw(what, person)
                encode(spec)
                assert spec["layout"]["xaxis"]["title"]["text"] and spec["layout"]["yaxis"]["title"]["text"]
            # By Plotly's own rules.
            as_figure(view.draw(shown, person))
            words = view.words(shown, person)
            assert words.endswith(".") and not re.search(r"\bnan\b", words), words
            assert "no numbers any more" in view.words(shown_of(experiment, broken), person)


def _without_numbers(value: Any) -> Any:
    """The same view of a network that diverged."""
    gone = ("z", "y", "train", "test")
    return {name: np.full_like(part, np.nan) if name in gone else part for name, part in value.items()}


def test_names_and_sentences() -> None:
    for name, view in RESULT_VIEWS.items():
        assert view.name == name and view.about.endswith(".") and len(view.about) <= 100
        assert set(view.needs) <= set(VIEWS) and (view.switches or view.of_one)
    assert len({view.label for view in RESULT_VIEWS.values()}) == len(RESULT_VIEWS)


def test_misclassified_samples_are_marked_and_counted() -> None:
    experiment = make({"data": "moons", "samples": 60, "hidden": "3", "label_noise": 0.2})
    shown, split = measured(experiment), experiment.load_data()
    # By hand: an answer on the other side of 0 than the class.
    wrong = [
        (shown.views["predictions"][part][:, 0] > 0) != (y == 1)
        for part, y in (("train", split.y_train), ("test", split.y_test))
    ]
    view = RESULT_VIEWS["plane"]
    crosses = next(trace for trace in view.draw(shown, Look())["data"] if trace.get("meta") == "marks")
    marked = np.stack([crosses["x"], crosses["y"]], axis=1)[1:]
    truth = np.concatenate([split.positions_train[wrong[0]], split.positions_test[wrong[1]]])
    np.testing.assert_array_equal(marked, truth)
    words = view.words(shown, Look())
    assert f"{wrong[0].sum()} of 30 training samples" in words and f"{wrong[1].sum()} of 30 test" in words


def test_a_discretised_map_has_two_values() -> None:
    shown = measured(make({"data": "circle", "samples": 60, "hidden": "3"}))
    sides, line = RESULT_VIEWS["plane"].draw(shown, Look(discrete=True))["data"][:2]
    assert set(np.unique(sides["z"])) <= {0, 1} and sides["z"].dtype == np.uint8
    # Of the same grid points: 1 where the output is above 0.
    np.testing.assert_array_equal(sides["z"][::2, ::2], shown.views["boundary"]["z"][0] > 0)
    np.testing.assert_array_equal(line["z"], shown.views["boundary"]["z"][0])


def test_the_surest_mistakes_come_first() -> None:
    experiment = make({"data": "digits", "hidden": "8", "loss": "categorical_crossentropy"})
    shown, split = measured(experiment), experiment.load_data()
    outputs = shown.views["predictions"]["test"]
    mistakes = np.flatnonzero(outputs.argmax(axis=1) != split.y_test)
    surest = mistakes[outputs.max(axis=1)[mistakes].argmax()]
    grid = RESULT_VIEWS["errors"].draw(shown, Look())
    first = grid["data"][1]["text"][0]
    said, sure = outputs[surest].argmax(), outputs[surest].max()
    assert first == f"is {split.y_test[surest]}<br>{said} · {sure:.0%}".replace("%", "\u00a0%")
    image = grid["data"][0]["z"]
    ink = np.argwhere(image > 0)[0]
    drawn = (image[ink[0] : ink[0] + 8, :8].astype(float) - 1) / 254
    np.testing.assert_allclose(drawn, split.positions_test[surest].reshape(8, 8), atol=0.003)


def test_a_sequence_with_its_answer_and_all_answers_in_order() -> None:
    experiment = make({"data": "wave", "samples": 60, "hidden": "rnn3", "steps": 6})
    shown, split = measured(experiment), experiment.load_data()
    answers = shown.views["predictions"]["test"][:, 0]
    one = RESULT_VIEWS["sequence"]
    wave, said, target = one.draw(shown, Look(row=4))["data"]
    np.testing.assert_array_equal(wave["y"], split.positions_test[4, :, 0])
    assert target["y"][-1] == split.y_test[4] and said["y"][-1] == answers[4] and said["x"][-1] > 6
    missed = abs(answers[4] - split.y_test[4])
    assert one.words(shown, Look(row=4)).startswith("Test sample 5:")
    assert f"misses by {missed:.3f}" in one.words(shown, Look(row=4))
    order = RESULT_VIEWS["order"]
    mark, said, target = order.draw(shown, Look(row=4))["data"]
    places = np.argsort(split.y_test)
    np.testing.assert_array_equal(target["y"], split.y_test[places])
    np.testing.assert_array_equal(said["y"], answers[places])
    # A click at the chosen sample's place finds it again.
    assert order.row_at and order.row_at(shown, Look(), float(mark["x"][0])) == 4
    assert order.row_at(shown, Look(), -1e9) == places[0]


def test_the_nearest_wave_is_looked_for_once_for_picture_words_and_all_later_ticks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = make({"data": "wave", "samples": 60, "hidden": "rnn3", "steps": 6, "seed": 77})
    shown, view, fits = measured(experiment), RESULT_VIEWS["forecast"], []
    solve = np.linalg.pinv
    monkeypatch.setattr(np.linalg, "pinv", lambda known: fits.append(1) or solve(known))
    first = view.draw(shown, Look(row=1))["data"][1]["y"]
    once = len(fits)
    view.words(shown, Look(row=1))
    np.testing.assert_array_equal(view.draw(shown, Look(row=1))["data"][1]["y"], first)
    assert once and len(fits) == once
    assert (view.draw(shown, Look(row=2))["data"][1]["y"] != first).any() and len(fits) == 2 * once


def test_a_forecast_is_fed_with_its_own_answers() -> None:
    experiment = make({"data": "wave", "samples": 60, "hidden": "rnn3", "steps": 6})
    shown, split = measured(experiment), experiment.load_data()
    view, network = RESULT_VIEWS["forecast"], build(experiment, 1)
    sequence, wave, said = view.draw(shown, Look(row=4))["data"]
    np.testing.assert_array_equal(sequence["y"], split.positions_test[4, :, 0])
    np.testing.assert_allclose(wave["y"][1], split.y_test[4], atol=0.02)
    fed = list(split.positions_test[4, :, 0])
    for answer in said["y"][1:6]:
        (wanted,) = network.model(np.array(fed[-6:], np.float32)[None, :, None])[0]
        np.testing.assert_allclose(answer, wanted, atol=1e-5)
        fed.append(float(wanted))
    assert view.words(shown, Look(row=4)).startswith("Test sample 5, carried on")
    # More rows than there are: said, and one of those is shown.
    count = len(shown.views["forecast"]["test"])
    assert f"Only the first {count} test samples" in view.words(shown, Look(row=count + 2))


def test_a_click_on_the_fit_chooses_its_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = make({"data": "wave", "samples": 60, "hidden": "rnn3", "steps": 6})
    shown = shown_of(experiment, {})
    state: dict[str, Any] = {session.RESULT_VIEW: "order", session.OF_TRAINING: False}
    state |= {name: False for name in (session.SHOW_TEST, session.DISCRETE, session.SAMPLE_OPEN)}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(place.visit, "run", lambda: shown)
    last = int(experiment.load_data().y_test.argmax())
    for message, row in (({"x": 1e6, "y": 0.0}, last), ({"x": "1"}, last), ("no", last), ({"x": 0.4}, None)):
        place.picked(message)
        assert state[session.SAMPLE].row == (
            int(experiment.load_data().y_test.argmin()) if row is None else row
        )
