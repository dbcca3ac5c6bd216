"""From an `Experiment` to real Keras objects: model, loss, metrics and optimizer."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.engine.backend import keras, tf
from nnplay.engine.layers import Place, activation, dense_layer, flat, hidden_layer
from nnplay.experiment import Experiment

# So many numbers of the largest layer are held at a time: 16 MB.
MOST_NUMBERS = 4_000_000
# The layers that do nothing but apply an activation.
ACTIVATION = (keras.layers.Activation, keras.layers.Lambda)


@dataclass(frozen=True, eq=False)
class Network:
    """The Keras objects of one experiment, built together so that their variables belong together.

    `weight_layers`: the layers with a kernel, first = nearest the input (columns `grad_k`, `update_k`); of a
    recurrent layer its cell, which has a `recurrent_kernel` as well; of attention, and of one that reads both
    ways, the layer that holds several.
    `activation_layers`: for each weight layer, the layer whose output is the activation of its units (of
    attention, its own).
    `given`, `made`: of each hidden layer, with weights or without, the Keras tensors that go in and come out,
    its residual connection included.
    `base_rate`: the variable that holds the learning rate as set by the person, before any schedule.
    `sums`: loss and norms added up over the epoch under way, a scalar and (2 * layers,).
    """

    model: keras.Model
    loss: keras.losses.Loss
    metrics: tuple[keras.metrics.Metric, ...]
    optimizer: keras.optimizers.Optimizer
    weight_layers: tuple[keras.layers.Layer, ...]
    activation_layers: tuple[keras.layers.Layer, ...]
    given: tuple[Any, ...]
    made: tuple[Any, ...]
    base_rate: keras.Variable
    sums: tuple[keras.Variable, keras.Variable]

    @property
    def metric_variables(self) -> list[keras.Variable]:
        """What the metrics add up over the epoch under way."""
        return [variable for metric in self.metrics for variable in metric.variables]

    @property
    def variables(self) -> list[keras.Variable]:
        """Everything that training goes on from, each variable once, in a fixed order."""
        optimizer = [v for v in self.optimizer.variables if v is not self.base_rate]
        return [*self.model.variables, *optimizer, self.base_rate, *self.metric_variables, *self.sums]

    @staticmethod
    def kernels_of(layer: keras.layers.Layer) -> list[keras.Variable]:
        """The weights of a weight layer without its biases; a recurrent layer's from step to step behind."""
        return [variable for variable in layer.trainable_variables if variable.name.endswith("kernel")]

    @cached_property
    def observe(self) -> Callable[[Any], tuple[list[Any], list[Any]]]:
        """A compiled function: inputs (samples, inputs) -> each weight layer's sums before and outputs
        after its activation, both lists of (samples, units), without dropout and with fixed statistics.

        Inputs and outputs may have more axes. A recurrent layer and attention have their sums inside: their
        outputs stand in their place.
        """
        before = [
            layer.input if isinstance(layer, ACTIVATION) else layer.output for layer in self.activation_layers
        ]
        after = [layer.output for layer in self.activation_layers]
        # One output list: Keras flattens nested outputs differently when there is a single layer.
        model = keras.Model(self.model.input, [*before, *after])
        shape = tf.TensorSpec((None, *self.model.input_shape[1:]), tf.float32)

        @tf.function(input_signature=[shape], autograph=False)
        def both(x: Any) -> tuple[list[Any], list[Any]]:
            outputs = model(x, training=False)
            return outputs[: len(before)], outputs[len(before) :]

        return both

    @cached_property
    def follow(self) -> Callable[[Any], tuple[list[Any], list[Any], Any]]:
        """A compiled function: inputs (samples, ...) -> what each hidden layer is given, what it gives, and
        the network's output; without dropout and with fixed statistics."""
        model = keras.Model(self.model.input, [*self.given, *self.made, self.model.output])
        shape = tf.TensorSpec((None, *self.model.input_shape[1:]), tf.float32)
        count = len(self.made)

        @tf.function(input_signature=[shape], autograph=False)
        def each(x: Any) -> tuple[list[Any], list[Any], Any]:
            # A network without hidden layers has a single output, which Keras does not put into a list.
            outputs = tf.nest.flatten(model(x, training=False))
            return outputs[:count], outputs[count:-1], outputs[-1]

        return each

    def answer(self, x: np.ndarray) -> np.ndarray:
        """The outputs (samples, outputs) for many samples, in pieces that take little memory."""
        largest = max(math.prod(layer.output.shape[1:]) for layer in self.activation_layers)
        piece = max(16, MOST_NUMBERS // largest)
        parts = [self.observe(x[start : start + piece])[1][-1] for start in range(0, len(x), piece)]
        return np.concatenate([part.numpy() for part in parts])

    @cached_property
    def input_gradient(self) -> Callable[[Any, Any], Any]:
        """A compiled function: inputs x and directions u, (samples, outputs) -> d(u . z)/dx for every sample,
        the shape of x; z is what the output layer adds up, before its activation."""
        sums = keras.Model(self.model.input, self.activation_layers[-1].input)
        given = tf.TensorSpec((None, *self.model.input_shape[1:]), tf.float32)
        along = tf.TensorSpec((None, self.model.output_shape[-1]), tf.float32)

        @tf.function(input_signature=[given, along], autograph=False)
        def gradient(x: Any, direction: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(x)
                score = tf.reduce_sum(sums(x, training=False) * direction)
            return tape.gradient(score, x)

        return gradient

    def read(self) -> tuple[np.ndarray, ...]:
        """The variables' values."""
        return tuple(np.array(variable.numpy()) for variable in self.variables)

    def write(self, arrays: tuple[np.ndarray, ...]) -> None:
        """Give the variables these values."""
        for variable, array in zip(self.variables, arrays, strict=True):
            variable.assign(array)


def build(experiment: Experiment, steps_per_epoch: int) -> Network:
    """Build the network with the initial weights that `experiment.seed` gives.

    Every layer draws from its own seed, `1000 * seed + its place`, so that a deeper network starts with
    the same first layers.
    """
    pairing = experiment.pairing
    inputs = x = keras.Input(experiment.input_shape, name="input")
    weight_layers, activation_layers = [], []
    passed = []
    hidden = list(zip(experiment.stages, experiment.activations, strict=True))
    for number, (stage, name) in enumerate(hidden, start=1):
        made = hidden_layer(Place(experiment, stage, name, number), x)
        x = made.output
        passed.append((made.given, x))
        if made.weights is not None:
            weight_layers.append(made.weights)
            activation_layers.append(made.activation)
    dense = dense_layer(experiment, pairing.units, len(hidden) + 1, "output")
    active = keras.layers.Activation(activation(pairing.output), name=f"{pairing.output}_output")
    model = keras.Model(inputs, active(dense(flat(x, len(hidden) + 1))), name="nnplay")
    optimizer, base_rate = _optimizer(experiment, steps_per_epoch)
    optimizer.build(model.trainable_variables)
    network = Network(
        model=model,
        loss=_loss(experiment),
        metrics=make_metrics(experiment),
        optimizer=optimizer,
        weight_layers=(*weight_layers, dense),
        activation_layers=(*activation_layers, active),
        given=tuple(given for given, _ in passed),
        made=tuple(output for _, output in passed),
        base_rate=base_rate,
        sums=(_zeros((), "loss_sum"), _zeros((2 * len(weight_layers) + 2,), "norm_sums")),
    )
    _create_metric_variables(network, pairing)
    return network


def _zeros(shape: tuple[int, ...], name: str) -> keras.Variable:
    return keras.Variable(np.zeros(shape, "float32"), trainable=False, name=name)


def _loss(experiment: Experiment) -> keras.losses.Loss:
    return getattr(keras.losses, catalog.LOSSES[experiment.loss].keras)()


def sign_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Share of samples whose output has the sign of the target (-1 or +1), (samples, 1) -> (samples,)."""
    return keras.ops.mean(keras.ops.cast(keras.ops.equal(y_true > 0, y_pred > 0), "float32"), axis=-1)


def make_metrics(experiment: Experiment) -> tuple[keras.metrics.Metric, ...]:
    """The Keras metrics of the experiment's task, as the catalogue names them."""
    pairing = experiment.pairing
    made: list[keras.metrics.Metric] = []
    for name in catalog.METRICS[experiment.task]:
        if name == "r2":
            made.append(keras.metrics.R2Score(name=name))
        elif name == "rmse":
            made.append(keras.metrics.RootMeanSquaredError(name=name))
        elif pairing.targets == "signs":
            made.append(keras.metrics.MeanMetricWrapper(sign_accuracy, name=name))
        elif pairing.targets == "binary":
            made.append(keras.metrics.BinaryAccuracy(name=name))
        elif pairing.targets == "labels":
            made.append(keras.metrics.SparseCategoricalAccuracy(name=name))
        else:
            made.append(keras.metrics.CategoricalAccuracy(name=name))
    return tuple(made)


def _create_metric_variables(network: Network, pairing: catalog.Pairing) -> None:
    # Some metrics make their variables at the first update; inside a compiled program it is too late.
    dtype = "int32" if pairing.targets == "labels" else "float32"
    columns = 1 if pairing.targets == "labels" else pairing.units
    for metric in network.metrics:
        metric.update_state(tf.zeros((2, columns), dtype), tf.zeros((2, pairing.units)))
        metric.reset_state()


class _Scheduled(keras.optimizers.schedules.LearningRateSchedule):
    """A Keras schedule from 1 downwards, times a variable, so that the base rate can change in a run."""

    def __init__(self, base: keras.Variable, schedule: keras.optimizers.schedules.LearningRateSchedule):
        self.base, self.schedule = base, schedule

    def __call__(self, step: Any) -> Any:
        return keras.ops.convert_to_tensor(self.base) * self.schedule(step)

    def get_config(self) -> dict[str, Any]:
        return {"base": float(self.base), "schedule": self.schedule}


def _optimizer(
    experiment: Experiment, steps_per_epoch: int
) -> tuple[keras.optimizers.Optimizer, keras.Variable]:
    entry = catalog.OPTIMIZERS[experiment.optimizer]
    arguments: dict[str, Any] = dict(entry.arguments)
    if entry.momentum:
        arguments["momentum"] = experiment.momentum or entry.usual_momentum
    if entry.nesterov:
        arguments["nesterov"] = experiment.nesterov or entry.usual_nesterov
    if clip := catalog.parse_clip(experiment.clip):
        arguments[clip.kind] = clip.limit
    kind = getattr(keras.optimizers, entry.keras)
    if experiment.schedule == "constant":
        optimizer = kind(learning_rate=experiment.learning_rate, **arguments)
        return optimizer, optimizer.learning_rate
    # The schedule is Keras's own, from a rate of 1; the base rate stays a variable.
    base = keras.Variable(experiment.learning_rate, dtype="float32", trainable=False, name="base_rate")
    schedule = catalog.SCHEDULES[experiment.schedule]
    total = experiment.epochs * steps_per_epoch
    decay = getattr(keras.optimizers.schedules, schedule.keras)(**schedule.arguments(1.0, total))
    return kind(learning_rate=_Scheduled(base, decay), **arguments), base
