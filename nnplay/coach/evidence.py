"""What was measured in a run, as the rules of the coach look at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnplay.catalog import METRICS
from nnplay.engine.state import Rows, Stop
from nnplay.experiment import Experiment

# What is reached is judged on the last tenth of the run, at least so many epochs.
FEWEST_RECENT = 5
# Accuracy, or R2, on the training samples from which a network is said to fit them.
FITS = 0.95


@dataclass(frozen=True, eq=False)
class Evidence:
    """A run so far: its rows, and three views of the engine made at its present epoch.

    `activations`: mean, std, saturated and dead share, each (layers,). `weights`: `kernels`, a list of
    (inputs, units). `baseline`: loss and metric of the best constant answer.
    """

    experiment: Experiment
    rows: Rows
    activations: Mapping[str, np.ndarray]
    weights: Mapping[str, Any]
    baseline: Mapping[str, float]
    stopped: Stop | None = None

    @property
    def epochs(self) -> int:
        """Epochs trained."""
        return len(self.rows.values)

    @property
    def hidden(self) -> int:
        """Number of hidden layers with weights of their own; the output is layer `hidden + 1`."""
        return len(self.experiment.kernel_places)

    @property
    def activation_names(self) -> tuple[str, ...]:
        """The activation of each of these hidden layers; those without weights, such as pooling, left out."""
        return tuple(self.experiment.activations[place] for place in self.experiment.kernel_places)

    @cached_property
    def recent_epochs(self) -> int:
        """How many of the last epochs count as recent."""
        return min(self.epochs, max(FEWEST_RECENT, self.epochs // 10))

    def recent(self, name: str) -> float:
        """Median of a column over the recent epochs."""
        return float(np.median(self.rows.column(name)[-self.recent_epochs :]))

    @property
    def metric(self) -> str:
        """The task's first metric: accuracy, or R2."""
        return METRICS[self.experiment.task][0]

    @cached_property
    def fits(self) -> bool:
        """Whether the network has learned its training samples."""
        return self.recent(self.metric) >= FITS

    @cached_property
    def learned(self) -> float:
        """The share of the best constant answer's loss that training has taken away; 0: learned nothing."""
        return 1 - self.recent("loss") / self.baseline["loss"]

    @cached_property
    def gradients(self) -> np.ndarray:
        """Recent gradient norm of every weight layer, (layers,), first = nearest the input."""
        return np.array([self.recent(f"grad_{k}") for k in range(1, self.hidden + 2)])

    @cached_property
    def updates(self) -> np.ndarray:
        """Recent size of a step relative to its kernel, (layers,)."""
        return np.array([self.recent(f"update_{k}") for k in range(1, self.hidden + 2)])

    @cached_property
    def falling(self) -> float:
        """The share of its loss that the last quarter of the run took away, epoch noise averaged out."""
        loss = self.rows.column("loss")
        quarter = max(1, self.epochs // 4)
        if self.epochs < 2 * quarter:
            return 0.0
        before, after = loss[-2 * quarter : -quarter].mean(), loss[-quarter:].mean()
        return float((before - after) / before) if before > 0 else 0.0
