"""The sentences of the page, and help texts made from the catalogue."""

from typing import Any

import numpy as np

from nnplay.experiment import SETTINGS
from nnplay.jobs import Run

ABOUT = (
    "Choose data and a network on the left, press **Play**, and watch it learn. "
    "Every number and picture is measured on the real Keras model that is being trained."
)
BY_ITSELF = (
    "This network began to learn by itself: it finds out where points are blue and where they are orange. "
    "Press **Pause** to stop it, or change any setting and see what becomes of it."
)

STATES = {
    "ready": "Ready. Press Play.",
    "preparing": "Starting: the network is being built.",
    "running": "Learning.",
    "paused": "Paused.",
    "finished": "Finished: all {epochs:,} epochs are done.",
    "waiting": "Waiting for a free place: number {place} in the queue.",
    "abandoned": "Suspended, since this page was not watched. It goes on by itself.",
    "diverged": "{message}",
    "stopped": "Stopped. {message}",
    "failed": "{message}",
}


LOOKING = "Paused, at epoch {epoch:,} of {last:,}. Play goes on from here and drops what came after."


def state_in_words(run: Run) -> str:
    """What the run is doing, as a sentence."""
    if run.looking is not None:
        return LOOKING.format(epoch=run.looking, last=run.epoch)
    status = run.status
    return STATES[status.word].format(
        place=status.place, message=status.message, epochs=run.experiment.epochs
    )


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: "accuracy", but "RMSE" and "R²"."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def help_for(name: str, entry: Any = None) -> str:
    """The help of a setting: what it is, and of the entry chosen what it is good for and its formula."""
    text = SETTINGS[name].help
    if entry is not None:
        text += f"\n\n**{entry.label}.** {entry.about}"
        if getattr(entry, "formula", ""):
            text += f"\n\n${entry.formula}$"
    if not SETTINGS[name].live:
        text += "\n\n*While a network is training, a change waits for Reset.*"
    return text


def times(factor: float) -> str:
    """A positive number as people write it: 0.25, 37, 3.1 · 10⁻¹⁸."""
    if not np.isfinite(factor):
        return "infinity" if factor > 0 else "no number"
    if factor == 0:
        return "0"
    if 1e-3 <= abs(factor) < 1e5:
        return f"{factor:.3g}" if abs(factor) < 1000 else f"{factor:,.0f}"
    mantissa, exponent = f"{factor:.1e}".split("e")
    return f"{mantissa} · 10{exponent_of(int(exponent))}"


def exponent_of(power: int) -> str:
    """A whole number in raised digits."""
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
