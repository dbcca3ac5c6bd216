"""What the Through time part says of learning, measured on the networks that it trains.

The claims: a network that learned nothing has the variance of the targets as its loss, 1/6 in the adding
problem; at a length at which the gradient of a simple RNN with small recurrent weights is gone, that network
stays on this line, and an LSTM of the same size learns, and then depends on inputs far back.
"""

import numpy as np
import pytest

from nnplay.engine.chunk import train_chunk
from nnplay.engine.state import ChunkResult
from nnplay.experiment import Experiment
from nnplay.laboratories import GradientLab
from nnplay.ui.gradients.memory import LEARNED, NOTHING_LEARNED

# Small recurrent weights; a size and a length that are quick to train. One program a kind for all seeds.
LAB = GradientLab(memory="adding", length=40, size=8, radius=0.3)
SEEDS = (1, 2)


def trained(experiment: Experiment) -> ChunkResult:
    return train_chunk(experiment, None, epochs=experiment.epochs, views=("lags", "baseline"))


def share(result: ChunkResult) -> float:
    """The test loss as a share of that of the best answer that ignores its input."""
    return float(result.rows.column("val_loss")[-1] / result.views["baseline"]["loss"])


@pytest.mark.usefixtures("without_xla")
def test_learning_nothing_has_the_variance_of_the_target() -> None:
    experiment = next(iter(LAB.memories.values())).change(samples=5000, epochs=1)
    nothing = train_chunk(experiment, None, views=("baseline",)).views["baseline"]["loss"]
    assert nothing == pytest.approx(experiment.load_data().y_train.var(), rel=1e-4)
    assert nothing == pytest.approx(1 / 6, rel=0.05)


def test_an_lstm_learns_at_a_length_at_which_a_simple_rnn_does_not() -> None:
    for seed in SEEDS:
        networks = LAB.change(seed=seed).memories
        simple, lstm = trained(networks["Simple RNN"]), trained(networks["LSTM"])
        assert share(simple) > NOTHING_LEARNED, "the simple network knows hardly more than nothing"
        assert share(lstm) < LEARNED
        far = {name: result.views["lags"]["gradient"] for name, result in (("rnn", simple), ("lstm", lstm))}
        assert far["lstm"][-10:].mean() > 100 * far["rnn"][-10:].mean()
        assert np.argmax(far["rnn"]) < 5, "its answer hangs on the last few steps"
