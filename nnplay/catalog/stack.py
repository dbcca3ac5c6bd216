"""What goes from layer to layer: the shape that each receives and gives, and which stacks are impossible.

Shapes are those of one sample, as in Keras: `(inputs,)` for a vector, `(steps, inputs)` for a sequence,
`(rows, columns, channels)` for an image.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from nnplay.catalog.architectures import format_layer, format_layers
from nnplay.catalog.layer_kinds import IMAGE, LAYER_KINDS, SEQUENCE, VECTOR, BadShape, Layer, LayerKind, Shape


class BadStack(ValueError):
    """A layer that cannot take what it would be given.

    `place` counts from 1. `wanted`: the numbers of axes that the data would have to have, () where other
    data would not help. `fits_other_data`: whether the layers are in order in themselves.
    `suggestion`: the notation of a stack that is possible, "" where none is near.
    """

    def __init__(
        self,
        place: int,
        sentence: str,
        wanted: tuple[int, ...] = (),
        first: bool = False,
        suggestion: str = "",
    ) -> None:
        super().__init__(sentence)
        self.place = place
        self.suggestion = suggestion
        self.wanted = wanted
        self.fits_other_data = bool(wanted) or first


@dataclass(frozen=True)
class Stage:
    """A layer where it stands: the shape it receives and the shape it gives."""

    layer: Layer
    given: Shape
    made: Shape


def stack(layers: Iterable[Layer], inputs: Shape, layout: Shape = ()) -> tuple[Stage, ...]:
    """The layers from input to output, each with its shapes.

    A dense layer takes a vector: a sequence or an image is flattened for it, so that it sees all at once,
    unless a later layer needs more than a vector; then it is applied at every step or pixel. A recurrent
    layer gives a sequence where a later layer takes one, else its last state. `layout`: how the inputs of
    a sample lie where they are more than a list, such as (8, 8, 1) for an image of 64 pixels; they are laid
    so if the first layer takes no vector.

    Raises `BadStack` for a layer that cannot take what it would be given.
    """
    return _stages(tuple(layers), inputs, layout, advise=True)


@lru_cache(maxsize=1024)
def _stages(layers: tuple[Layer, ...], inputs: Shape, layout: Shape, advise: bool) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    for place, layer in enumerate(layers, start=1):
        kind = LAYER_KINDS[layer.kind]
        given = stages[-1].made if stages else inputs
        if not stages and len(inputs) == VECTOR and layout and VECTOR not in kind.axes:
            given = layout
        token = format_layer(layer)
        source = "the data give" if place == 1 else f"{format_layer(layers[place - 2])!r} gives"
        if len(given) not in kind.axes:
            advice, wanted = _advice(layers, place, stages, given, layout)
            raise BadStack(
                place,
                f"Hidden layer {place}, {token!r}, takes {_taken(kind)}, but {source} "
                f"{shape_in_words(given)}. {advice}",
                wanted,
                first=place == 1,
                suggestion=_other(layers, place, stages, inputs, layout) if advise else "",
            )
        try:
            made = kind.gives(layer, given, _needs_axes(layers[place:]))
        except BadShape as error:
            advice, suggestion = _smaller(layers, place, inputs, layout) if advise else ("", "")
            raise BadStack(
                place,
                f"Hidden layer {place}, {token!r}: {source} {shape_in_words(given)}, and {error}. {advice}",
                suggestion=suggestion,
            ) from None
        stages.append(Stage(layer, given, made))
    return tuple(stages)


def _needs_axes(after: tuple[Layer, ...]) -> bool:
    """Whether some of these layers needs more than a vector: those before it hand on what they get."""
    return any(LAYER_KINDS[layer.kind].several for layer in after)


def shape_in_words(shape: Shape) -> str:
    """ "8 numbers", "a sequence of 20 steps of 2 numbers", "an image of 8 × 8 × 1"."""
    if len(shape) == IMAGE:
        return f"an image of {' × '.join(map(str, shape))}"
    if len(shape) == SEQUENCE:
        return f"a sequence of {shape[0]} steps of {_numbers(shape[1])}"
    return _numbers(shape[0])


def _numbers(count: int) -> str:
    return "1 number" if count == 1 else f"{count} numbers"


TAKEN = {
    VECTOR: "a vector",
    SEQUENCE: "a sequence (steps, inputs)",
    IMAGE: "an image (rows, columns, channels)",
}


def _taken(kind: LayerKind) -> str:
    return " or ".join(TAKEN[axes] for axes in kind.axes)


def _smaller(layers: tuple[Layer, ...], place: int, inputs: Shape, layout: Shape) -> tuple[str, str]:
    """What to do where a window is larger than what is left, and the first possible stack of these."""
    layer, before = layers[place - 1], layers[: place - 1]
    padded = tuple(
        replace(each, same=1) if each.kind == "conv" and each.size > 1 else each for each in layers
    )
    for size in range(layer.size - 1, 1, -1):
        smaller = (*before, replace(layer, size=size), *layers[place:])
        if _possible(smaller, inputs, layout):
            found = format_layers(smaller)
            return f"Take a window of at most {size}: {found!r}.", found
    if padded != layers and _possible(padded, inputs, layout):
        found = format_layers(padded)
        return f"Pad the convolutions, so that they keep the size: {found!r}.", found
    without = (*before, *layers[place:])
    if _possible(without, inputs, layout):
        found = format_layers(without)
        return f"Leave it out: {found!r}.", found
    return "Use fewer or smaller windows before it.", ""


def _other(layers: tuple[Layer, ...], place: int, stages: list[Stage], inputs: Shape, layout: Shape) -> str:
    """The notation of the first stack that `_advice` speaks of and that is possible; "" where none is."""
    layer, before, after = layers[place - 1], layers[: place - 1], layers[place:]
    lost = [k for k, stage in enumerate(stages) if len(stage.made) == VECTOR < len(stage.given)][:1]
    for tried in (
        (*before, Layer("rows"), layer, *after),
        *((*before[:k], layer, *before[k:], *after) for k in lost),
        *((*before[:k], *before[k + 1 :], layer, *after) for k in lost),
        *((*before[:k], Layer("rows"), *before[k + 1 :], layer, *after) for k in lost),
        (layer, *before, *after),
        (*before, *after),
    ):
        if tried and _possible(tried, inputs, layout):
            return format_layers(tried)
    return ""


def _possible(layers: tuple[Layer, ...], inputs: Shape, layout: Shape) -> bool:
    try:
        _stages(layers, inputs, layout, advise=False)
    except BadStack:
        return False
    return True


def _advice(
    layers: tuple[Layer, ...], place: int, stages: list[Stage], given: Shape, layout: Shape
) -> tuple[str, tuple[int, ...]]:
    """What to do, and the axes that the data would have to have."""
    token, kind = format_layer(layers[place - 1]), LAYER_KINDS[layers[place - 1].kind]
    if len(given) == IMAGE:
        return f"Put 'rows' before it, so that each row is a step, or 'pixels': {f'rows-{token}'!r}.", ()
    if len(given) == SEQUENCE:
        return f"A sequence has no rows: leave {token!r} out.", (kind.axes if place == 1 else ())
    for stage in stages:
        if len(stage.made) == VECTOR < len(stage.given):
            return f"Put {token!r} before {format_layer(stage.layer)!r}, or leave that out.", ()
    if len(layout) in kind.axes:
        return f"Put {token!r} first: there the inputs are {shape_in_words(layout)}.", ()
    things = {SEQUENCE: "sequences", IMAGE: "images"}
    chosen = " or ".join(things[axes] for axes in kind.axes)
    return f"Choose data that are {chosen}, or dense layers, as in '8-8'.", kind.axes
