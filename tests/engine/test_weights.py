"""The weights in a run's state: each where Keras has it, and one set by hand is the model's from then on."""

import numpy as np
import pytest

from nnplay import catalog
from nnplay.engine import program
from nnplay.engine.build import build
from nnplay.engine.chunk import train_chunk
from nnplay.engine.state import State
from nnplay.engine.weights import BadWeight, WeightEdit, check_edit, layer_places, set_weight, weights_of
from nnplay.experiment import Experiment

SMALL = Experiment(data="moons", samples=40, hidden="4-3", batch_size=8, shuffle=False, optimizer="sgd")


def networks() -> list[Experiment]:
    return [
        SMALL.change(hidden=hidden, normalization=normalization, dropout=dropout, **more)
        for hidden in ("none", "3", "4-4-3")
        for normalization in catalog.NORMALIZATIONS
        for dropout in (0.0, 0.2)
        for more in ({}, {"residual": True, "activation": "glu", "data": "blobs", "loss": "mse"})
    ] + [
        SMALL.change(hidden="4:batchnorm:dropout0.1-3-2:layernorm"),
        Experiment(data="adding", samples=40, hidden="4", steps=6),
    ]


@pytest.mark.parametrize("experiment", networks(), ids=lambda e: e.to_link())
def test_every_weight_lies_where_keras_has_it(experiment: Experiment) -> None:
    network = build(experiment, 1)
    variables = network.variables
    layers = {layer.name: layer for layer in network.model.layers}
    places = layer_places(experiment)
    assert len(places) == len(network.weight_layers)
    for k, (place, layer) in enumerate(zip(places, network.weight_layers, strict=True), start=1):
        assert variables[place.kernel] is layer.kernel and variables[place.bias] is layer.bias
        assert tuple(layer.kernel.shape) == (place.inputs, place.units)
        names = dict(place.rows)
        normalization = layers.get(f"normalization_{k}")
        assert bool(names) == (normalization is not None)
        for name, where in names.items():
            assert variables[where] is getattr(normalization, name)
    found = weights_of(experiment, network.read())
    assert [w.kernel.shape for w in found] == [(p.inputs, p.units) for p in places]


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("unit_from", [1, None])
def test_a_weight_set_by_hand_is_the_models_own(unit_from: int | None) -> None:
    """Training goes on as from a Keras model that was given this weight."""
    first = train_chunk(SMALL, None, epochs=2)
    edit = WeightEdit(1, unit_from, 2, 0.75)
    edited = set_weight(SMALL, first.state, edit)
    after = train_chunk(SMALL, edited, views=("weights",))
    view = after.views["weights"]
    array = view["biases"][1] if unit_from is None else view["kernels"][1][unit_from]
    assert array[2] == np.float32(0.75)
    assert sum((a != b).sum() for a, b in zip(edited.arrays, first.state.arrays, strict=True)) == 1
    network = program.compile_program(SMALL).network
    network.write(first.state.arrays)
    dense = network.weight_layers[1]
    if unit_from is None:
        dense.bias.assign(edited.arrays[layer_places(SMALL)[1].bias])
    else:
        kernel = dense.kernel.numpy()
        kernel[unit_from, 2] = 0.75
        dense.kernel.assign(kernel)
    by_keras = State(network.read(), epoch=2, batch_size=8, learning_rate=SMALL.learning_rate)
    by_hand, other = train_chunk(SMALL, edited, epochs=1), train_chunk(SMALL, by_keras, epochs=1)
    assert np.array_equal(by_hand.rows.values, other.rows.values)


def test_other_layers_than_dense_are_said_to_have_none() -> None:
    recurrent = Experiment(data="adding", samples=40, hidden="gru4-3", steps=6)
    assert layer_places(recurrent) == () == weights_of(recurrent, ())
    with pytest.raises(BadWeight, match="dense layers only"):
        check_edit(recurrent, WeightEdit(0, 0, 0, 1.0))


WRONG = {
    (2, 0, 0, 9999.0): "from -1000 to 1000, not 9999",
    (0, 0, 0, float("nan")): "not nan",
    (0, 0, 0, float("-inf")): "not -inf",
    (0, 0, 0, "1"): "must be a number, not '1'",
    (0, 0, 1, True): "must be a number, not 'True'",
    (3, 0, 0, 1.0): "no layer number 3 there: they go from 0 to 2",
    (-1, 0, 0, 1.0): "no layer number -1",
    (0, 2, 0, 1.0): "no input number 2 there: they go from 0 to 1",
    (0, 0, 4, 1.0): "no unit number 4 there: they go from 0 to 3",
    (0, None, 4, 1.0): "no unit number 4",
    (0.0, 0, 0, 1.0): "no layer number 0.0",
    ("a" * 99, 0, 0, 1.0): "no layer number a{40} there",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_edit_is_refused_with_a_reason(wrong: tuple) -> None:
    with pytest.raises(BadWeight, match=WRONG[wrong]):
        check_edit(SMALL, WeightEdit(*wrong))
