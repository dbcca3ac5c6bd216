"""The kinds of hidden layers: how each is written, what it takes and gives, and how many weights it has.

Shapes are those of one sample, as in Keras: `(inputs,)` a vector, `(steps, inputs)` a sequence or a signal,
`(rows, columns, channels)` an image.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil, prod
from typing import Any

MAX_UNITS = 512
MAX_DROPOUT = 0.9
MAX_WINDOW = 15

Shape = tuple[int, ...]

VECTOR, SEQUENCE, IMAGE = 1, 2, 3  # by the number of their axes
ANY = (VECTOR, SEQUENCE, IMAGE)


class BadShape(ValueError):
    """A shape of the right number of axes that a layer cannot take all the same."""


@dataclass(frozen=True)
class Layer:
    """One hidden layer. A kind that needs another number adds a field here, 0 for the others.

    `size` is the edge of a window, `stride` its step (0: the usual one), `same` 1 where the rim is padded so
    that a step of 1 keeps the size. `normalization`, an entry of NORMALIZATIONS, and `dropout`, 0 to
    MAX_DROPOUT, are the layer's own; "" and None: as for all layers.
    """

    kind: str = "dense"
    units: int = 0
    size: int = 0
    stride: int = 0
    same: int = 0
    heads: int = 0
    normalization: str = ""
    dropout: float | None = None


@dataclass(frozen=True, kw_only=True)
class LayerKind:
    """One kind of layer.

    `keras`: its class in `keras.layers`, where "{n}" stands for the number of axes that a window moves along;
    "" for what Keras lacks.

    `pattern` must match the whole token and names its groups after fields of `Layer`; `written` makes the
    token. `limits` gives the least and the greatest value of each of these fields; `optional` are those that
    may be left out, and are 0 then.

    `axes`: how many axes the input may have. `several`: what stands before it keeps its axes, or there would
    be nothing to work on; the others work on whatever comes, and hand on as many axes as the layers behind
    them need. `gives(layer, input shape, on)` is the output's shape, `on` if the next layer needs more than a
    vector; it raises `BadShape`. `weights(layer, input shape, output shape)` counts as Keras does.

    `active`: it applies an activation. `recurrent`: it does so inside, at every step, so that nothing can be
    normalised before it. `kernels`: it has some, and dropout behind it where all layers have. `xla`: XLA is
    not slower on it.
    """

    name: str
    keras: str
    label: str
    about: str
    pattern: str
    written: Callable[[Layer], str]
    example: str
    limits: Mapping[str, tuple[float, float]]
    gives: Callable[[Layer, Shape, bool], Shape]
    optional: tuple[str, ...] = ()
    weights: Callable[[Layer, Shape, Shape], int] = lambda layer, given, made: 0
    axes: tuple[int, ...] = ANY
    several: bool = False
    active: bool = False
    recurrent: bool = False
    kernels: bool = False
    xla: bool = True


# At most nine digits: enough to say that a number is too large, never too long to convert.
NUMBER = r"(?P<{}>[0-9]{{1,9}})"
UNITS, SIZE, HEADS = (NUMBER.format(name) for name in ("units", "size", "heads"))
# At most four digits behind the point: as many as are written again without an exponent.
SHARE = r"(?P<dropout>0(?:\.[0-9]{1,4})?|\.[0-9]{1,4})"
STEPS = rf"(?:s{NUMBER.format('stride')})?(?P<same>same)?"


def _steps(layer: Layer) -> str:
    return (f"s{layer.stride}" if layer.stride else "") + ("same" if layer.same else "")


def windows(length: int, layer: Layer, usual: int) -> int:
    """How many places a window has along an axis; `usual` is the stride where none is given."""
    stride = layer.stride or usual
    if layer.same:
        return ceil(length / stride)
    if length < layer.size:
        raise BadShape(
            f"its window of {layer.size} is larger than the {length} there {'is' if length == 1 else 'are'}"
        )
    return (length - layer.size) // stride + 1


def _same_shape(layer: Layer, given: Shape, on: bool) -> Shape:
    return given


def _dense_gives(layer: Layer, given: Shape, on: bool) -> Shape:
    return (*given[:-1], layer.units) if on else (layer.units,)


def _dense_weights(layer: Layer, given: Shape, made: Shape) -> int:
    # With several axes it is applied at every place of them.
    inputs = given[-1] if len(made) > 1 else prod(given)
    return (inputs + 1) * layer.units


def _conv_gives(layer: Layer, given: Shape, on: bool) -> Shape:
    return (*(windows(length, layer, 1) for length in given[:-1]), layer.units)


def _conv_weights(layer: Layer, given: Shape, made: Shape) -> int:
    return (layer.size ** (len(given) - 1) * given[-1] + 1) * layer.units


def _pool_gives(layer: Layer, given: Shape, on: bool) -> Shape:
    return (*(windows(length, layer, layer.size) for length in given[:-1]), given[-1])


def head_size(layer: Layer, inputs: int) -> int:
    """Numbers a head of attention compares: its own, or the inputs shared out among the heads."""
    return layer.units or max(1, inputs // layer.heads)


def _attention_weights(layer: Layer, given: Shape, made: Shape) -> int:
    inputs, inside = given[-1], layer.heads * head_size(layer, given[-1])
    return 3 * (inputs + 1) * inside + (inside + 1) * inputs


def _pool(name: str, keras: str, label: str, about: str) -> LayerKind:
    return LayerKind(
        name=name,
        keras=keras,
        label=label,
        about=about,
        pattern=rf"{name}{SIZE}{STEPS}",
        written=lambda layer: f"{name}{layer.size}{_steps(layer)}",
        example=f"{name}2",
        limits={"size": (1, MAX_WINDOW), "stride": (1, MAX_WINDOW), "same": (0, 1)},
        optional=("stride", "same"),
        gives=_pool_gives,
        axes=(SEQUENCE, IMAGE),
        several=True,
        xla=False,
    )


def _word(
    name: str, keras: str, label: str, about: str, gives: Callable[[Shape], Shape], **more: Any
) -> LayerKind:
    """A kind without numbers, written as its name."""
    return LayerKind(
        name=name,
        keras=keras,
        label=label,
        about=about,
        pattern=name,
        written=lambda layer: name,
        example=name,
        limits={},
        gives=lambda layer, given, on: gives(given),
        **more,
    )


def _recurrent(
    name: str, keras: str, label: str, blocks: int, biases: int, about: str, ways: int = 1
) -> LayerKind:
    """An entry; `blocks` is the number of sums a unit makes, each with so many `biases`."""
    return LayerKind(
        name=name,
        keras=keras,
        label=label,
        about=about,
        pattern=rf"{name}{UNITS}",
        written=lambda layer: f"{name}{layer.units}",
        example=f"{name}8",
        limits={"units": (1, MAX_UNITS)},
        gives=lambda layer, given, on: (given[0], ways * layer.units) if on else (ways * layer.units,),
        weights=lambda layer, given, made: ways * blocks * layer.units * (given[-1] + layer.units + biases),
        axes=(SEQUENCE,),
        several=True,
        active=True,
        recurrent=True,
        kernels=True,
    )


LAYER_KINDS: dict[str, LayerKind] = {
    "dense": LayerKind(
        name="dense",
        keras="Dense",
        label="Dense",
        about="Sees all that comes before it at once; step by step where a later layer takes a sequence.",
        pattern=rf"(?:dense)?{UNITS}",
        written=lambda layer: str(layer.units),
        example="8",
        limits={"units": (1, MAX_UNITS)},
        gives=_dense_gives,
        weights=_dense_weights,
        active=True,
        kernels=True,
    ),
    "conv": LayerKind(
        name="conv",
        keras="Conv{n}D",
        label="Convolution",
        about="Moves the same small window of weights over an image or a sequence: one map for each unit.",
        pattern=rf"conv{UNITS}k{SIZE}{STEPS}",
        written=lambda layer: f"conv{layer.units}k{layer.size}{_steps(layer)}",
        example="conv8k3",
        limits={
            "units": (1, MAX_UNITS),
            "size": (1, MAX_WINDOW),
            "stride": (1, MAX_WINDOW),
            "same": (0, 1),
        },
        optional=("stride", "same"),
        gives=_conv_gives,
        weights=_conv_weights,
        axes=(SEQUENCE, IMAGE),
        several=True,
        active=True,
        kernels=True,
        xla=False,
    ),
    "pool": _pool(
        "pool", "MaxPooling{n}D", "Max pooling",
        "Keeps the largest value of each window; it has no weights.",
    ),
    "avgpool": _pool(
        "avgpool", "AveragePooling{n}D", "Average pooling",
        "Keeps the mean of each window; it has no weights.",
    ),
    "flatten": _word(
        "flatten", "Flatten", "Flatten",
        "Lays all numbers side by side, as a dense layer takes them.",
        lambda given: (prod(given),), several=True,
    ),
    "mean": _word(
        "mean", "GlobalAveragePooling{n}D", "Mean of all places",
        "The mean over all steps, or all pixels, of each channel.",
        lambda given: given[-1:], axes=(SEQUENCE, IMAGE), several=True, xla=False,
    ),
    "max": _word(
        "max", "GlobalMaxPooling{n}D", "Maximum of all places",
        "The largest value over all steps, or all pixels, of each channel.",
        lambda given: given[-1:], axes=(SEQUENCE, IMAGE), several=True, xla=False,
    ),
    "rows": _word(
        "rows", "Reshape", "Rows as steps",
        "Reads an image as a sequence: each row is one step.",
        lambda given: (given[0], given[1] * given[2]), axes=(IMAGE,), several=True,
    ),
    "pixels": _word(
        "pixels", "Reshape", "Pixels as steps",
        "Reads an image as a sequence: each pixel is one step.",
        lambda given: (given[0] * given[1], given[2]), axes=(IMAGE,), several=True,
    ),
    "rnn": _recurrent(
        "rnn", "SimpleRNN", "Simple RNN", 1, 1,
        "Reads a sequence step by step; every unit also sees what the layer said one step earlier.",
    ),
    "lstm": _recurrent(
        "lstm", "LSTM", "LSTM", 4, 1,
        "A memory that gates open and close: what to take in, what to keep, what to show.",
    ),
    "gru": _recurrent(
        "gru", "GRU", "GRU", 3, 2,
        "Two gates instead of an LSTM's three, and no memory apart from its output.",
    ),
    "birnn": _recurrent(
        "birnn", "Bidirectional", "Simple RNN, both ways", 1, 1,
        "One simple RNN reads forwards, another backwards; what both say stands side by side.", 2,
    ),
    "bilstm": _recurrent(
        "bilstm", "Bidirectional", "LSTM, both ways", 4, 1,
        "One LSTM reads forwards, another backwards; what both say stands side by side.", 2,
    ),
    "bigru": _recurrent(
        "bigru", "Bidirectional", "GRU, both ways", 3, 2,
        "One GRU reads forwards, another backwards; what both say stands side by side.", 2,
    ),
    "attention": LayerKind(
        name="attention",
        keras="MultiHeadAttention",
        label="Self-attention",
        about="Every step takes from all steps what its query finds: softmax(Q Kᵀ / √d) V, in several heads.",
        pattern=rf"attention{HEADS}h{UNITS.replace('{1,9})', '{1,9})?')}",
        written=lambda layer: f"attention{layer.heads}h{layer.units or ''}",
        example="attention2h",
        limits={"heads": (1, 16), "units": (1, MAX_UNITS)},
        optional=("units",),
        gives=_same_shape,
        weights=_attention_weights,
        axes=(SEQUENCE,),
        several=True,
        kernels=True,
    ),
    "position": _word(
        "position", "", "Position",
        "Adds sines and cosines that tell the steps apart; attention alone knows no order (Vaswani 2017).",
        lambda given: given, axes=(SEQUENCE,), several=True,
    ),
    "batchnorm": _word(
        "batchnorm", "BatchNormalization", "Batch normalisation",
        "Each channel to mean 0 and deviation 1 over the batch, then scaled and shifted as it learns.",
        lambda given: given, weights=lambda layer, given, made: 4 * given[-1],
    ),
    "layernorm": _word(
        "layernorm", "LayerNormalization", "Layer normalisation",
        "Each place to mean 0 and deviation 1 over its channels, then scaled and shifted as it learns.",
        lambda given: given, weights=lambda layer, given, made: 2 * given[-1],
    ),
    "dropout": LayerKind(
        name="dropout",
        keras="Dropout",
        label="Dropout",
        about="Sets a share of what passes to 0 at each training step, and nothing in the test.",
        pattern=rf"dropout{SHARE}",
        written=lambda layer: f"dropout{layer.dropout or 0:g}",
        example="dropout0.2",
        limits={"dropout": (0.0, MAX_DROPOUT)},
        gives=_same_shape,
    ),
}  # fmt: skip
