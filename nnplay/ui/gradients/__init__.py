"""The parts of the gradients page, one a module; `PART_VIEWS` maps the setting `part` to its view."""

from collections.abc import Callable

from nnplay.ui.gradients.depth import depth
from nnplay.ui.gradients.exploding import exploding
from nnplay.ui.gradients.phase import phase
from nnplay.ui.gradients.remedies import remedies
from nnplay.ui.gradients.through_time import through_time

__all__ = ["PART_VIEWS"]

PART_VIEWS: dict[str, Callable[[], None]] = {
    "depth": depth,
    "phase": phase,
    "remedies": remedies,
    "time": through_time,
    "exploding": exploding,
}
