"""The parts of the compare page, one a module; `PART_VIEWS` maps the setting `part` to its view."""

from collections.abc import Callable

from nnplay.ui.compare.base import write_address
from nnplay.ui.compare.kept import kept
from nnplay.ui.compare.pair import pair
from nnplay.ui.compare.seeds import seeds

__all__ = ["PART_VIEWS", "write_address"]

PART_VIEWS: dict[str, Callable[[], None]] = {
    "kept": kept,
    "pair": pair,
    "seeds": seeds,
}
