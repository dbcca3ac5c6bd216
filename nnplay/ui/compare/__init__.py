"""The parts of the compare page, one a module; `PART_VIEWS` maps the setting `part` to its view."""

from collections.abc import Callable

from nnplay.ui.compare.kept import kept

PART_VIEWS: dict[str, Callable[[], None]] = {
    "kept": kept,
}
