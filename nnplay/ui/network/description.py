"""What the picture is told: once, the network and its data; at each tick, the weights."""

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.catalog.architectures import MAX_DROPOUT, MAX_LAYERS, MAX_UNITS
from nnplay.engine.state import State
from nnplay.engine.weights import LARGEST, layer_places, weights_of
from nnplay.experiment import Experiment
from nnplay.figures.palette import DARK, LIGHT, Palette
from nnplay.ui.layers import FIELDS, MEANT

# Points sent for the picture of the output, and for the statistics of neurons (as the engine's own).
POINTS_SHOWN = 1000
POINTS_MEASURED = 256
NUMBERS_MEASURED = 50_000
# More would be some megabytes a second on their way to the browser, and a second for each of its pictures.
MOST_WEIGHTS = 150_000


def describe(experiment: Experiment, id: str) -> dict[str, Any]:
    """The network and the data of an experiment, for `JSON`; `id` names the run that the weights are of."""
    split, dataset = experiment.load_data(), experiment.dataset
    plane = len(dataset.inputs) if dataset.extent is not None else 0
    names = _input_names(experiment)
    measured = POINTS_MEASURED if plane else min(POINTS_MEASURED, NUMBERS_MEASURED // len(names))
    if not layer_places(experiment):
        measured = 0  # nothing to measure them with
    shown = split.positions_train[:POINTS_SHOWN] if plane else split.x_train[:measured]
    targets = split.y_train[: len(shown)].astype(np.float32)
    return {
        "id": id,
        "plane": plane,
        "extent": list(dataset.extent or (0, 0)),
        "inputs": names,
        # What the data are to layers that are not dense: a picture or a sequence, not so many numbers.
        "given": [] if layer_places(experiment) else list(_given(experiment)),
        "features": list(split.encoder.features),
        "mean": list(split.encoder.mean),
        "scale": list(split.encoder.scale),
        "layers": _layers(experiment),
        "choices": {
            "kind": [[name, entry.label] for name, entry in catalog.LAYER_KINDS.items()],
            "activation": [[name, entry.label] for name, entry in catalog.ACTIVATIONS.items()],
            "normalization": [[name, entry.label] for name, entry in catalog.NORMALIZATIONS.items()],
        },
        "numbers": {name: [label, MEANT.get(name, "")] for name, label in FIELDS.items()},
        "ranges": {name: dict(entry.limits) for name, entry in catalog.LAYER_KINDS.items()},
        "most_dropout": MAX_DROPOUT,
        "outputs": list(split.target_names),
        "task": experiment.task,
        "limits": [0, 1] if experiment.pairing.targets == "binary" else [-1, 1],
        "points": _base64(shown),
        "targets": _base64(targets),
        "measured": measured,
        "largest": LARGEST,
        "most_layers": MAX_LAYERS,
        "most_units": MAX_UNITS,
        "colors": {"light": _colors(LIGHT), "dark": _colors(DARK)},
        "cannot": cannot(experiment),
    }


def cannot(experiment: Experiment) -> str:
    """Why the picture has to do without weights, as a sentence; "" when it has them."""
    if not layer_places(experiment):
        several = any(len(shape) > 1 for stage in experiment.stages for shape in (stage.given, stage.made))
        below = "What these layers make of a sample is shown below, layer by layer."
        return below if several else "Only networks of dense layers alone have maps here so far."
    if (count := experiment.parameters_estimate) > MOST_WEIGHTS:
        return (
            f"{count:,} weights are too many to draw live (up to {MOST_WEIGHTS:,} are): "
            "the picture shows the layers alone."
        )
    return ""


def encode_weights(experiment: Experiment, id: str, state: State | None, dark: bool) -> bytes:
    """The weights of a state: a line of JSON, padded to a multiple of four bytes, and float32 numbers.

    For each layer its kernel, its bias, and the rows of its normalization. No numbers without a state, or
    where the picture does without.
    """
    head: dict[str, Any] = {"id": id, "dark": dark}
    if state is None or cannot(experiment):
        return _line(head)
    head |= {"epoch": state.epoch, "batch": state.batch}
    arrays = [
        array.ravel()
        for layer in weights_of(experiment, state.arrays)
        for array in (layer.kernel, layer.bias, *layer.rows.values())
    ]
    return _line(head) + np.concatenate(arrays).astype("<f4", copy=False).tobytes()


def _line(head: dict[str, Any]) -> bytes:
    text = json.dumps(head, separators=(",", ":"))
    return (text + " " * (-(len(text) + 1) % 4) + "\n").encode()


def _layers(experiment: Experiment) -> list[dict[str, Any]]:
    """One entry a layer, the output last; sizes alone where layers are not dense.

    `settings`: what a person may choose for this layer, with what counts now.
    """
    counts = experiment.parameter_counts
    names = [*experiment.activations, experiment.pairing.output]
    stages = experiment.stages
    units = [*(stage.layer.units for stage in stages), experiment.pairing.units]
    kinds = [*(stage.layer.kind for stage in stages), "dense"]
    inputs = [len(_input_names(experiment)), *units]
    places = layer_places(experiment)
    found = []
    for k, name in enumerate(names):
        entry, parameters = catalog.parse_activation(name)
        hidden = k < len(names) - 1
        found.append(
            {
                "kind": kinds[k],
                "box": _box(experiment, k) if hidden else None,
                "inputs": inputs[k],
                "units": units[k],
                "sums": units[k] * entry.units_factor,
                "activation": {"name": entry.name, "label": entry.label, "parameters": dict(parameters)},
                "normalization": experiment.normalizations[k] if hidden else "none",
                "settings": _settings(experiment, k) if hidden else {},
                "parameters": counts[k],
                "rows": [row for row, _ in places[k].rows] if places else [],
                "residual": hidden and experiment.residual and stages[k].given == stages[k].made,
            }
        )
    return found


def _settings(experiment: Experiment, k: int) -> dict[str, Any]:
    """What a person may choose for a hidden layer, with what counts now."""
    layer = experiment.layers[k]
    kind = catalog.LAYER_KINDS[layer.kind]
    found: dict[str, Any] = {"kind": kind.name}
    found |= {field: getattr(layer, field) for field in FIELDS if field in kind.limits}
    if kind.active:
        found["activation"] = experiment.activations[k]
        if not kind.recurrent:
            found["normalization"] = experiment.normalizations[k]
    if kind.kernels or "dropout" in kind.limits:
        found["dropout"] = experiment.dropouts[k]
    return found


def _box(experiment: Experiment, k: int) -> dict[str, Any] | None:
    """What stands for a hidden layer that is more than a column of neurons: its notation and its shape."""
    stage = experiment.stages[k]
    kind = catalog.LAYER_KINDS[stage.layer.kind]
    if kind.active and len(stage.made) == 1 and (kind.recurrent or kind.name == "dense"):
        return None
    own = stage.layer.dropout if "dropout" in kind.limits else None
    notation = catalog.format_layer(replace(stage.layer, normalization="", dropout=own))
    return {"label": kind.label, "notation": notation, "shape": list(stage.made)}


def _given(experiment: Experiment) -> catalog.Shape:
    """The shape of a sample as the first layer gets it."""
    return experiment.stages[0].given if experiment.stages else experiment.input_shape


def _input_names(experiment: Experiment) -> list[str]:
    """What each input is; a dense layer sees all steps of a sequence at once, one after the other."""
    names, shape = experiment.input_names, experiment.input_shape
    if len(shape) == 1 or not layer_places(experiment):
        return list(names)
    return [f"{name} at step {step}" for step in range(1, shape[0] + 1) for name in names]


def _colors(palette: Palette) -> dict[str, Any]:
    names = ("ground", "ink", "muted", "axis", "grid", "neutral", "classes", "diverging")
    return {name: getattr(palette, name) for name in names}


def _base64(array: np.ndarray) -> str:
    """float32, row by row."""
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()
