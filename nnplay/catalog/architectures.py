"""The notation for hidden layers: `8-8` is two dense layers of eight neurons, `none` is no hidden layer.

Layers are joined by `-`, first = nearest the input; `LAYER_KINDS` says how each kind is written:
`conv32k3-pool2-flatten-64`, `lstm64-lstm64`, `rows-64-attention4h-mean`. Behind a layer, after colons, stands
what it has otherwise than all layers: its normalisation (`8:batchnorm`, `8:layernorm`, `8:nonorm`) and its
dropout (`8:dropout0.2`), so `16:batchnorm:dropout0.2-8` is two layers. How layers follow one another is in
`stack`.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from nnplay.catalog.layer_kinds import LAYER_KINDS, MAX_DROPOUT, MAX_UNITS, SHARE, Layer, Shape
from nnplay.catalog.normalization import NORMALIZATIONS

__all__ = [
    "LAYER_KINDS", "MAX_DROPOUT", "MAX_LAYERS", "MAX_UNITS", "BadLayers", "Layer", "Shape", "format_layer",
    "format_layers", "parse_layers",
]  # fmt: skip

MAX_LAYERS = 100
NO_LAYERS = "none"
# Shown where a layer is not known: the rest is in the sidebar's list.
EXAMPLES = ("dense", "conv", "pool", "flatten", "lstm", "gru", "attention", "mean")


class BadLayers(ValueError):
    """A text that is not the notation of hidden layers, or asks for too much."""


# Every property of an experiment's layers starts here, many times a tick of a page.
@lru_cache(maxsize=1024)
def parse_layers(text: str) -> tuple[Layer, ...]:
    """Return the layers that `text` describes, from the input to the output.

    Spaces and capitals do not matter; an empty text or `none` is no hidden layer.
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
    kind = LAYER_KINDS[layer.kind]
    text = kind.written(layer)
    if layer.normalization:
        text += f":{NORMALIZATION_NOTATION[layer.normalization]}"
    own = layer.dropout is not None and "dropout" not in kind.limits
    return f"{text}:dropout{layer.dropout:g}" if own else text


NORMALIZATION_NOTATION = {name: "nonorm" if name == "none" else f"{name}norm" for name in NORMALIZATIONS}
DROPOUT = re.compile(f"dropout{SHARE}")


def _parse_token(token: str) -> Layer:
    """One layer with its options."""
    body, *options = (part.strip() for part in token.split(":"))
    layer = _parse_kind(body)
    for option in options:
        layer = _with_option(layer, option, token)
    return layer


def _with_option(layer: Layer, option: str, token: str) -> Layer:
    kind = LAYER_KINDS[layer.kind]
    if not kind.kernels:
        raise BadLayers(
            f"{kind.label} takes no options: take {option[:40]!r} out of {token[:40]!r}, or write it as a "
            "layer of its own, joined with '-'."
        )
    normalizations = {text: name for name, text in NORMALIZATION_NOTATION.items()}
    if option in normalizations and not layer.normalization:
        name = normalizations[option]
        if name != "none" and kind.recurrent:
            raise BadLayers(
                "Normalisation comes between a layer's sums and its activation, and a recurrent layer has "
                f"both inside. Take {option!r} out of {token[:40]!r}."
            )
        if name != "none" and not kind.active:
            raise BadLayers(
                f"{kind.label} has no activation that a normalisation could come before. Write it behind, as "
                f"a layer of its own: {f'{kind.example}-{option}'!r}."
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


# The numbers of a layer, in words.
ASKED = {
    "units": "{} units",
    "size": "a window of {}",
    "stride": "a step of {}",
    "heads": "{} heads",
    "dropout": "a share of {}",
}


def _parse_kind(token: str) -> Layer:
    for kind in LAYER_KINDS.values():
        if found := re.fullmatch(kind.pattern, token):
            fields = {field: _number(text) for field, text in found.groupdict().items() if text}
            for field, number in fields.items():
                low, high = kind.limits[field]
                if not low <= number <= high:
                    raise BadLayers(
                        f"{kind.label} must have {ASKED[field].format(f'{low:g} to {high:g}')}; "
                        f"{token[:40]!r} asks for {number:g}."
                    )
            return Layer(kind.name, **fields)
    known = ", ".join(f"{LAYER_KINDS[name].example!r} ({name})" for name in EXAMPLES)
    raise BadLayers(
        f"Unknown hidden layer {token[:40]!r}. Known: {known} and others; join layers with '-', as in '8-8', "
        f"or write {NO_LAYERS!r} for no hidden layer."
    )


def _number(text: str) -> Any:
    """A whole number, a share, or 1 for a word that is there."""
    return int(text) if text.isdigit() else 1 if text.isalpha() else float(text)
