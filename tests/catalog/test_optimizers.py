"""Optimizers against Keras: coverage, defaults, flags, clipping, and one step of each."""

import inspect
from typing import Any

import keras
import numpy as np
import pytest

from nnplay.catalog.clipping import CLIPPINGS
from nnplay.catalog.optimizers import OPTIMIZERS, Optimizer

LEFT_OUT = {
    "Optimizer": "the base class",
    "LossScaleOptimizer": "a wrapper for half precision",
    "MultiOptimizer": "a wrapper of several optimizers",
    "OptimizerMap": "a part of MultiOptimizer",
}
ON_PURPOSE = {("muon", "exclude_layers"): "Keras asks to leave the output layer out, and leaves out none"}
every = pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=list(OPTIMIZERS))


def build(optimizer: Optimizer, **settings: Any) -> keras.optimizers.Optimizer:
    return getattr(keras.optimizers, optimizer.keras)(**{**optimizer.arguments, **settings})


def defaults(optimizer: Optimizer) -> dict[str, Any]:
    signature = inspect.signature(getattr(keras.optimizers, optimizer.keras)).parameters
    return {name: argument.default for name, argument in signature.items()}


def test_all_of_keras_is_there() -> None:
    known = {name for name, _ in inspect.getmembers(keras.optimizers, inspect.isclass)}
    assert {optimizer.keras for optimizer in OPTIMIZERS.values()} == known - set(LEFT_OUT)


@every
def test_settings_are_the_defaults_of_keras(optimizer: Optimizer) -> None:
    of_keras = defaults(optimizer)
    assert optimizer.learning_rate == of_keras["learning_rate"]
    for name, setting in optimizer.arguments.items():
        assert setting == of_keras[name] or (optimizer.name, name) in ON_PURPOSE
    assert not {"learning_rate", "momentum", "nesterov"} & optimizer.arguments.keys()


@every
def test_flags_match_the_constructor(optimizer: Optimizer) -> None:
    of_keras = defaults(optimizer)
    assert optimizer.momentum == ("momentum" in of_keras) and optimizer.nesterov == ("nesterov" in of_keras)
    assert optimizer.usual_momentum == of_keras.get("momentum", 0.0)
    assert optimizer.usual_nesterov == of_keras.get("nesterov", False)
    assert {entry.keras for entry in CLIPPINGS.values() if entry.keras} <= of_keras.keys()


@every
@pytest.mark.parametrize("clip", [{}] + [{entry.keras: 0.5} for entry in CLIPPINGS.values() if entry.keras])
def test_one_step_goes_downhill(optimizer: Optimizer, clip: dict[str, float]) -> None:
    settings: dict[str, Any] = {**clip, "learning_rate": optimizer.learning_rate}
    if optimizer.momentum:
        settings["momentum"] = optimizer.usual_momentum
    if optimizer.nesterov:
        settings["nesterov"] = optimizer.usual_nesterov
    start = np.array([[1.0, -2.0], [0.5, 3.0]], "float32")
    weights = keras.Variable(start, name="kernel")
    build(optimizer, **settings).apply([keras.ops.convert_to_tensor(start)], [weights])
    change = np.asarray(weights) - start
    assert np.isfinite(change).all() and (change * start).sum() < 0


def test_muon_leaves_the_output_layer_to_adamw() -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1, name="output")])
    muon = build(OPTIMIZERS["muon"])
    muon.build(model.trainable_variables)
    by_adamw = [velocity is not None for velocity in muon.adam_velocities]
    assert by_adamw == [False, True, True, True]
