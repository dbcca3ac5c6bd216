"""Losses against Keras, and the rules of which output and targets each goes with."""

import inspect
from itertools import product

import keras
import numpy as np
import pytest
import tensorflow as tf

from nnplay.catalog.activations import ACTIVATIONS
from nnplay.catalog.losses import (
    LOSSES,
    TARGETS,
    TASKS,
    Loss,
    Mismatch,
    Pair,
    losses_for,
    outputs_for,
    pair,
    put_right,
)
from nnplay.registry import UnknownName

LEFT_OUT = {
    "Loss": "the base class",
    "CTC": "for sequences without alignment",
    "Circle": "for embeddings",
    "CosineSimilarity": "blind to the size of an output, and with one output sees nothing but its sign",
    "Dice": "overlap of image regions, over a whole batch",
    "Tversky": "overlap of image regions, over a whole batch",
    "MeanAbsolutePercentageError": "divides by the target, which is 0 in most of the data sets",
    "MeanSquaredLogarithmicError": "takes all negative numbers for 0",
    "CategoricalGeneralizedCrossEntropy": "takes labels of shape (n,) only; (n, 1) are broadcast to nonsense",
}
CLASSES = 3
SAMPLES = 6
every = pytest.mark.parametrize("loss", LOSSES.values(), ids=list(LOSSES))
PAIRS = [(loss, fit) for loss in LOSSES.values() for fit in loss.pairs]
every_pair = pytest.mark.parametrize(
    ("loss", "fit"), PAIRS, ids=[f"{loss.name}-{fit.task}-{fit.output}" for loss, fit in PAIRS]
)


def target_array(fit: Pair) -> np.ndarray:
    labels = np.arange(SAMPLES) % (CLASSES if fit.task == "multiclass" else 2)
    numbers = np.linspace(0, 1, SAMPLES) if fit.unit_targets else np.linspace(-3, 3, SAMPLES)
    return {
        "signs": (labels[:, None] * 2 - 1).astype("float32"),
        "binary": labels[:, None].astype("float32"),
        "onehot": np.eye(CLASSES, dtype="float32")[labels],
        "labels": labels[:, None].astype("int32"),
        "real": numbers[:, None].astype("float32"),
    }[fit.targets]


def loss_and_gradient(
    loss: Loss, fit: Pair, sums: np.ndarray, targets: np.ndarray
) -> tuple[float, np.ndarray]:
    with tf.GradientTape() as tape:
        x = tf.constant(sums.astype("float32"))
        tape.watch(x)
        value = getattr(keras.losses, loss.keras)()(targets, getattr(keras.activations, fit.output)(x))
    return float(value), tape.gradient(value, x).numpy()


def test_all_of_keras_is_there() -> None:
    known = {name for name, _ in inspect.getmembers(keras.losses, inspect.isclass)}
    assert {loss.keras for loss in LOSSES.values()} == known - set(LEFT_OUT)


@every
def test_class_and_function_are_the_same_loss(loss: Loss) -> None:
    targets, output = target_array(loss.pairs[0]), np.full((SAMPLES, 1), 0.4, "float32")
    if loss.pairs[0].task == "multiclass":
        output = np.full((SAMPLES, CLASSES), 1 / CLASSES, "float32")
    each = getattr(keras.losses, loss.function)(targets, output)
    np.testing.assert_allclose(getattr(keras.losses, loss.keras)()(targets, output), np.mean(each), 1e-6)


@every_pair
def test_pairs_name_what_exists(loss: Loss, fit: Pair) -> None:
    assert fit.task in TASKS and fit.targets in TARGETS and fit.output in ACTIVATIONS
    assert ACTIVATIONS[fit.output].keras and ACTIVATIONS[fit.output].units_factor == 1


