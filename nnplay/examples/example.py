"""What an example is: settings to open, what to see in them, and a claim checked on the trained run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from nnplay.catalog import METRICS
from nnplay.engine.state import Stop
from nnplay.experiment import Experiment, make

# What a card shows of the result: the plane, the classes told apart, the course of the accuracy (or R²), of
# the loss, or of the gradients by layer.
Picture = Literal["map", "confusion", "metric", "loss", "log loss", "gradients"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a run has measured: `values` (epochs, columns), one column for each of `names`."""

    experiment: Experiment
    names: tuple[str, ...]
    values: np.ndarray
    stopped: Stop | None = None

    def column(self, name: str) -> np.ndarray:
        """One column, (epochs,)."""
        return np.asarray(self.values[:, self.names.index(name)], float)

    def last(self, name: str) -> float:
        """What was measured last; NaN before the first epoch."""
        return float(self.column(name)[-1]) if len(self.values) else np.nan

    @property
    def epochs(self) -> int:
        """Number of the last epoch."""
        return int(self.values[-1, 0]) if len(self.values) else 0

    @property
    def metric(self) -> str:
        """The task's first metric: accuracy, or R²."""
        return METRICS[self.experiment.task][0]

    @property
    def trained(self) -> float:
        """The metric on the training samples, in the last epoch."""
        return self.last(self.metric)

    @property
    def tested(self) -> float:
        """The metric on the test samples, after the last epoch."""
        return self.last(f"val_{self.metric}")

    @property
    def loss(self) -> float:
        """The training loss of the last epoch."""
        return self.last("loss")

    @property
    def first_loss(self) -> float:
        """The training loss of the first epoch."""
        return float(self.column("loss")[0]) if len(self.values) else np.nan

    @property
    def tested_loss(self) -> float:
        """The test loss after the last epoch."""
        return self.last("val_loss")

    @property
    def gradients(self) -> np.ndarray:
        """Norm of the gradient of each layer in the last epoch, (layers,), first = nearest the input."""
        names = [name for name in self.names if name.startswith("grad_")]
        return np.array([self.last(name) for name in names])

    @property
    def gradient(self) -> float:
        """Norm of the first layer's gradient in the last epoch."""
        return float(self.gradients[0])

    @property
    def shrunk(self) -> float:
        """How many times smaller the first layer's gradient is than the last layer's."""
        gradients = self.gradients
        return float(gradients[-1] / gradients[0]) if gradients[0] else np.inf

    @property
    def diverged(self) -> bool:
        """Whether the loss grew beyond all numbers."""
        return self.stopped is not None and self.stopped.reason == "diverged"


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way to run an example. `settings`: of the experiment; `claim`: what will be seen when it has run to
    its end, in words, and `holds` as a check of what was measured; `measured`: that in words, with fields of
    `Outcome`."""

    label: str
    settings: Mapping[str, Any]
    claim: str
    holds: Callable[[Outcome], bool]
    measured: str

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment that it opens."""
        return make(self.settings)


@dataclass(frozen=True, kw_only=True)
class Example:
    """A card of the gallery. `chinese`: the title of the tutorial that it is from, and `source` its number;
    `text`: what it is about; `look`: where to look; `attempt`: what to try. `written`: what happens to the
    tutorial's code as it is written, where that is not what was meant. The first of `variants` is opened."""

    title: str
    text: str
    look: str
    attempt: str
    variants: tuple[Variant, ...]
    picture: Picture
    source: str = ""
    chinese: str = ""
    written: str = ""


def variant_of(example: Example, experiment: Experiment) -> Variant | None:
    """The variant that this experiment is, whatever its seed, and its epochs if there are enough; or None."""
    # Where several differ in the epochs alone, the longest that it reaches.
    for variant in sorted(example.variants, key=lambda variant: -variant.experiment.epochs):
        theirs = variant.experiment
        same = experiment.model_copy(update={"seed": theirs.seed, "epochs": theirs.epochs})
        if same == theirs and experiment.epochs >= theirs.epochs:
            return variant
    return None


def is_over(variant: Variant, outcome: Outcome) -> bool:
    """Whether the run has gone as far as the claim speaks of."""
    return outcome.stopped is not None or outcome.epochs >= variant.experiment.epochs


def in_words(variant: Variant, outcome: Outcome) -> str:
    """What the run has measured, as a sentence."""
    names = ("epochs", "trained", "tested", "loss", "first_loss", "tested_loss", "shrunk", "gradient")
    return variant.measured.format(**{name: getattr(outcome, name) for name in names})
