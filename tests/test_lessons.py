"""Every first step: what it opens with does not solve it, and its way does, as the engine measures it."""

import pytest

from nnplay import lessons
from nnplay.engine.chunk import train_chunk
from nnplay.experiment import Experiment, make
from nnplay.lessons import LESSONS, Reached, done_words, is_solved, reached
from nnplay.ui import marks

EPOCHS = {"spiral": 450}


@pytest.fixture
def trained(without_xla: None):
    """What an experiment reaches."""

    def train(experiment: Experiment, epochs: int) -> Reached:
        done = train_chunk(experiment, None, epochs=epochs)
        return reached(experiment, done.rows.names, done.rows.values, done.stopped)

    return train


LONG = ("deep", "spiral")


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in LESSONS]
)
def test_it_is_solved_by_its_way_and_not_by_what_it_opens_with(name: str, trained):
    lesson, epochs = LESSONS[name], EPOCHS.get(name, 200)
    opens = make(lesson.opens)
    start = trained(opens, epochs)
    assert not is_solved(lesson, start), start
    end = trained(opens.change(**lesson.way), epochs)
    assert is_solved(lesson, end), end
    assert "{" not in done_words(lesson, end) and "nan" not in done_words(lesson, end)


@pytest.mark.parametrize("name", LESSONS)
def test_the_beginning_of_a_run_solves_nothing(name: str):
    experiment = make(LESSONS[name].opens)
    nan = float("nan")
    assert not is_solved(LESSONS[name], Reached(experiment, 0, nan, nan, False))


def test_other_data_than_the_step_is_about_do_not_solve_it():
    run = Reached(make({"data": "gauss", "hidden": "1"}), 300, 1.0, 1.0, False)
    assert not any(is_solved(LESSONS[name], run) for name in ("line", "xor", "zeros", "deep", "spiral"))


def test_what_was_reached_is_no_lucky_epoch():
    import numpy as np

    scores = np.full((lessons.RECENT, 3), 0.5, np.float32)
    scores[-1] = 1.0
    run = reached(make({"data": "xor"}), ("epoch", "accuracy", "val_accuracy"), scores, None)
    assert (run.trained, run.tested) == (0.5, 0.5)


def test_the_words_are_sentences():
    for name, lesson in LESSONS.items():
        for text in (lesson.text, lesson.attempt, lesson.goal, lesson.done, lesson.way_words):
            assert text[0].isupper() or text.startswith(("9", "8", "{")), (name, text)
            assert text.endswith("."), (name, text)
        assert not lesson.title.endswith(".") and len(lesson.title) <= 45
        # Names are kept in the browser beside the other mark.
        assert name != marks.VISITED
