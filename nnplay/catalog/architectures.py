"""The notation for hidden layers: `8-8` is two dense layers of eight neurons, `none` is no hidden layer.

Behind a layer, after colons, stands what it has otherwise than all layers: its normalisation (`8:batchnorm`,
`8:layernorm`, `8:nonorm`) and its dropout (`8:dropout0.2`), so `16:batchnorm:dropout0.2-8` is two layers.

Each kind of layer is one entry of `LAYER_KINDS`: the regular expression that reads its token, the template
that writes it, the limits of its numbers, what it takes and gives, and how many weights it has. How layers
follow one another is in `stack`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from math import prod
from typing import Any

from nnplay.catalog.normalization import NORMALIZATIONS

MAX_LAYERS = 100
MAX_UNITS = 512
MAX_DROPOUT = 0.9
NO_LAYERS = "none"

# Of one sample, as in Keras: (inputs,) is a vector, (steps, inputs) a sequence.
Shape = tuple[int, ...]


class BadLayers(ValueError):
    """A text that is not the notation of hidden layers, or asks for too much."""


@dataclass(frozen=True)
class Layer:
    """One hidden layer. A kind that needs another number adds a field here, 0 for the others.

    `normalization`, an entry of NORMALIZATIONS, and `dropout`, 0 to MAX_DROPOUT, are the layer's own; "" and
    None: as for all layers.
    """

    kind: str = "dense"
    units: int = 0
    normalization: str = ""
    dropout: float | None = None


@dataclass(frozen=True)
class LayerKind:
    """How one kind of layer is written.

    `pattern` must match the whole token and names its groups after fields of `Layer`; `notation` is the
    same as a format string. `limits` gives the least and the greatest value of each of these fields.

    `axes` is how many axes the input has: 2 for a sequence, which nothing else can stand for, 1 for a vector,
    into which all else is flattened. `gives(layer, input shape, on)` is the output's shape, `on` if the next
    layer takes more than a vector. `weights(layer, input shape)` counts weights and biases as Keras does.
    A `recurrent` layer applies its activation inside, at every step: nothing can be normalised before it.
    """

    name: str
    keras: str
    label: str
    pattern: str
    notation: str
    example: str
    limits: Mapping[str, tuple[int, int]]
    about: str
    gives: Callable[[Layer, Shape, bool], Shape]
    weights: Callable[[Layer, Shape], int]
    axes: int = 1
    recurrent: bool = False


def _dense_weights(layer: Layer, given: Shape) -> int:
    return (prod(given) + 1) * layer.units


def _recurrent(name: str, keras: str, label: str, blocks: int, biases: int, about: str) -> LayerKind:
    """An entry; `blocks` is the number of sums a unit makes, each with so many `biases`."""
    return LayerKind(
        name=name,
        keras=keras,
        label=label,
        pattern=rf"{name}(?P<units>[0-9]{{1,9}})",
        notation=name + "{units}",
        example=f"{name}8",
        limits={"units": (1, MAX_UNITS)},
        about=about,
        gives=lambda layer, given, on: (given[0], layer.units) if on else (layer.units,),
        weights=lambda layer, given: blocks * layer.units * (given[-1] + layer.units + biases),
        axes=2,
        recurrent=True,
    )


LAYER_KINDS: dict[str, LayerKind] = {
    "dense": LayerKind(
        name="dense",
        keras="Dense",
        label="Dense",
        # At most nine digits: enough to say that a number is too large, never too long to convert.
        pattern=r"(?P<units>[0-9]{1,9})",
        notation="{units}",
        example="8",
        limits={"units": (1, MAX_UNITS)},
        about="Every neuron sees every output of the layer before it; of a sequence, all steps at once.",
        gives=lambda layer, given, on: (layer.units,),
        weights=_dense_weights,
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
}  # fmt: skip


def parse_layers(text: str) -> tuple[Layer, ...]:
    """Return the layers that `text` describes, from the input to the output.

    Tokens are joined by `-`; spaces and capitals do not matter; an empty text or `none` is no hidden layer.
    Raises `BadLayers` for an unknown token, a number out of its limits, or more than `MAX_LAYERS` layers.
    """
    plain = text.strip().lower()
    if plain in ("", NO_LAYERS):
        return ()
    tokens = plain.split("-")
    if len(tokens) > MAX_LAYERS:
        raise BadLayers(
            f"Too many hidden layers: {len(tokens)} given, at most {MAX_LAYERS} allowed. Remove some."
        )
    return tuple(_parse_token(token.strip()) for token in tokens)


def format_layers(layers: Iterable[Layer]) -> str:
    """Return the notation of `layers`: the inverse of `parse_layers`, `none` for no layer."""
    return "-".join(format_layer(layer) for layer in layers) or NO_LAYERS


def format_layer(layer: Layer) -> str:
    """The notation of one layer."""
    text = LAYER_KINDS[layer.kind].notation.format(**asdict(layer))
    if layer.normalization:
        text += f":{NORMALIZATION_NOTATION[layer.normalization]}"
    return text if layer.dropout is None else f"{text}:dropout{layer.dropout:g}"


NORMALIZATION_NOTATION = {name: "nonorm" if name == "none" else f"{name}norm" for name in NORMALIZATIONS}
# At most four digits: as many as are written again without an exponent.
DROPOUT = re.compile(r"dropout(0(?:\.[0-9]{1,4})?|\.[0-9]{1,4})")


def _parse_token(token: str) -> Layer:
    """One layer with its options."""
    body, *options = (part.strip() for part in token.split(":"))
    layer = _parse_kind(body)
    for option in options:
        layer = _with_option(layer, option, token)
    return layer


def _with_option(layer: Layer, option: str, token: str) -> Layer:
    normalizations = {text: name for name, text in NORMALIZATION_NOTATION.items()}
    if option in normalizations and not layer.normalization:
        name = normalizations[option]
        if LAYER_KINDS[layer.kind].recurrent and name != "none":
            raise BadLayers(
                "Normalisation comes between a layer's sums and its activation, and a recurrent layer has "
                f"both inside. Take {option!r} out of {token[:40]!r}."
            )
        return replace(layer, normalization=name)
    found = DROPOUT.fullmatch(option)
    if found and layer.dropout is None and float(found[1]) <= MAX_DROPOUT:
        return replace(layer, dropout=float(found[1]))
    raise BadLayers(
        f"Layer {token[:40]!r} cannot have the option {option[:40]!r}. Possible are one of "
        f"{', '.join(normalizations)}, and one dropout from 'dropout0' to 'dropout{MAX_DROPOUT}', as in "
        "'8:batchnorm:dropout0.2'; join layers with '-'."
    )


def _parse_kind(token: str) -> Layer:
    for kind in LAYER_KINDS.values():
        if found := re.fullmatch(kind.pattern, token):
            fields: dict[str, Any] = {field: int(number) for field, number in found.groupdict().items()}
            for field, number in fields.items():
                low, high = kind.limits[field]
                if not low <= number <= high:
                    raise BadLayers(
                        f"A {kind.name} layer must have {low} to {high} {field}; {token[:40]!r} asks for "
                        f"{number}."
                    )
            return Layer(kind.name, **fields)
    known = ", ".join(f"{kind.example!r} ({kind.name})" for kind in LAYER_KINDS.values())
    raise BadLayers(
        f"Unknown hidden layer {token[:40]!r}. Known: {known}; join layers with '-', as in '8-8', "
        f"or write {NO_LAYERS!r} for no hidden layer."
    )
