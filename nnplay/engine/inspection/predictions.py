"""The output for every training and test sample."""

from typing import Any

from nnplay.engine.build import Network
from nnplay.experiment import Experiment


def predictions(experiment: Experiment, network: Network) -> dict[str, Any]:
    """`train` and `test`: the network's outputs, (samples, outputs) float32, in the order of the data."""
    split = experiment.load_data()
    return {
        "train": network.answer(split.x_train),
        "test": network.answer(split.x_test),
    }
