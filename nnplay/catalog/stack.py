"""What goes from layer to layer: the shape that each receives and gives, and which stacks are impossible.

Shapes are those of one sample, as in Keras: `(inputs,)` for a vector, `(steps, inputs)` for a sequence.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nnplay.catalog.architectures import LAYER_KINDS, Layer, Shape, format_layers


class BadStack(ValueError):
    """A layer that cannot take what it would be given. `place` counts from 1."""

    def __init__(self, place: int, sentence: str) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True)
class Stage:
    """A layer where it stands: the shape it receives and the shape it gives."""

    layer: Layer
    given: Shape
    made: Shape


def stack(layers: Iterable[Layer], inputs: Shape) -> tuple[Stage, ...]:
    """The layers from input to output, each with its shapes.

    A dense layer takes a vector: a sequence is flattened for it, so that it sees all steps at once. A
    recurrent layer takes a sequence; it gives one too where the next layer takes one, else its last state.
    Raises `BadStack` for a layer that takes a sequence and would be given a vector.
    """
    layers = tuple(layers)
    stages: list[Stage] = []
    for place, layer in enumerate(layers, start=1):
        kind = LAYER_KINDS[layer.kind]
        given = stages[-1].made if stages else inputs
        if kind.axes not in (1, len(given)):
            raise BadStack(place, _refusal(layers, place, given))
        on = any(LAYER_KINDS[after.kind].axes > 1 for after in layers[place : place + 1])
        stages.append(Stage(layer, given, kind.gives(layer, given, on)))
    return tuple(stages)


def shape_in_words(shape: Shape) -> str:
    """ "8 numbers", "a sequence of 20 steps of 2 numbers"."""
    if len(shape) == 2:
        return f"a sequence of {shape[0]} steps of {_numbers(shape[1])}"
    return _numbers(shape[0])


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"


def _refusal(layers: tuple[Layer, ...], place: int, given: Shape) -> str:
    token = format_layers(layers[place - 1 : place])
    source = "the data give" if place == 1 else f"{format_layers(layers[place - 2 : place - 1])!r} gives"
    first = sorted(layers, key=lambda layer: -LAYER_KINDS[layer.kind].axes)
    if place == 1:
        advice = "Choose data that are sequences, or dense layers, as in '8-8'."
    else:
        advice = f"Put the recurrent layers first: {format_layers(first)[:60]!r}."
    return (
        f"Hidden layer {place}, {token!r}, takes a sequence (steps, inputs), but {source} "
        f"{shape_in_words(given)}. {advice}"
    )
