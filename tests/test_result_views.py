"""Every view of the result for every dataset it says it fits: drawn, labelled, told, and right."""

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnplay.data import DATASETS
from nnplay.engine.build import build
from nnplay.engine.inspection import VIEWS, look
from nnplay.experiment import Experiment, make, settle
from nnplay.figures import as_figure, encode
from nnplay.ui.result.registry import RESULT_VIEWS, fitting
from nnplay.ui.result.view import Look

LOOKS = [Look(), Look(dark=True, test=False, discrete=True, of_training=True)]


def shown_of(experiment: Experiment, views: dict[str, Any]) -> Any:
    return SimpleNamespace(id="a", generation=1, origin=experiment, experiment=experiment, views=views)


def measured(experiment: Experiment) -> Any:
    """What is shown of the untrained network."""
    needs = {name for view in fitting(experiment).values() for name in view.needs}
    return shown_of(experiment, look(experiment, build(experiment, 1), sorted(needs)))


@pytest.mark.parametrize("data", DATASETS)
def test_every_view_of_every_dataset(data: str) -> None:
    experiment, _ = settle({"data": data, "samples": 60, "hidden": "3"})
    shown, views = measured(experiment), fitting(experiment)
    assert len(views) >= 2
    broken = {name: _without_numbers(view) for name, view in shown.views.items()}
    for view in views.values():
        assert view.is_measured(shown)
        for person in LOOKS:
            for what in (shown, shown_of(experiment, {}), shown_of(experiment, broken)):
                spec = view.draw(what, person)
                encode(spec)
                figure = as_figure(spec)
                assert figure.layout.xaxis.title.text and figure.layout.yaxis.title.text
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
        assert set(view.needs) <= set(VIEWS) and view.switches
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
