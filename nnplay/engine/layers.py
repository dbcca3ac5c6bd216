"""Hidden layers as real Keras layers: one function a kind, and what follows the activation.

Every layer draws from its own seed, `1000 * seed + its place`; its further arrays from streams far from any
layer's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.catalog.layer_kinds import head_size
from nnplay.engine.backend import keras
from nnplay.experiment import Experiment


@dataclass(frozen=True)
class Place:
    """A hidden layer where it stands, from 1, and the name of its activation."""

    experiment: Experiment
    stage: catalog.Stage
    activation: str
    number: int

    @property
    def seed(self) -> int:
        """Of its kernel."""
        return 1000 * self.experiment.seed + self.number

    @property
    def name(self) -> str:
        """Of its Keras layer."""
        return f"hidden_{self.number}"


@dataclass(frozen=True)
class Made:
    """What a layer has become: its output, and what it was given, as it is laid out for it.

    If it has kernels, `weights` is the Keras layer that holds them, `activation` the one whose output is the
    activation of its units.
    """

    output: Any
    weights: keras.layers.Layer | None = None
    activation: keras.layers.Layer | None = None
    given: Any = None


def hidden_layer(place: Place, x: Any) -> Made:
    """The layer, its residual connection and its dropout."""
    experiment, stage = place.experiment, place.stage
    if tuple(x.shape[1:]) != stage.given:
        # The pixels of an image, or the steps of a signal, come as a list.
        x = keras.layers.Reshape(stage.given, name=f"layout_{place.number}")(x)
    before = x
    made = BUILDERS[stage.layer.kind](place, x)
    x = made.output
    if experiment.residual and catalog.LAYER_KINDS[stage.layer.kind].kernels and before.shape == x.shape:
        x = keras.layers.Add(name=f"residual_{place.number}")([before, x])
    if (rate := experiment.dropouts[place.number - 1]) > 0:
        seed = 1000 * experiment.seed + 500 + place.number
        x = keras.layers.Dropout(rate, seed=seed, name=f"dropout_{place.number}")(x)
    return Made(x, made.weights, made.activation, before)


def flat(x: Any, place: int) -> Any:
    """A sequence or an image as the vector that a dense layer takes."""
    return x if len(x.shape) == 2 else keras.layers.Flatten(name=f"flatten_{place}")(x)


# ---- what layers are made with


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


def initializers(
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


def regularizer(experiment: Experiment) -> keras.regularizers.Regularizer | None:
    """The price on a kernel, if there is one."""
    entry = catalog.REGULARIZERS[experiment.regularizer]
    if not entry.keras or experiment.regularization_rate == 0:
        return None
    rates = dict.fromkeys(entry.rates, experiment.regularization_rate)
    return getattr(keras.regularizers, entry.keras)(**rates)


def _weights(experiment: Experiment, seed: int) -> dict[str, Any]:
    """Arguments of a layer with one kernel and one bias."""
    kernel, bias = initializers(experiment, seed)
    return {
        "kernel_initializer": kernel,
        "bias_initializer": bias,
        "kernel_regularizer": regularizer(experiment),
    }


def dense_layer(experiment: Experiment, units: int, place: int, name: str) -> keras.layers.Dense:
    """A dense layer without activation."""
    return keras.layers.Dense(units, name=name, **_weights(experiment, 1000 * experiment.seed + place))


def _class(place: Place) -> Any:
    """The Keras class of the layer; one with a window has one for each number of axes."""
    kind = catalog.LAYER_KINDS[place.stage.layer.kind]
    return getattr(keras.layers, kind.keras.format(n=len(place.stage.given) - 1))


# ---- the kinds


def _activated(place: Place, layer: keras.layers.Layer, x: Any) -> Made:
    """Sums, their normalisation, their activation."""
    x = layer(x)
    if kind := catalog.NORMALIZATIONS[place.experiment.normalizations[place.number - 1]].keras:
        x = getattr(keras.layers, kind)(name=f"normalization_{place.number}")(x)
    entry, _ = catalog.parse_activation(place.activation)
    name, function = f"{entry.name}_{place.number}", activation(place.activation)
    active = (
        keras.layers.Activation(function, name=name)
        if entry.units_factor == 1
        # Keras takes an activation's output to have the shape of its input, which is not so for GLU.
        else keras.layers.Lambda(function, output_shape=place.stage.made, name=name)
    )
    return Made(active(x), layer, active)


def _dense(place: Place, x: Any) -> Made:
    units = place.stage.layer.units * catalog.parse_activation(place.activation)[0].units_factor
    layer = dense_layer(place.experiment, units, place.number, place.name)
    return _activated(place, layer, x if len(place.stage.made) > 1 else flat(x, place.number))


def _conv(place: Place, x: Any) -> Made:
    wanted = place.stage.layer
    layer = _class(place)(
        wanted.units * catalog.parse_activation(place.activation)[0].units_factor,
        wanted.size,
        strides=wanted.stride or 1,
        padding="same" if wanted.same else "valid",
        name=place.name,
        **_weights(place.experiment, place.seed),
    )
    return _activated(place, layer, x)


def _pool(place: Place, x: Any) -> Made:
    wanted = place.stage.layer
    return Made(
        _class(place)(
            wanted.size,
            strides=wanted.stride or None,
            padding="same" if wanted.same else "valid",
            name=place.name,
        )(x)
    )


def _plain(place: Place, x: Any) -> Made:
    return Made(_class(place)(name=place.name)(x))


def _reshape(place: Place, x: Any) -> Made:
    return Made(keras.layers.Reshape(place.stage.made, name=place.name)(x))


def _nothing(place: Place, x: Any) -> Made:
    # Dropout is what may follow any layer.
    return Made(x)


def _recurrent_layer(place: Place, keras_name: str, seed: int, name: str) -> keras.layers.RNN:
    """SimpleRNN, LSTM or GRU, its gates as Keras has them.

    Not unrolled: XLA would compile two to three times as long and run no faster (16 units, 20 steps).
    The recurrent weights have a stream of their own, so that they are the same whatever the layer reads.
    """
    experiment = place.experiment
    return getattr(keras.layers, keras_name)(
        place.stage.layer.units,
        activation=activation(place.activation),
        recurrent_initializer=keras.initializers.Orthogonal(experiment.recurrent_scale, seed=seed + 2**33),
        recurrent_regularizer=regularizer(experiment),
        return_sequences=len(place.stage.made) > 1,
        # Of a dropout inside that it does not have; left out it would be another one in every process.
        seed=seed % 2**31,
        name=name,
        **_weights(experiment, seed),
    )


def _recurrent(place: Place, x: Any) -> Made:
    layer = _recurrent_layer(place, catalog.LAYER_KINDS[place.stage.layer.kind].keras, place.seed, place.name)
    return Made(layer(x), layer.cell, layer)


def _both_ways(place: Place, x: Any) -> Made:
    one = catalog.LAYER_KINDS[place.stage.layer.kind.removeprefix("bi")].keras
    forwards = _recurrent_layer(place, one, place.seed, f"{place.name}_forwards")
    backwards = _recurrent_layer(place, one, place.seed + 2**34, f"{place.name}_backwards")
    # It turns the second one round itself.
    config = backwards.get_config() | {"go_backwards": True}
    backwards = type(backwards).from_config(config)
    layer = keras.layers.Bidirectional(forwards, backward_layer=backwards, name=place.name)
    return Made(layer(x), layer, layer)


def _attention(place: Place, x: Any) -> Made:
    wanted, inputs = place.stage.layer, place.stage.given[-1]
    layer = keras.layers.MultiHeadAttention(
        wanted.heads,
        head_size(wanted, inputs),
        name=place.name,
        seed=place.seed,
        **_weights(place.experiment, place.seed),
    )
    output = layer(x, x)
    # Keras gives all of them the same seed: query and key would start as the same matrix.
    for k, part in enumerate((layer.key_dense, layer.value_dense, layer.output_dense), start=1):
        kernel, _ = initializers(place.experiment, place.seed + k * 2**35)
        part.kernel.assign(kernel(part.kernel.shape))
    return Made(output, layer, layer)


class Position(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
    """Adds to channel k of step t sin(t / 10000^(k / channels)) for even k, cos of the one before for odd k.

    (Vaswani 2017, section 3.5.) It has no weights.
    """

    def build(self, input_shape: Any) -> None:
        steps, channels = input_shape[1:]
        k = np.arange(channels)
        angles = np.arange(steps)[:, None] / 10_000 ** ((k - k % 2) / channels)
        self.added = np.where(k % 2, np.cos(angles), np.sin(angles)).astype("float32")

    def call(self, x: Any) -> Any:
        return x + self.added


def _position(place: Place, x: Any) -> Made:
    return Made(Position(name=place.name)(x))


BUILDERS: dict[str, Callable[[Place, Any], Made]] = {
    "dense": _dense,
    "conv": _conv,
    "pool": _pool,
    "avgpool": _pool,
    "flatten": _plain,
    "mean": _plain,
    "max": _plain,
    "rows": _reshape,
    "pixels": _reshape,
    "rnn": _recurrent,
    "lstm": _recurrent,
    "gru": _recurrent,
    "birnn": _both_ways,
    "bilstm": _both_ways,
    "bigru": _both_ways,
    "attention": _attention,
    "position": _position,
    "batchnorm": _plain,
    "layernorm": _plain,
    "dropout": _nothing,
}
