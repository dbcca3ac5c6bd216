"""The baseline against closed forms, and against a search for a better constant answer."""

from typing import Any

import keras
import numpy as np
import plain_keras
import pytest
from scipy.optimize import minimize

from nnplay.catalog import LOSSES
from nnplay.catalog.losses import Pair
from nnplay.data import DATASETS
from nnplay.engine.build import build
from nnplay.engine.inspection.baseline import baseline
from nnplay.experiment import Experiment

DATA = {"binary": "moons", "multiclass": "blobs", "regression": "plane"}
UNIT_TARGETS = next(name for name, dataset in DATASETS.items() if dataset.unit_targets)
PAIRS = [(loss.name, fit) for loss in LOSSES.values() for fit in loss.pairs]


def experiment_for(task: str, loss: str, output: str = "auto", **more: Any) -> Experiment:
    # Unequal classes: with equal ones, wrong formulas give right numbers.
    return Experiment(
        data=DATA[task], loss=loss, output=output, hidden="none", samples=200, imbalance=0.6, **more
    )


def found(experiment: Experiment) -> dict[str, Any]:
    return baseline(experiment, build(experiment, 1))


def shares(experiment: Experiment) -> np.ndarray:
    y = experiment.load_data().y_train
    return np.array([np.mean(y == label) for label in range(y.max() + 1)])


def entropy(p: np.ndarray) -> float:
    return float(-np.sum(p * np.log(p)))


@pytest.mark.parametrize(
    ("loss", "output", "truth"),
    [
        ("mse", "tanh", lambda p: 1 - (p[1] - p[0]) ** 2),
        ("mse", "linear", lambda p: 1 - (p[1] - p[0]) ** 2),
        ("mse", "sigmoid", lambda p: p[0] * p[1]),
        ("mae", "linear", lambda p: 2 * p.min()),
        ("binary_crossentropy", "sigmoid", entropy),
        ("hinge", "linear", lambda p: 2 * p.min()),
        ("squared_hinge", "linear", lambda p: 4 * p[0] * p[1]),
        ("poisson", "sigmoid", lambda p: p[1] - p[1] * np.log(p[1])),
    ],
)
def test_two_classes(loss: str, output: str, truth: Any) -> None:
    experiment = experiment_for("binary", loss, output)
    assert found(experiment)["loss"] == pytest.approx(truth(shares(experiment)), abs=2e-4)
    assert found(experiment)["accuracy"] == pytest.approx(shares(experiment).max())


@pytest.mark.parametrize(
    ("loss", "output", "truth"),
    [
        ("mse", "softmax", lambda p: np.mean(p * (1 - p))),
        ("mse", "linear", lambda p: np.mean(p * (1 - p))),
        ("categorical_crossentropy", "softmax", entropy),
        ("sparse_categorical_crossentropy", "softmax", entropy),
        ("kl_divergence", "softmax", entropy),
    ],
)
def test_several_classes(loss: str, output: str, truth: Any) -> None:
    experiment = experiment_for("multiclass", loss, output)
    assert found(experiment)["loss"] == pytest.approx(truth(shares(experiment)), abs=2e-4)
    assert found(experiment)["accuracy"] == pytest.approx(shares(experiment).max())


def test_regression() -> None:
    experiment = experiment_for("regression", "mse")
    y = experiment.load_data().y_train
    assert found(experiment) == pytest.approx({"loss": y.var(), "r2": 0, "rmse": y.std()}, rel=1e-5)
    median = found(experiment.change(loss="mae"))["loss"]
    assert median == pytest.approx(np.abs(y - np.median(y)).mean(), rel=1e-5)


def test_equal_classes_cost_one_bit() -> None:
    experiment = Experiment(data="spiral", loss="binary_crossentropy", samples=400)
    split = experiment.load_data()
    assert abs(split.y_train.mean() - 0.5) < 0.05
    assert found(experiment)["loss"] == pytest.approx(np.log(2), abs=0.01)


@pytest.mark.parametrize(("loss", "fit"), PAIRS, ids=[f"{loss}-{p.task}-{p.output}" for loss, p in PAIRS])
def test_no_constant_answer_is_better(loss: str, fit: Pair) -> None:
    """Nelder and Mead's search over the output layer's biases finds nothing clearly better."""
    data = UNIT_TARGETS if fit.unit_targets else DATA[fit.task]
    experiment = Experiment(
        data=data, loss=loss, output=fit.output, hidden="none", samples=100, imbalance=0.6
    )
    _, y, _, _ = plain_keras.data(experiment)
    criterion = plain_keras.loss(experiment)
    output = getattr(keras.activations, fit.output)

    def constant(biases: np.ndarray) -> float:
        answer = output(keras.ops.convert_to_tensor(biases[None], "float32"))
        return float(criterion(y, keras.ops.broadcast_to(answer, (len(y), answer.shape[-1]))))

    start = np.zeros(experiment.pairing.units) + 0.1
    best = minimize(constant, start, method="Nelder-Mead", options={"maxfev": 300}).fun
    ours = found(experiment)["loss"]
    assert best > ours or ours == pytest.approx(best, rel=0.005, abs=1e-4)
