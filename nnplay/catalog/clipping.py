"""Gradient clipping, written `none`, `value0.5`, `norm1`, `global1`; g is a gradient, c the limit."""

import re
from dataclasses import dataclass

MIN_LIMIT = 0.0001
MAX_LIMIT = 1000.0


class BadClip(ValueError):
    """A text that is not the notation of gradient clipping, or a limit out of range."""


@dataclass(frozen=True)
class Clip:
    """Clipping of gradients: `kind` is the argument of a Keras optimizer that takes `limit`."""

    kind: str
    limit: float


@dataclass(frozen=True)
class Clipping:
    """One way to clip: `keras` is an argument of Keras's optimizers, "" for none."""

    name: str
    keras: str
    label: str
    formula: str
    about: str


CLIPPINGS: dict[str, Clipping] = {
    "none": Clipping(
        name="none",
        keras="",
        label="None",
        formula=r"g",
        about="Gradients are used as they are.",
    ),
    "value": Clipping(
        name="value",
        keras="clipvalue",
        label="By value",
        formula=r"\min(\max(g, -c), c)",
        about="Each number is cut off by itself: simple, but it turns the direction of the step.",
    ),
    "norm": Clipping(
        name="norm",
        keras="clipnorm",
        label="By norm",
        formula=r"g \min\left(1, \frac{c}{\|g\|}\right)",
        about="Each weight matrix and bias vector is shortened by itself: keeps the direction within each.",
    ),
    "global": Clipping(
        name="global",
        keras="global_clipnorm",
        label="By global norm",
        formula=r"g \min\left(1, \frac{c}{\|(g_1, \dots, g_L)\|}\right)",
        about="All gradients are shortened together: keeps the direction; usual for recurrent networks.",
    ),
}


def parse_clip(text: str) -> Clip | None:
    """Return what `text` describes, `None` for `none` or an empty text.

    Raises `BadClip` for anything else, and for a limit outside `MIN_LIMIT` to `MAX_LIMIT`.
    """
    plain = text.strip().lower()
    if plain in ("", "none"):
        return None
    found = re.fullmatch(r"([a-z]+) ?([0-9]{1,9}(?:\.[0-9]{1,20})?)", plain)
    clipping = CLIPPINGS.get(found[1]) if found else None
    if found is None or clipping is None or not clipping.keras:
        kinds = ", ".join(name if not entry.keras else f"{name}LIMIT" for name, entry in CLIPPINGS.items())
        raise BadClip(f"Unknown clipping {text[:40]!r}. Known: {kinds}; for example 'norm1' or 'value0.5'.")
    limit = float(found[2])
    if not MIN_LIMIT <= limit <= MAX_LIMIT:
        raise BadClip(
            f"A clipping limit must lie between {MIN_LIMIT:g} and {MAX_LIMIT:g}; {text[:40]!r} was given."
        )
    return Clip(clipping.keras, limit)


def format_clip(clip: Clip | None) -> str:
    """Return the notation of `clip`: the inverse of `parse_clip`, `none` for `None`."""
    if clip is None:
        return "none"
    name = next(name for name, entry in CLIPPINGS.items() if entry.keras == clip.kind)
    return name + repr(float(clip.limit)).removesuffix(".0")
