"""A network's outputs read as answers: which class, how sure, on what scale, how many of them wrong."""

from typing import Any

import numpy as np

from nnplay.data import Split
from nnplay.data.scores import fit_scores
from nnplay.experiment import Experiment
from nnplay.ui.result.view import Look

DIVERGED = "The network's outputs are no numbers any more."


def limits(experiment: Experiment) -> tuple[float, float]:
    """Of the colour scale: probabilities run from 0 to 1, everything signed from -1 to 1."""
    return (0.0, 1.0) if experiment.pairing.targets == "binary" else (-1.0, 1.0)


def output_name(experiment: Experiment) -> str:
    """What the single output of a network is."""
    if experiment.pairing.targets == "binary":
        return f"probability of {experiment.load_data().target_names[1]}"
    return "output"


def classes_of(outputs: np.ndarray, experiment: Experiment) -> np.ndarray:
    """The class that each row of outputs (samples, units) stands for."""
    if outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    return (outputs[:, 0] > sum(limits(experiment)) / 2).astype(int)


def confidence_of(outputs: np.ndarray, experiment: Experiment) -> np.ndarray:
    """How sure of its answer the network is (samples,): the probability of the class it names.

    Of outputs that are no probabilities: the largest, or the one output's distance from the middle.
    """
    if outputs.shape[1] > 1:
        return np.asarray(outputs.max(axis=1))
    single = outputs[:, 0]
    return np.maximum(single, 1 - single) if limits(experiment)[0] == 0 else np.abs(single)


def in_percent(confidence: float, experiment: Experiment) -> str:
    """A confidence in words: "93 %" where it is a probability, else the number."""
    sure = experiment.pairing.output == "softmax" or experiment.pairing.targets == "binary"
    return f"{confidence:.0%}".replace("%", "\u00a0%") if sure else f"{confidence:.2f}".replace("-", "−")


def column(outputs: np.ndarray | None, samples: int) -> np.ndarray:
    """The only output of each sample; NaN while it is not known."""
    return np.full(samples, np.nan, np.float32) if outputs is None else outputs[:, 0]


def part(shown: Any, look: Look) -> tuple[str, np.ndarray, np.ndarray | None]:
    """Of the samples that are counted: "training" or "test", their targets, and their outputs if known."""
    split: Split = shown.origin.load_data()
    view = shown.views.get("predictions") or {}
    if look.of_training:
        return "training", split.y_train, view.get("train")
    return "test", split.y_test, view.get("test")


def wrong(shown: Any, name: str) -> np.ndarray:
    """Which samples of "train" or "test" are taken for another class, (samples,) bool."""
    split: Split = shown.origin.load_data()
    actual = split.y_train if name == "train" else split.y_test
    outputs = (shown.views.get("predictions") or {}).get(name)
    if outputs is None:
        return np.zeros(len(actual), bool)
    return np.asarray(classes_of(outputs, shown.origin) != actual)


def finite(shown: Any) -> bool:
    """Whether all predictions are numbers."""
    view = shown.views["predictions"]
    return bool(np.isfinite(view["train"]).all() and np.isfinite(view["test"]).all())


def mistakes_in_words(shown: Any) -> str:
    """How many samples are misclassified."""
    if not finite(shown):
        return DIVERGED
    train, test = wrong(shown, "train"), wrong(shown, "test")
    return (
        f"Misclassified (×): {train.sum():,} of {len(train):,} training samples ({_share(train)}), "
        f"{test.sum():,} of {len(test):,} test samples ({_share(test)})."
    )


def fit_in_words(shown: Any) -> str:
    """How well real values are met."""
    if not finite(shown):
        return DIVERGED
    split, view = shown.origin.load_data(), shown.views["predictions"]
    r2, rmse = fit_scores(split.y_test, view["test"][:, 0])
    r2_train, rmse_train = fit_scores(split.y_train, view["train"][:, 0])
    return (
        f"Test samples: R² {r2:.3f}, RMSE {rmse:.3g}. "
        f"Training samples: R² {r2_train:.3f}, RMSE {rmse_train:.3g}."
    ).replace("-", "−")


def _share(wrong: np.ndarray) -> str:
    return f"{wrong.mean():.1%}".replace("%", "\u00a0%")
