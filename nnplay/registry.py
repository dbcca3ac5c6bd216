"""Look a name up in a registry, or say which names exist and which one was probably meant."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

T = TypeVar("T")


class UnknownName(ValueError):
    """A name that is in no entry of the registry asked."""


def look_up(registry: Mapping[str, T], name: str, kind: str) -> T:
    """Return the entry called `name`.

    `kind` is the noun for the message ("dataset", "loss"). Raises `UnknownName` with the nearest
    name, when one is near, and all the known ones.
    """
    if name in registry:
        return registry[name]
    # A hostile link can hold anything: show only a short, printable piece of it.
    given = repr(str(name)[:40])
    near = get_close_matches(str(name)[:40].lower(), list(registry), n=1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    raise UnknownName(f"Unknown {kind} {given}.{meant} Known: {', '.join(registry)}.")
