"""The notation of an activation: its name, or `elu~0.5`, its name with the value of its first parameter."""

import re
from collections.abc import Mapping

from nnplay.catalog.activations import ACTIVATIONS, Activation
from nnplay.registry import look_up

# A parameter of 0 would make some of them divide by it.
LEAST_PARAMETER = 0.01
MOST_PARAMETER = 10.0


class BadActivation(ValueError):
    """A parameter that an activation cannot have."""


def parse_activation(text: str) -> tuple[Activation, dict[str, float]]:
    """The entry and the parameters of `name` or `name~value`, where the value is that of its first parameter.

    Raises `UnknownName` for an unknown name, `BadActivation` for a value that cannot be.
    """
    name, tilde, value = text.partition("~")
    entry = look_up(ACTIVATIONS, name, "activation")
    parameters = dict(entry.parameters)
    if tilde:
        if not parameters:
            raise BadActivation(f"Activation {name!r} has no parameter. Write it without '~'.")
        first = next(iter(parameters))
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", value) or not (
            LEAST_PARAMETER <= float(value) <= MOST_PARAMETER
        ):
            raise BadActivation(
                f"The {first} of {name!r} must be a number from {LEAST_PARAMETER:g} to "
                f"{MOST_PARAMETER:g}, not {value[:40]!r}; "
                f"write it as in '{name}~{parameters[first]:g}'."
            )
        parameters[first] = float(value)
    return entry, parameters


def format_activation(entry: Activation, parameters: Mapping[str, float]) -> str:
    """The inverse of `parse_activation`: without a value where it is the usual one."""
    first = next(iter(parameters), None)
    if first is None or parameters[first] == entry.parameters[first]:
        return entry.name
    return f"{entry.name}~{repr(float(parameters[first])).removesuffix('.0')}"
