"""What a view of the result is: when it fits, what it needs from the model, how it is drawn and told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec


@dataclass(frozen=True, eq=False)
class Look:
    """How a person wants to see the result.

    `test`: with the test samples; `discrete`: of classes the decision alone; `of_training`: counts of the
    training samples, not of the test samples. `sample`: the position (inputs,) that somebody asks about, and
    `answer`: what the engine's view of it found; None, {} where nobody asks. `row`: the test sample, from 0,
    that views of one sample show.
    """

    dark: bool = False
    test: bool = True
    discrete: bool = False
    of_training: bool = False
    sample: np.ndarray | None = None
    answer: dict[str, Any] | None = None
    row: int = 0


@dataclass(frozen=True)
class ResultView:
    """An entry of the chooser; `about` is one sentence for newcomers.

    `needs`: the engine's views that it draws. `switches`: the fields of a `Look` that change it. `draw` and
    `words` take what is shown (a run, or a moment of its past) and a `Look`. Of its `views` some may not be
    there yet: `draw` then draws what is known, and `words` is not asked. `of_one`: it shows the test sample
    that a person chooses; `row_at`: which one is at this x, where a click on the figure chooses it.
    """

    name: str
    label: str
    about: str
    fits: Callable[[Experiment], bool]
    needs: tuple[str, ...]
    switches: tuple[str, ...]
    draw: Callable[[Any, Look], Spec]
    words: Callable[[Any, Look], str]
    of_one: bool = False
    row_at: Callable[[Any, Look, float], int | None] | None = None

    def is_measured(self, shown: Any) -> bool:
        """Whether all that it draws is there."""
        return all(shown.views.get(name) for name in self.needs)


def revision(shown: Any) -> str:
    """While this stays the same, a zoom stays."""
    return f"{shown.id}-{shown.origin.data}"
