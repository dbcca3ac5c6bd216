"""Links that mean a run up to an epoch: `at=120`, beside the settings, trains 120 epochs and pauses there."""

from collections.abc import Iterable
from typing import Any

from nnplay.experiment.error import ExperimentError, show
from nnplay.experiment.links import write_link
from nnplay.experiment.record import Experiment, from_pairs

AT = "at"


def link_to(experiment: Experiment, epoch: int) -> str:
    """The link of the experiment after this epoch (0: before the first, as any link)."""
    return write_link(experiment.in_link() | ({AT: epoch} if epoch else {}))


def from_pairs_at(pairs: Iterable[tuple[str, Any]], own: str = "") -> tuple[Experiment, int]:
    """The experiment of a link's pairs, and the epoch to train to; 0 where none is given. `own`: as there.

    Raises `ExperimentError` naming every fault.
    """
    pairs = list(pairs)
    problems: dict[str, str] = {}
    experiment: Experiment | None
    try:
        experiment = from_pairs(((name, value) for name, value in pairs if name != AT), own)
    except ExperimentError as error:
        problems, experiment = error.problems, error.experiment
    given = [value for name, value in pairs if name == AT]
    epoch = 0
    if len(given) > 1:
        problems[AT] = f"'{AT}' is given {len(given)} times. Give it once."
    elif given:
        most = experiment.epochs if experiment else 0
        text = str(given[0])
        if text.isascii() and text.isdigit() and int(text[:9]) <= most and len(text) < 9:
            epoch = int(text)
        else:
            problems[AT] = (
                f"The epoch to go to ({AT}) must be a whole number from 0 to {most:,}, the epochs of the "
                f"run, not {show(given[0])}."
            )
    if problems or experiment is None:
        raise ExperimentError(problems, experiment)
    return experiment, epoch
