"""Deep networks that do not train, and what can be done about it, each as changed settings of an experiment.

Which of them help is not said here: it is measured on the page, and in tests/test_claims_gradients.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnplay import catalog
from nnplay.experiment import Experiment

# How the deep networks of the gradients page are trained: plain descent, which hides nothing of a gradient.
TRAINING: dict[str, Any] = {
    "loss": "binary_crossentropy", "optimizer": "sgd", "batch_size": 50, "epochs": 100,
}  # fmt: skip
DEPTH, WIDTH, RATE = 30, 32, 0.03


@dataclass(frozen=True)
class Start:
    """A network in trouble: what it is, and its settings."""

    name: str
    label: str
    about: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class Remedy:
    """One change: settings, and an initialiser only if `suitable` (the one that suits the activation)."""

    name: str
    label: str
    fields: Mapping[str, Any]
    suitable: bool = False


STARTS: dict[str, Start] = {
    "sigmoid": Start(
        name="sigmoid",
        label="Sigmoid: vanishing",
        about="30 layers of sigmoid, Glorot's weights. A slope of at most 1/4 a layer.",
        fields={"activation": "sigmoid", "initializer": "glorot_uniform"},
    ),
    "tanh": Start(
        name="tanh",
        label="Small weights: vanishing",
        about="30 layers of tanh, weights of spread 0.05. Its slope is nearly 1; the weights are too small.",
        fields={"activation": "tanh", "initializer": "random_normal"},
    ),
    "relu": Start(
        name="relu",
        label="Large weights: exploding",
        about="30 layers of ReLU, weights nearly twice the size that suits it (σ_w = 2.5 instead of √2).",
        fields={"activation": "relu", "initializer": "gaussian", "sigma_w": 2.5},
    ),
}

REMEDIES: dict[str, Remedy] = {
    "suitable": Remedy("suitable", "Suitable initial weights", {}, suitable=True),
    "orthogonal": Remedy("orthogonal", "Orthogonal weights", {"initializer": "orthogonal"}),
    "tanh": Remedy("tanh", "tanh, its weights", {"activation": "tanh"}, suitable=True),
    "relu": Remedy("relu", "ReLU, its weights", {"activation": "relu"}, suitable=True),
    "selu": Remedy("selu", "SELU, its weights", {"activation": "selu"}, suitable=True),
    "batch": Remedy("batch", "Batch normalisation", {"normalization": "batch"}),
    "layer": Remedy("layer", "Layer normalisation", {"normalization": "layer"}),
    "residual": Remedy("residual", "Residual connections", {"residual": True}),
    "value": Remedy("value", "Clipping by value", {"clip": "value0.1"}),
    "norm": Remedy("norm", "Clipping by norm", {"clip": "norm1"}),
    "global": Remedy("global", "Clipping by global norm", {"clip": "global1"}),
    "slower": Remedy("slower", "A tenth of the rate", {"learning_rate": RATE / 10}),
}


def deep(depth: int, width: int) -> str:
    """So many equal layers in the catalogue's notation."""
    return "-".join([str(width)] * depth)


def before(start: str, *, seed: int, data: str) -> Experiment:
    """The network in trouble."""
    return Experiment(
        **TRAINING,
        **STARTS[start].fields,
        hidden=deep(DEPTH, WIDTH),
        learning_rate=RATE,
        data=data,
        seed=seed,
    )


def after(experiment: Experiment, remedy: str) -> Experiment:
    """The same with one remedy; equal to what was given where the remedy changes nothing."""
    entry = REMEDIES[remedy]
    fields = dict(entry.fields)
    if entry.suitable:
        activation = fields.get("activation", experiment.activation)
        fields["initializer"] = catalog.ACTIVATIONS[activation].initializer
    return experiment.change(**fields)


def fitting(experiment: Experiment) -> tuple[str, ...]:
    """Names of the remedies that change something here, in menu order."""
    return tuple(name for name in REMEDIES if after(experiment, name) != experiment)
