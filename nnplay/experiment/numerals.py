"""Numbers and switches as pydantic types, read strictly from text: plain ASCII digits and nothing clever.

Left to itself pydantic also takes "1_000", " 5 ", "yes" and True for numbers and switches; then one
experiment could be written in many ways, and a slip would go through unnoticed.
"""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

WHOLE = re.compile(r"-?[0-9]{1,20}")
REAL = re.compile(r"-?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")
SWITCHES = {"0": False, "1": True, "false": False, "true": True}


def _matches(pattern: re.Pattern[str], value: Any) -> Any:
    """Hand the value on, unless it is a text of another form, or a truth value."""
    if isinstance(value, bool) or (isinstance(value, str) and not pattern.fullmatch(value)):
        raise PydanticCustomError("not_a_number", "not a number")
    return value


def _whole(value: Any) -> Any:
    return _matches(WHOLE, value)


def _real(value: Any) -> Any:
    return _matches(REAL, value)


def _switch(value: Any) -> Any:
    if isinstance(value, str):
        value = SWITCHES.get(value.lower())
    if isinstance(value, int) and value in (0, 1):
        return bool(value)
    raise PydanticCustomError("not_a_switch", "neither 0 nor 1")


def _no_minus_zero(value: float) -> float:
    # -0.0 equals 0.0, so the two must be written alike as well.
    return value or 0.0


Whole = Annotated[int, BeforeValidator(_whole)]
Real = Annotated[float, BeforeValidator(_real), AfterValidator(_no_minus_zero)]
Switch = Annotated[bool, BeforeValidator(_switch)]
