"""A network's outputs read as answers: which class, on what scale."""

import numpy as np

from nnplay.experiment import Experiment


def limits(experiment: Experiment) -> tuple[float, float]:
    """Of the colour scale: probabilities run from 0 to 1, everything signed from -1 to 1."""
    return (0.0, 1.0) if experiment.pairing.targets == "binary" else (-1.0, 1.0)


def classes_of(outputs: np.ndarray, experiment: Experiment) -> np.ndarray:
    """The class that each row of outputs (samples, units) stands for."""
    if outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    return (outputs[:, 0] > sum(limits(experiment)) / 2).astype(int)


def column(outputs: np.ndarray | None, samples: int) -> np.ndarray:
    """The only output of each sample; NaN while it is not known."""
    return np.full(samples, np.nan, np.float32) if outputs is None else outputs[:, 0]
