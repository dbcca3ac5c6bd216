"""The first batches are those of an ordinary run, and they end where it diverges."""

import numpy as np
import pytest

from nnplay.engine.chunk import train_chunk
from nnplay.engine.laboratory import QUESTIONS
from nnplay.engine.laboratory.first_batches import MOST, first_batches, gradient_at_start
from nnplay.experiment import DEFAULT
from nnplay.laboratories import GradientLab

pytestmark = pytest.mark.usefixtures("without_xla")

CALM = DEFAULT.change(data="circle", hidden="6-4", batch_size=50, optimizer="sgd", learning_rate=0.1)


def test_it_is_a_question():
    assert QUESTIONS["first_batches"] is first_batches


@pytest.mark.parametrize(
    "fields", [{}, {"clip": "global0.1"}, {"optimizer": "adam"}, {"normalization": "batch"}]
)
def test_an_epoch_of_it_is_an_epoch_of_a_run(fields):
    experiment = CALM.change(**fields)
    done = train_chunk(experiment, None, epochs=2)
    rows = dict(zip(done.rows.names, done.rows.values[1], strict=True))
    found = first_batches(experiment.to_link(), 10)
    second = slice(5, 10)
    assert found["loss"][second].mean() == pytest.approx(rows["loss"], rel=1e-4)
    for layer in range(3):
        mean = found["gradient"][second, layer].mean()
        assert mean == pytest.approx(rows[f"grad_{layer + 1}"], rel=1e-3)


def test_it_ends_where_the_run_diverges():
    experiment = GradientLab().hot("none")
    found = first_batches(experiment.to_link(), 100)
    message = train_chunk(experiment, None, epochs=5).stopped.message
    assert not np.all(np.isfinite(found["gradient"][-1]))
    assert np.all(np.isfinite(found["gradient"][:-1]))
    # The batch named is the one whose step made weights that are not finite: this or the one before.
    assert any(f"at batch {n} of" in message for n in (len(found["loss"]), len(found["loss"]) - 1))


def test_it_is_bounded():
    assert len(first_batches(CALM.to_link(), 10_000)["loss"]) == MOST


@pytest.mark.parametrize("fields", [{"batch_size": 0}, {"batch_size": 1, "learning_rate": 1e-5}])
def test_the_gradient_at_the_start_is_that_of_an_epoch_that_does_not_move(fields):
    # One batch is measured before its step; and with next to no step an epoch stays where it began.
    experiment = CALM.change(hidden="5-4-3", dropout=0.0, **fields)
    row = train_chunk(experiment, None, epochs=1).rows
    start = gradient_at_start(experiment.to_link())
    assert QUESTIONS["gradient_at_start"] is gradient_at_start and start.shape == (4,)
    wanted = [row.column(f"grad_{layer}")[0] for layer in range(1, 5)]
    assert start == pytest.approx(wanted, rel=1e-3 if experiment.batch_size == 0 else 2e-2)
