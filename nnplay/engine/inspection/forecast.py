"""A network that goes on by itself: each answer is fed back as the next value of its sequence."""

from typing import Any

import numpy as np

from nnplay.engine.build import Network
from nnplay.experiment import Experiment

# Test samples that are carried on, and steps of each: a step is a pass through the network, for all at once.
ROWS = 50
AHEAD = 30


def forecast(experiment: Experiment, network: Network) -> dict[str, Any]:
    """`test` (rows, steps): of the first ROWS test samples the network's answers, AHEAD of them, float32.

    The first answer is to the sample itself. For each one more the oldest value of the sequence is dropped
    and the last answer put at its end. Of data whose target is not their next value: {}.
    """
    if experiment.dataset.goes_on is None:
        return {}
    split = experiment.load_data()
    sequences, answers = split.positions_test[:ROWS], []
    for _ in range(AHEAD):
        answers.append(network.answer(split.encoder(sequences)))
        sequences = np.concatenate([sequences[:, 1:], answers[-1][:, :, None]], axis=1)
    return {"test": np.concatenate(answers, axis=1)}
