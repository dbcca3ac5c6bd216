"""Views of a sequence's way through a network: states and gates over the steps, and where attention looks."""

import numpy as np

from nnplay.catalog import LAYER_KINDS
from nnplay.experiment import Experiment
from nnplay.figures.tiles import Group, Tile
from nnplay.ui.one_sample.pictures import PASSING, SEQUENCE, layer_group, scaled
from nnplay.ui.one_sample.view import Found, SampleView, layer_title

ATTENTION = 150


def has_steps(experiment: Experiment) -> bool:
    """A hidden layer reads or gives a sequence."""
    return any(SEQUENCE in (len(stage.given), len(stage.made)) for stage in experiment.stages)


def has_attention(experiment: Experiment) -> bool:
    return any(layer.kind == "attention" for layer in experiment.layers)


def step_groups(experiment: Experiment, found: Found) -> list[Group]:
    """The inputs and every layer over the steps; of recurrent layers with what goes on inside."""
    flow, gates = found["flow"], found["gates"]
    inside = dict(zip(gates["places"], gates["readers"], strict=True))
    first = next(stage.given for stage in experiment.stages if len(stage.given) == SEQUENCE)
    groups = []
    if flow["inputs"].size == np.prod(first):
        steps = np.ascontiguousarray(flow["inputs"].reshape(first).T)
        numbers = "a number" if first[1] == 1 else f"{first[1]} numbers"
        note = f"{numbers} at each of {first[0]} steps"
        groups.append(scaled(Group("Input", [Tile("", steps, "input", "step")], note, edge=0, axes=True)))
    for place, values in enumerate(flow["layers"], start=1):
        if place in inside:
            groups += _inside(experiment, place, inside[place])
        elif values.ndim == SEQUENCE and experiment.layers[place - 1].kind not in PASSING:
            groups.append(layer_group(experiment, place, values))
    return groups


def _inside(experiment: Experiment, place: int, readers: list[dict[str, np.ndarray]]) -> list[Group]:
    title, units = layer_title(experiment, place), experiment.layers[place - 1].units
    ways = ("",) if len(readers) == 1 else (", forwards", ", backwards")
    groups = []
    for way, reader in zip(ways, readers, strict=True):
        for name, values in reader.items():
            gate = name.endswith("gate")
            tile = Tile("", np.ascontiguousarray(values.T), "unit", "step")
            note = MEANT.get(name, f"{units} units")
            group = Group(f"{title}{way}: {name}", [tile], note, edge=0, axes=True)
            if gate:
                groups.append(Group(**{**vars(group), "scale": "positive", "limits": (0.0, 1.0)}))
            else:
                groups.append(scaled(group))
    return groups


MEANT = {
    "state": "what the layer says after each step",
    "cell": "its memory",
    "input gate": "how much is taken in, faint 0 to strong 1",
    "forget gate": "how much is kept, faint 0 to strong 1",
    "output gate": "how much of the memory is shown, faint 0 to strong 1",
    "update gate": "how much of the state before is kept, faint 0 to strong 1",
    "reset gate": "how much of the state before the new candidate sees, faint 0 to strong 1",
}


def attention_groups(experiment: Experiment, found: Found) -> list[Group]:
    """A group a layer, a square a head."""
    groups = []
    for place, weights in zip(found["attention"]["places"], found["attention"]["weights"], strict=True):
        tiles = [Tile(f"head {k}", head, "query", "key") for k, head in enumerate(weights, start=1)]
        note = (
            f"row: the step that asks, column: the step it takes from; faint 0 to strong {weights.max():.2f}"
        )
        limits = (0.0, float(weights.max()) or 1.0) if np.isfinite(weights).all() else (0.0, 1.0)
        groups.append(
            Group(layer_title(experiment, place), tiles, note, "positive", limits, edge=ATTENTION, axes=True)
        )
    return groups


STEPS = SampleView(
    name="steps",
    label="Over time",
    about="What each unit says step after step as the sample is read, and which gates are open.",
    formula="The outputs of each layer at every step; of LSTM and GRU the gates, worked out with the layer's "
    "weights by " + LAYER_KINDS["lstm"].label + "'s and " + LAYER_KINDS["gru"].label + "'s own formulas.",
    fits=has_steps,
    needs=("flow", "gates"),
    groups=step_groups,
)

ATTENDED = SampleView(
    name="attention",
    label="Attention",
    about="Which steps each step takes its information from: a row is the step that asks, and sums to 1.",
    formula=r"$\mathrm{softmax}(Q K^\top / \sqrt d)$ of each head, for this sample.",
    fits=has_attention,
    needs=("attention",),
    groups=attention_groups,
)
