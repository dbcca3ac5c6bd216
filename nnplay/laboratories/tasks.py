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
        label="A smooth curve",
        about="A sine wave. ReLU pieces it together from straight lines; GELU bends and is sooner there.",
        fields={"data": "sine", "hidden": "8-8", "learning_rate": 0.01, "epochs": 200},
        target=0.02,
        telling=("relu", "gelu", "silu", "step"),
    ),
    "corners": Task(
        name="corners",
        label="Sharp corners",
        about="A checkerboard. The sigmoid gets going long after tanh and ReLU; a linear network never does.",
        fields={"data": "checkerboard", "hidden": "32-32", "learning_rate": 0.01, "epochs": 150},
        target=0.5,
        telling=("tanh", "relu", "sigmoid", "linear"),
    ),
    "deep": Task(
        name="deep",
        label="Eight layers deep",
        about="A spiral, eight layers. Through sigmoids the gradient is gone before it reaches the first.",
        fields={"data": "spiral", "hidden": "-".join(["8"] * 8), "learning_rate": 0.005, "epochs": 300},
        target=0.5,
        telling=("tanh", "relu", "sigmoid", "selu"),
    ),
    "step": Task(
        name="step",
        label="No gradient",
        about="A ring around a disc. The step function has slope 0: only the output layer behind it learns.",
        fields={"data": "circle", "hidden": "4-4", "learning_rate": 0.01, "epochs": 200},
        target=0.1,
        telling=("tanh", "relu", "sigmoid", "step"),
    ),
    "exponential": Task(
        name="exponential",
        label="Blowing up",
        about="The same ring, through four layers. Exponentials of exponentials overflow in the first epoch.",
        fields={
            "data": "circle", "hidden": "8-8-8-8", "learning_rate": 0.1, "optimizer": "sgd", "epochs": 200,
        },
        target=0.1,
        telling=("tanh", "relu", "softplus", "exponential"),
    ),
}  # fmt: skip


def experiment(task: Task, function: str, *, seed: int, initializer: str) -> Experiment:
    """The experiment of one racer. All racers of one seed see the same data in the same order."""
    return Experiment(**{**task.fields, "activation": function, "seed": seed, "initializer": initializer})
