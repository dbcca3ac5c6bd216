"""What a task does to the controls: locked ones are shown and cannot be moved, hidden ones are not shown.

This is what one sees of it; that nothing locked changes is seen to in `visit.change` and `visit.reset`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from nnplay.experiment import SETTINGS
from nnplay.ui import visit

P = ParamSpec("P")


def label_of(name: str, label: str = "") -> str:
    """The label of a setting's widget, with a lock where it is locked."""
    return (label or SETTINGS[name].label) + (" :material/lock:" if visit.is_locked(name) else "")


def unless_hidden(draw: Callable[Concatenate[str, P], None]) -> Callable[Concatenate[str, P], None]:
    """A function that draws the widget of a setting, its first argument, unless the task hides it."""

    @wraps(draw)
    def drawn(name: str, /, *arguments: P.args, **more: P.kwargs) -> None:
        if not visit.is_hidden(name):
            draw(name, *arguments, **more)

    return drawn


def locked(*names: str) -> dict[str, Any]:
    """The argument `disabled` of a widget that changes these settings."""
    return {"disabled": any(visit.is_locked(name) for name in names)}
