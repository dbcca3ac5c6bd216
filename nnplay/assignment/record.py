"""An assignment: a title, a task, a goal, and the controls that are locked or hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from nnplay.assignment.goal import MEASURES, Condition, fitting
from nnplay.experiment import SETTINGS, Experiment
from nnplay.experiment.error import show
from nnplay.experiment.links import write_value

# What can be locked besides the settings: weights set by hand on the picture.
WEIGHTS = "weights"
CONTROLS: dict[str, str] = {name: setting.label for name, setting in SETTINGS.items()} | {
    WEIGHTS: "Weights set by hand"
}


@dataclass(frozen=True)
class Assignment:
    """`experiment`: what it opens with, which gives the locked settings their values. `text`: Markdown.

    `hidden`: controls that are not shown; they are `locked` as well. Both in the order of `CONTROLS`.
    """

    experiment: Experiment
    title: str = ""
    text: str = ""
    goal: tuple[Condition, ...] = ()
    locked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def refusals(self, experiment: Experiment) -> dict[str, str]:
        """A sentence for each locked setting that this experiment has otherwise."""
        return {
            name: f"{CONTROLS[name]} is locked by the task: it stays at {self.written(name)}."
            for name in self.locked
            if name != WEIGHTS and getattr(experiment, name) != getattr(self.experiment, name)
        }

    def written(self, name: str) -> str:
        """The value of a locked control as a link has it."""
        return "" if name == WEIGHTS else write_value(getattr(self.experiment, name))

    def counts_for(self, experiment: Experiment) -> bool:
        """Whether what a run of this experiment reaches counts for the goal."""
        return not self.refusals(experiment)


def faults(assignment: Assignment) -> dict[str, str]:
    """What does not go together, by the link's keys. Each part is right by itself."""
    found: dict[str, str] = {}
    there, locked = fitting(assignment.experiment), assignment.locked
    for condition in assignment.goal:
        if condition.measure not in there:
            found["goal"] = (
                f"The goal asks for {MEASURES[condition.measure].label}, which "
                f"{assignment.experiment.dataset.label} does not have. Choose one of: {', '.join(there)}."
            )
    if assignment.goal and "data" not in locked:
        found["goal"] = "A goal is one on certain data: lock them (lock.data) or hide them (hide.data)."
    if "loss" not in locked and any(MEASURES[one.measure].needs == "loss" for one in assignment.goal):
        found["goal"] = "A goal in terms of the loss needs to know which: lock it (lock.loss) or hide it."
    return found


def in_order(names: Sequence[str]) -> tuple[str, ...]:
    """The names of controls in their order. Raises ValueError for one that is none."""
    for name in names:
        if name not in CONTROLS:
            raise ValueError(f"There is no control {show(name)} to lock or hide.")
    return tuple(name for name in CONTROLS if name in names)
