"""Tasks on which activations race: an experiment each, chosen so that a family wins or fails.

What `about` says of each is measured in tests/test_claims_activations.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnplay.experiment import Experiment


@dataclass(frozen=True)
class Task:
    """One race: `fields` of the experiment that all racers share, the test loss that counts as success, and
    the activations that tell most."""

    name: str
    label: str
    about: str
    fields: Mapping[str, Any]
    target: float
    telling: tuple[str, ...]


TASKS: dict[str, Task] = {
    "sine": Task(
        name="sine",
        label="Smooth curve",
        about="A sine wave. Smooth functions bend with it; ReLU has to put it together from straight pieces.",
        fields={"data": "sine", "hidden": "8-8", "learning_rate": 0.01, "epochs": 200},
        target=0.01,
        telling=("tanh", "relu", "gelu", "step"),
    ),
    "checkerboard": Task(
        name="checkerboard",
        label="Sharp corners",
        about="A checkerboard, all edges and corners. The sigmoid's small slope makes it the slowest.",
        fields={"data": "checkerboard", "hidden": "16-16", "learning_rate": 0.01, "epochs": 200},
        target=0.3,
        telling=("tanh", "relu", "sigmoid", "gelu"),
    ),
    "deep": Task(
        name="deep",
        label="Eight layers deep",
        about="A spiral through eight layers. The sigmoid's gradient is gone before it reaches the first.",
        fields={
            "data": "spiral", "hidden": "-".join(["8"] * 8), "learning_rate": 0.005, "epochs": 300,
        },
        target=0.2,
        telling=("tanh", "relu", "sigmoid", "selu"),
    ),
    "step": Task(
        name="step",
        label="No gradient",
        about="Two rings around each other. The slope of the step function is 0: only its last layer learns.",
        fields={"data": "circle", "hidden": "4-4", "learning_rate": 0.01, "epochs": 200},
        target=0.1,
        telling=("tanh", "relu", "sigmoid", "step"),
    ),
    "exponential": Task(
        name="exponential",
        label="Blowing up",
        about="Four layers at a brisk learning rate. The exponential of an exponential overflows.",
        fields={
            "data": "circle", "hidden": "8-8-8-8", "learning_rate": 0.1, "optimizer": "sgd", "epochs": 200,
        },
        target=0.1,
        telling=("tanh", "relu", "exponential"),
    ),
}  # fmt: skip


def experiment(task: Task, function: str, *, seed: int, initializer: str) -> Experiment:
    """The experiment of one racer. All racers of one seed see the same data in the same order."""
    return Experiment(**{**task.fields, "activation": function, "seed": seed, "initializer": initializer})
