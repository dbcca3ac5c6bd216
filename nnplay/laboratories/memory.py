"""Tasks that ask for memory, and the networks that are trained on them side by side.

Which of them learn is not said here: it is measured on the page, and in tests/test_claims_memory.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnplay.experiment import Experiment

# By the kind of layer, as the layer notation has it.
CELLS = {"rnn": "Simple RNN", "lstm": "LSTM", "gru": "GRU"}


@dataclass(frozen=True)
class MemoryTask:
    """One task: `fields` of the experiment that all networks share."""

    name: str
    label: str
    about: str
    fields: Mapping[str, Any]


MEMORY_TASKS: dict[str, MemoryTask] = {
    "adding": MemoryTask(
        name="adding",
        label="Adding problem",
        about="Two of the numbers are marked, one in each half; at the end their sum is asked for.",
        fields={"data": "adding", "loss": "mse", "epochs": 40},
    ),
    "recall": MemoryTask(
        name="recall",
        label="Delayed recall",
        about="One of three symbols at the first step, then noise; at the end the symbol is asked for.",
        fields={"data": "recall", "classes": 3, "loss": "categorical_crossentropy", "epochs": 60},
    ),
}


def memories(
    task: str, *, units: int, steps: int, scale: float, activation: str, clip: str, seed: int
) -> dict[str, Experiment]:
    """An experiment for each kind of recurrent layer, by its label; all see the same data in the same order.

    `scale`: of the recurrent weights at the start; `activation`: of the simple RNN, the gated ones have tanh.
    """
    return {
        label: Experiment(
            **MEMORY_TASKS[task].fields,
            hidden=f"{kind}{units}",
            steps=steps,
            activation=activation if kind == "rnn" else "tanh",
            recurrent_scale=scale,
            learning_rate=0.01,
            batch_size=32,
            clip=clip,
            seed=seed,
        )
        for kind, label in CELLS.items()
    }
