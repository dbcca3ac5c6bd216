"""What a view of the result is: when it fits, what it needs from the model, how it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnplay.experiment import Experiment
from nnplay.figures import Spec


@dataclass(frozen=True)
class Look:
    """How a person wants to see the result: dark or light, with or without the test samples."""

    dark: bool
    test: bool


@dataclass(frozen=True)
class ResultView:
    """An entry of the chooser; `about` is one sentence for newcomers.

    `needs`: the engine's views that it draws. `draw` takes what is shown (a run, or a moment of its past; of
    its `views` some may not be there yet) and a `Look`.
    """

    name: str
    label: str
    about: str
    fits: Callable[[Experiment], bool]
    needs: tuple[str, ...]
    draw: Callable[[Any, Look], Spec]


def revision(shown: Any) -> str:
    """While this stays the same, a zoom stays."""
    return f"{shown.id}-{shown.origin.data}"
