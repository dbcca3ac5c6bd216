"""The error that every door of the experiment raises."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnplay.experiment.record import Experiment

# A hostile link can hold anything: of what was given only so much is shown.
SHOWN = 40


class ExperimentError(ValueError):
    """Settings that describe no experiment.

    `problems` maps each setting at fault to its sentence (the key "" holds what concerns the whole);
    `experiment` is what could be kept: the given settings with the faulty ones, and those that fit only
    these, at their defaults. None where nothing could be read at all.
    """

    def __init__(self, problems: Mapping[str, str], experiment: "Experiment | None" = None) -> None:
        self.problems = {printable(name): sentence for name, sentence in problems.items()}
        self.experiment = experiment
        super().__init__(" ".join(self.problems.values()))

    def __reduce__(self) -> tuple[Any, ...]:
        # What a worker raises is pickled on its way back.
        return type(self), (self.problems, self.experiment)


def printable(text: str) -> str:
    """The beginning of a text, without what no file or terminal can hold (lone surrogates)."""
    return text[:SHOWN].encode("utf-8", "replace").decode("utf-8")


def show(value: Any) -> str:
    """A value as a message shows it: its `repr`, cut short."""
    if isinstance(value, str):
        return repr(value if len(value) <= SHOWN else value[: SHOWN - 1] + "…")
    try:
        text = repr(value)
    except ValueError:
        # Python refuses to write out whole numbers of more than some thousand digits.
        return "a number too long to write out"
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
