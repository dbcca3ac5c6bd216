"""What goes on inside recurrent layers while they read one sample: states and gates, step by step."""

from collections.abc import Callable
from typing import Any

import numpy as np

from nnplay.engine.backend import keras
from nnplay.engine.build import Network
from nnplay.engine.inspection.flow import asked
from nnplay.experiment import Experiment

Steps = dict[str, np.ndarray]


def gates(experiment: Experiment, network: Network, written: str) -> dict[str, Any]:
    """`places`: which hidden layers are recurrent, from 1; `readers`: of each, a list of what reads, one or,
    in both ways, two: {"state": ..., and by kind "cell", "forget gate"...}, each float32 (steps, units).
    Of the one that reads backwards, too, row t belongs to step t of the sample. `output` (outputs,).

    The formulas are Keras's own, worked out again with its weights, for it does not hand its gates out.
    `written`: the sample's position, by `nnplay.data.sample.write_sample`; one of other data gives {}.
    """
    x = asked(experiment, written)
    if x is None:
        return {}
    given, _, output = network.follow(x)
    places = [
        k for k, layer in enumerate(experiment.layers, start=1) if layer.kind.removeprefix("bi") in CELLS
    ]
    readers = []
    for place in places:
        layer, steps = network.model.get_layer(f"hidden_{place}"), given[place - 1].numpy()[0]
        if isinstance(layer, keras.layers.Bidirectional):
            back = _read(layer.backward_layer.cell, steps[::-1])
            readers.append(
                [
                    _read(layer.forward_layer.cell, steps),
                    {name: values[::-1].copy() for name, values in back.items()},
                ]
            )
        else:
            readers.append([_read(layer.cell, steps)])
    return {"places": places, "readers": readers, "output": output.numpy()[0]}


def _read(cell: keras.layers.Layer, steps: np.ndarray) -> Steps:
    """What the cell does at each of the steps (steps, inputs)."""
    kind = next(kind for kind, name in KERAS.items() if isinstance(cell, getattr(keras.layers, name)))
    return CELLS[kind](cell, steps)


def _applied(function: Callable[[Any], Any], sums: np.ndarray) -> np.ndarray:
    return np.asarray(function(keras.ops.convert_to_tensor(sums[None])))[0]


def _sigmoid(x: np.ndarray) -> np.ndarray:
    # Without an overflow for large -x.
    return (0.5 * (1 + np.tanh(0.5 * x))).astype(np.float32)


def _rnn(cell: Any, steps: np.ndarray) -> Steps:
    """h(t) = f(x(t) W + h(t-1) U + b)."""
    kernel, recurrent, bias = (each.numpy() for each in (cell.kernel, cell.recurrent_kernel, cell.bias))
    given, h, states = steps @ kernel + bias, np.zeros(len(recurrent), np.float32), []
    for sums in given:
        h = _applied(cell.activation, sums + h @ recurrent)
        states.append(h)
    return {"state": np.stack(states)}


def _lstm(cell: Any, steps: np.ndarray) -> Steps:
    """Gates i, f, o = sigmoid(sums), candidate g = F(sums); c(t) = f c(t-1) + i g, h(t) = o F(c(t)).

    F is the layer's activation. (Hochreiter and Schmidhuber 1997; the forget gate Gers 2000.)
    """
    kernel, recurrent, bias = (each.numpy() for each in (cell.kernel, cell.recurrent_kernel, cell.bias))
    given, units, rows = steps @ kernel + bias, len(recurrent), []
    h = c = np.zeros(units, np.float32)
    for sums in given:
        i, f, g, o = np.split(sums + h @ recurrent, 4)
        i, f, o = _sigmoid(i), _sigmoid(f), _sigmoid(o)
        c = f * c + i * _applied(cell.activation, g)
        h = o * _applied(cell.activation, c)
        rows.append((h, c, i, f, o))
    names = ("state", "cell", "input gate", "forget gate", "output gate")
    return {name: np.stack(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}


def _gru(cell: Any, steps: np.ndarray) -> Steps:
    """Gates z, r = sigmoid(sums), candidate g = F(x W + b + r (h U + b')); h(t) = z h(t-1) + (1 - z) g.

    F is the layer's activation. (Cho 2014, the reset applied behind the product as in cuDNN.)
    """
    kernel, recurrent, bias = (each.numpy() for each in (cell.kernel, cell.recurrent_kernel, cell.bias))
    given, h, rows = steps @ kernel + bias[0], np.zeros(len(recurrent), np.float32), []
    for sums in given:
        (z, r, g), (hz, hr, hg) = np.split(sums, 3), np.split(h @ recurrent + bias[1], 3)
        z, r = _sigmoid(z + hz), _sigmoid(r + hr)
        h = z * h + (1 - z) * _applied(cell.activation, g + r * hg)
        rows.append((h, z, r))
    names = ("state", "update gate", "reset gate")
    return {name: np.stack(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}


CELLS: dict[str, Callable[[Any, np.ndarray], Steps]] = {"rnn": _rnn, "lstm": _lstm, "gru": _gru}
KERAS = {"rnn": "SimpleRNNCell", "lstm": "LSTMCell", "gru": "GRUCell"}
