"""From an `Experiment` to real Keras objects: model, loss, metrics and optimizer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.engine.backend import keras, tf
from nnplay.experiment import Experiment


@dataclass(frozen=True, eq=False)
class Network:
    """The Keras objects of one experiment, built together so that their variables belong together.

    `weight_layers`: the layers with a kernel, first = nearest the input (columns `grad_k`, `update_k`); of a
    recurrent layer its cell, which has a `recurrent_kernel` as well.
    `activation_layers`: for each weight layer, the layer whose output is the activation of its units.
    `base_rate`: the variable that holds the learning rate as set by the person, before any schedule.
    `sums`: loss and norms added up over the epoch under way, a scalar and (2 * layers,).
    """

    model: keras.Model
    loss: keras.losses.Loss
    metrics: tuple[keras.metrics.Metric, ...]
    optimizer: keras.optimizers.Optimizer
    weight_layers: tuple[keras.layers.Layer, ...]
    activation_layers: tuple[keras.layers.Layer, ...]
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
        """The weights of a weight layer without its biases."""
        recurrent = getattr(layer, "recurrent_kernel", None)
        return [layer.kernel] if recurrent is None else [layer.kernel, recurrent]

    @cached_property
    def observe(self) -> Callable[[Any], tuple[list[Any], list[Any]]]:
        """A compiled function: inputs (samples, inputs) -> each weight layer's sums before and outputs
        after its activation, both lists of (samples, units), without dropout and with fixed statistics.

        Inputs and outputs may be sequences, (samples, steps, units). A recurrent layer has its sums inside,
        one at every step: its outputs stand in their place.
        """
        before = [
            layer.output if isinstance(layer, keras.layers.RNN) else layer.input
            for layer in self.activation_layers
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


def step(x: Any) -> Any:
    """The threshold unit: 1 for x > 0, else 0. Its gradient is 0 everywhere (McCulloch and Pitts 1943)."""
    # sign and relu both have registered gradients, so this is exactly zero rather than missing.
    return keras.ops.sign(keras.ops.relu(x))


def activation(name: str) -> Callable[..., Any]:
    """The function of a catalogue activation ("tanh", "elu~0.5"): Keras's own, with those parameters."""
    entry, parameters = catalog.parse_activation(name)
    if not entry.keras:
        return step
    function = getattr(keras.activations, entry.keras)
    if not parameters:
        return function
    return lambda x: function(x, **parameters)


def build(experiment: Experiment, steps_per_epoch: int) -> Network:
    """Build the network with the initial weights that `experiment.seed` gives.

    Every layer draws from its own seed, `1000 * seed + its place`, so that a deeper network starts with
    the same first layers.
    """
    pairing = experiment.pairing
    inputs = keras.Input(experiment.input_shape, name="input")
    x = inputs
    weight_layers, activation_layers = [], []
    hidden = list(zip(experiment.stages, experiment.activations, experiment.normalizations, strict=True))
    for place, (stage, name, normalization) in enumerate(hidden, start=1):
        entry, _ = catalog.parse_activation(name)
        before = x
        layer = stage.layer
        if catalog.LAYER_KINDS[layer.kind].recurrent:
            recurrent = _recurrent(experiment, stage, name, place)
            x = recurrent(x)
            x = _around(experiment, x, before, place)
            weight_layers.append(recurrent.cell)
            activation_layers.append(recurrent)
            continue
        dense = _dense(experiment, layer.units * entry.units_factor, place, f"hidden_{place}")
        x = dense(_flat(x, place))
        if kind := catalog.NORMALIZATIONS[normalization].keras:
            x = getattr(keras.layers, kind)(name=f"normalization_{place}")(x)
        active = _activation_layer(name, layer.units, f"{entry.name}_{place}")
        x = _around(experiment, active(x), before, place)
        weight_layers.append(dense)
        activation_layers.append(active)
    dense = _dense(experiment, pairing.units, len(hidden) + 1, "output")
    active = keras.layers.Activation(activation(pairing.output), name=f"{pairing.output}_output")
    model = keras.Model(inputs, active(dense(_flat(x, len(hidden) + 1))), name="nnplay")
    optimizer, base_rate = _optimizer(experiment, steps_per_epoch)
    optimizer.build(model.trainable_variables)
    network = Network(
        model=model,
        loss=_loss(experiment),
        metrics=make_metrics(experiment),
        optimizer=optimizer,
        weight_layers=(*weight_layers, dense),
        activation_layers=(*activation_layers, active),
        base_rate=base_rate,
        sums=(_zeros((), "loss_sum"), _zeros((2 * len(hidden) + 2,), "norm_sums")),
    )
    _create_metric_variables(network, pairing)
    return network


