"""Drawings made like the pictures of a dataset: a judge that knows only the data reads them."""

import numpy as np
import pytest
from handwriting import DIGITS
from sklearn.svm import SVC

from nnplay.data.sample import BadSample
from nnplay.data.strokes import (
    MOST_POINTS,
    MOST_STROKES,
    check_strokes,
    drawn_picture,
    habit_of,
    stroke_width,
)
from nnplay.experiment import Experiment


@pytest.mark.parametrize(("data", "side"), [("digits", 8), ("digits28", 28)])
def test_a_judge_that_learned_the_data_reads_what_is_drawn(data: str, side: int) -> None:
    split = Experiment(data=data).load_data()
    habit = habit_of(split, (side, side))
    # Small and in a corner, or large: it is made like the data.
    drawn = [
        drawn_picture([0.1 + size * np.array(stroke) for stroke in DIGITS[digit]], (side, side), habit)
        for size in (1, 0.3)
        for digit in range(10)
    ]
    np.testing.assert_allclose(drawn[:10], drawn[10:], atol=0.35)
    read = SVC().fit(split.positions_train, split.y_train).predict(drawn)
    assert (read == np.tile(np.arange(10), 2)).mean() >= 0.9


def test_a_drawing_has_the_size_place_and_stroke_of_the_data() -> None:
    habit = habit_of(Experiment(data="digits28").load_data(), (28, 28))
    assert habit.size == 28
    # As MNIST has them.
    habit = type(habit)(size=20, center=(13.5, 13.5), pen=2.4, low=-1, high=3)
    pictures = np.array([drawn_picture(check_strokes(DIGITS[k]), (28, 28), habit) for k in range(10)])
    ink = (pictures.reshape(-1, 28, 28) + 1) / 4
    assert ink.min() == 0 and ink.max() == 1
    for each in ink:
        rows, columns = np.nonzero(each > 0.1)
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1.1)
        center = [np.average(np.arange(28), weights=each.sum(axis=axis)) for axis in (0, 1)]
        np.testing.assert_allclose(center, 13.5, atol=0.2)
    assert stroke_width(ink) == pytest.approx(2.4, rel=0.15)


def test_a_dot_is_a_drawing() -> None:
    habit = habit_of(Experiment(data="digits").load_data(), (8, 8))
    picture = drawn_picture(check_strokes([[[1, 0]]]), (8, 8), habit).reshape(8, 8)
    assert 0 < picture.sum() < 4 and picture[:2].sum() == 0


@pytest.mark.parametrize(
    "message",
    [
        None,
        "strokes",
        {"0": [[0, 0]]},
        [[]],
        [[[0.1, 0.2, 0.3]]],
        [[[0.5, "0.5"]]],
        [[[0.5, True]]],
        [[[0.5, -0.1]]],
        [[[0.5, float("nan")]]],
        [[[0.5, 1.5]]],
        [[[0, 0]]] * (MOST_STROKES + 1),
        [[[0, 0]] * (MOST_POINTS + 1)],
    ],
)
def test_what_is_no_drawing_is_refused_in_words(message: object) -> None:
    with pytest.raises(BadSample, match=r"[Cc]lear"):
        check_strokes(message)
