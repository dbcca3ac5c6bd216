"""The weights of a network inside a run's state: where each lies, what it is, and one set by hand.

numpy only, so that the server can show the weights of a run, and change one, without Keras.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.engine.state import State

# A weight set by hand: no network that still learns has larger ones.
LARGEST = 1000.0
# A dropout layer keeps its seed's state among the variables, a normalization its rows.
ROWS = {
    "none": (),
    "batch": ("gamma", "beta", "moving_mean", "moving_variance"),
    "layer": ("gamma", "beta"),
}


class BadWeight(ValueError):
    """A weight that the network has not, or a value that it cannot take."""


@dataclass(frozen=True)
class WeightEdit:
    """A weight set by hand: `layer` from 0 (the first with weights), the place within it, the value.

    `unit_from` counts the layer's inputs and `unit_to` its units (of a gated activation: its sums), both
    from 0; `unit_from` None is the bias.
    """

    layer: int
    unit_from: int | None
    unit_to: int
    value: float


@dataclass(frozen=True)
class LayerPlaces:
    """Of one layer with weights: its size, and the places of its arrays in a state.

    `inputs` and `units` are the kernel's shape. `rows`: the names and places of the arrays (units,) of the
    normalization behind it.
    """

    inputs: int
    units: int
    kernel: int
    bias: int
    rows: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class LayerWeights:
    """Of one layer: `kernel` (inputs, units), `bias` (units,), and the rows (units,) of its normalization."""

    kernel: np.ndarray
    bias: np.ndarray
    rows: dict[str, np.ndarray]


def layer_places(experiment: Any) -> tuple[LayerPlaces, ...]:
    """Where the weights of the experiment's layers lie in its states, the output layer last.

    The order is Keras's: layer by layer, in each what is trained before what is not. () for a network with
    layers of another kind than dense.
    """
    if any(layer.kind != "dense" for layer in experiment.layers):
        return ()
    hidden = [
        layer.units * catalog.parse_activation(name)[0].units_factor
        for layer, name in zip(experiment.layers, experiment.activations, strict=True)
    ]
    shapes = [experiment.input_shape, *(stage.made for stage in experiment.stages)]
    inputs = [prod(shape) for shape in shapes]
    # The output has neither normalization nor dropout.
    names = [*(ROWS[name] for name in experiment.normalizations), ()]
    # Arrays of each hidden layer: kernel and bias, the normalization, the seed of its dropout.
    sizes = [2 + len(rows) + (rate > 0) for rows, rate in zip(names, experiment.dropouts, strict=False)]
    starts = list(accumulate(sizes, initial=0))
    places = []
    for k, units in enumerate([*hidden, experiment.pairing.units]):
        places.append(
            LayerPlaces(
                inputs[k],
                units,
                starts[k],
                starts[k] + 1,
                tuple((name, starts[k] + 2 + place) for place, name in enumerate(names[k])),
            )
        )
    return tuple(places)


def weights_of(experiment: Any, arrays: Sequence[np.ndarray]) -> tuple[LayerWeights, ...]:
    """The weights in the arrays of a state (no copies), the output layer last."""
    return tuple(
        LayerWeights(arrays[p.kernel], arrays[p.bias], {name: arrays[place] for name, place in p.rows})
        for p in layer_places(experiment)
    )


def check_edit(experiment: Any, edit: WeightEdit) -> None:
    """Raises `BadWeight` where the experiment's network has no such weight, or the value is not allowed."""
    places = layer_places(experiment)
    if not places:
        raise BadWeight(
            "A weight can be set by hand in networks of dense layers only. This one has layers of another "
            f"kind ({experiment.hidden[:40]})."
        )
    _index("layer", edit.layer, len(places))
    place = places[edit.layer]
    if edit.unit_from is not None:
        _index("input", edit.unit_from, place.inputs)
    _index("unit", edit.unit_to, place.units)
    if isinstance(edit.value, bool) or not isinstance(edit.value, int | float):
        raise BadWeight(f"A weight must be a number, not {str(edit.value)[:40]!r}.")
    if not math.isfinite(edit.value) or abs(edit.value) > LARGEST:
        raise BadWeight(
            f"A weight must be a number from -{LARGEST:g} to {LARGEST:g}, not {str(edit.value)[:40]}."
        )


def set_weight(experiment: Any, state: State, edit: WeightEdit) -> State:
    """The same state with one weight changed; the optimizer's memory of it stays. Raises `BadWeight`."""
    check_edit(experiment, edit)
    place = layer_places(experiment)[edit.layer]
    where = place.bias if edit.unit_from is None else place.kernel
    changed = np.array(state.arrays[where])
    changed[edit.unit_to if edit.unit_from is None else (edit.unit_from, edit.unit_to)] = edit.value
    return replace(state, arrays=(*state.arrays[:where], changed, *state.arrays[where + 1 :]))


def _index(what: str, value: object, count: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < count:
        raise BadWeight(
            f"This network has no {what} number {str(value)[:40]} there: they go from 0 to {count - 1}."
        )