def _flat(x: Any, place: int) -> Any:
    """A sequence as the vector that a dense layer takes."""
    return x if len(x.shape) == 2 else keras.layers.Flatten(name=f"flatten_{place}")(x)


def _around(experiment: Experiment, x: Any, before: Any, place: int) -> Any:
    """What follows the activation of a hidden layer: the residual connection, then dropout."""
    if experiment.residual and before.shape == x.shape:
        x = keras.layers.Add(name=f"residual_{place}")([before, x])
    if (rate := experiment.dropouts[place - 1]) > 0:
        seed = 1000 * experiment.seed + 500 + place
        x = keras.layers.Dropout(rate, seed=seed, name=f"dropout_{place}")(x)
    return x


def _recurrent(experiment: Experiment, stage: catalog.Stage, name: str, place: int) -> keras.layers.RNN:
    """A recurrent layer of Keras: SimpleRNN, LSTM or GRU, its gates as Keras has them.

    Not unrolled: XLA would compile two to three times as long and run no faster (16 units, 20 steps).
    The recurrent weights have a stream of their own, so that they are the same whatever the layer reads.
    """
    seed = 1000 * experiment.seed + place
    kernel, bias = layer_initializers(experiment, seed)
    return getattr(keras.layers, catalog.LAYER_KINDS[stage.layer.kind].keras)(
        stage.layer.units,
        activation=activation(name),
        kernel_initializer=kernel,
        recurrent_initializer=keras.initializers.Orthogonal(experiment.recurrent_scale, seed=seed + 2**33),
        bias_initializer=bias,
        kernel_regularizer=_regularizer(experiment),
        recurrent_regularizer=_regularizer(experiment),
        return_sequences=len(stage.made) > 1,
        name=f"hidden_{place}",
    )


def _activation_layer(name: str, units: int, layer_name: str) -> keras.layers.Layer:
    if catalog.parse_activation(name)[0].units_factor == 1:
        return keras.layers.Activation(activation(name), name=layer_name)
    # Keras takes an activation's output to have the shape of its input, which is not so for GLU.
    return keras.layers.Lambda(activation(name), output_shape=(units,), name=layer_name)


def _zeros(shape: tuple[int, ...], name: str) -> keras.Variable:
    return keras.Variable(np.zeros(shape, "float32"), trainable=False, name=name)


def _dense(experiment: Experiment, units: int, place: int, name: str) -> keras.layers.Dense:
    kernel, bias = layer_initializers(experiment, 1000 * experiment.seed + place)
    return keras.layers.Dense(
        units,
        kernel_initializer=kernel,
        bias_initializer=bias,
        kernel_regularizer=_regularizer(experiment),
        name=name,
    )


def layer_initializers(
    experiment: Experiment, seed: int
) -> tuple[keras.initializers.Initializer, keras.initializers.Initializer]:
    """Of a layer's kernel and of its bias."""
    entry = catalog.INITIALIZERS[experiment.initializer]
    arguments: dict[str, Any] = dict(entry.arguments)
    bias = keras.initializers.Constant(entry.bias)
    if entry.scaled:
        arguments["scale"] = experiment.sigma_w**2
        # The bias has a stream of its own, far from any layer's.
        bias = keras.initializers.RandomNormal(stddev=experiment.sigma_b, seed=seed + 2**32)
    if entry.random:
        arguments["seed"] = seed
    return getattr(keras.initializers, entry.keras)(**arguments), bias


def _regularizer(experiment: Experiment) -> keras.regularizers.Regularizer | None:
    entry = catalog.REGULARIZERS[experiment.regularizer]
    if not entry.keras or experiment.regularization_rate == 0:
        return None
    rates = dict.fromkeys(entry.rates, experiment.regularization_rate)
    return getattr(keras.regularizers, entry.keras)(**rates)


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