@every_pair
def test_pairs_give_finite_losses_and_gradients(loss: Loss, fit: Pair) -> None:
    targets = target_array(fit)
    units = CLASSES if fit.task == "multiclass" else 1
    for scale in (0, 1, 20):
        sums = np.random.default_rng(0).normal(size=(SAMPLES, units)) * scale
        value, gradient = loss_and_gradient(loss, fit, sums, targets)
        assert np.isfinite(value) and np.isfinite(gradient).all()
    _, gradient = loss_and_gradient(loss, fit, np.full((SAMPLES, units), 0.1), targets)
    assert np.abs(gradient).max(axis=1).astype(bool).all(), "a sample that is not yet right teaches nothing"


@every_pair
def test_pairs_can_be_learned(loss: Loss, fit: Pair) -> None:
    """Outputs that move freely end on the right side of every target, or near it."""
    targets = target_array(fit)
    sums = np.random.default_rng(0).normal(size=(SAMPLES, CLASSES if fit.task == "multiclass" else 1)) * 0.1
    for longest in np.linspace(0.4, 0.01, 50):
        _, gradient = loss_and_gradient(loss, fit, sums, targets)
        sums -= np.clip(4 * SAMPLES * gradient, -longest, longest)
    output = getattr(keras.activations, fit.output)(tf.constant(sums)).numpy()
    if fit.task == "regression":
        np.testing.assert_allclose(output, targets, atol=0.15)
    elif fit.task == "binary":
        middle = 0 if fit.targets == "signs" else 0.5
        assert ((output > middle) == (targets > middle)).all()
    else:
        assert (output.argmax(axis=1) == np.arange(SAMPLES) % CLASSES).all()


@pytest.mark.parametrize("unit_targets", [False, True])
@pytest.mark.parametrize(("name", "task"), list(product(LOSSES, TASKS)))
def test_pair_agrees_with_put_right(name: str, task: str, unit_targets: bool) -> None:
    instead, reason = put_right(name, task, unit_targets=unit_targets)
    outputs = outputs_for(name, task, unit_targets=unit_targets)
    assert (name in losses_for(task, unit_targets=unit_targets)) == bool(outputs) == (instead == name)
    if outputs:
        assert reason == ""
    else:
        assert LOSSES[name].label in reason and LOSSES[instead].label in reason
        with pytest.raises(Mismatch, match=LOSSES[name].label) as refused:
            pair(name, task, unit_targets=unit_targets, classes=CLASSES)
        assert all(fit in str(refused.value) for fit in losses_for(task, unit_targets=unit_targets))
    pairing = pair(instead, task, unit_targets=unit_targets, classes=CLASSES)
    assert pairing.loss == instead and pairing.note == ""
    assert pairing.units == (CLASSES if task == "multiclass" else 1)


@every_pair
def test_pair_finds_every_pair_and_no_other(loss: Loss, fit: Pair) -> None:
    found = pair(loss.name, fit.task, fit.output, unit_targets=fit.unit_targets, classes=CLASSES)
    assert (found.output, found.targets) == (fit.output, fit.targets)
    usual = pair(loss.name, fit.task, unit_targets=fit.unit_targets, classes=CLASSES)
    assert bool(found.note) == (found.targets != usual.targets)
    allowed = outputs_for(loss.name, fit.task, unit_targets=fit.unit_targets)
    assert len(set(allowed)) == len(allowed)
    for output in ACTIVATIONS.keys() - set(allowed):
        with pytest.raises(Mismatch, match=output) as refused:
            pair(loss.name, fit.task, output, unit_targets=fit.unit_targets, classes=CLASSES)
        assert all(name in str(refused.value) for name in allowed)


def test_pair_refuses_what_does_not_exist() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'mse'"):
        pair("msee", "binary", classes=2)
    with pytest.raises(UnknownName, match="task 'ranking'"):
        pair("mse", "ranking", classes=2)
    with pytest.raises(Mismatch, match="at least 2 classes"):
        pair("mse", "multiclass", classes=1)


def test_every_task_has_losses_and_every_loss_a_task() -> None:
    assert all(losses_for(task) for task in TASKS)
    assert {name for task in TASKS for name in losses_for(task)} == set(LOSSES)
