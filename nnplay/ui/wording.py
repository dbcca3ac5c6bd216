"""The sentences of the page, and help texts made from the catalogue."""

from typing import Any

from nnplay.experiment import SETTINGS, Experiment
from nnplay.experiment.fields import CHOICES
from nnplay.jobs import Branch, Change, Run

ABOUT = (
    "Choose data and a network in the sidebar, press **Play**, and watch it learn. "
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
    "stopped": "Stopped after epoch {epoch:,}. {message} To go on, change that under *Until*.",
    "failed": "{message}",
}


# So many changes are told: each is a line to draw at every tick.
MOST_CHANGES = 50
# They change when a run ends, not how it goes.
UNLABELLED = ("epochs", "target_loss", "patience")
LOOKING = "Paused, at epoch {epoch:,} of {last:,}. Play goes on from here and drops what came after."


def state_in_words(run: Run) -> str:
    """What the run is doing, as a sentence."""
    if run.looking is not None:
        return LOOKING.format(epoch=run.looking, last=run.epoch)
    status = run.status
    return STATES[status.word].format(
        place=status.place, message=status.message, epochs=run.experiment.epochs, epoch=run.epoch
    )


def changes_in_words(run: Run) -> dict[int, str]:
    """What was changed in the run, by the epoch after which it was; of many changes the last."""
    first = max(0, len(run.changes) - MOST_CHANGES)
    said: dict[int, list[str]] = {}
    before = run.first
    for place, change in enumerate(run.changes):
        if place >= first:
            said.setdefault(change.epoch, []).append(_change_in_words(before, change))
        if not change.weight:
            before = change.experiment
    return {epoch: "; ".join(texts[-4:]) for epoch, texts in said.items()}


def _change_in_words(before: Experiment, change: Change) -> str:
    if change.weight is None:
        text = differences_in_words(before, change.experiment)
        return f"{text}, weights kept" if change.kept else text
    edit = change.weight
    what = "bias" if edit.unit_from is None else "weight"
    return f"A {what} of layer {edit.layer + 1} set to {edit.value:.4g}"


def differences_in_words(before: Experiment, after: Experiment) -> str:
    """The settings that differ, with both values: "Learning rate 0.01 → 0.1"."""
    pairs = [(name, getattr(before, name), getattr(after, name)) for name in SETTINGS]
    found = [
        f"{SETTINGS[name].label} {value_in_words(name, old)} → {value_in_words(name, new)}"
        for name, old, new in pairs
        if old != new
    ]
    return ", ".join(found) or "Nothing"


def branch_label(branch: Branch, experiment: Experiment) -> str:
    """Of a kept curve: what differs from what is trained now, in its own values."""
    pairs = [(name, getattr(branch.experiment, name)) for name in SETTINGS]
    found = [
        f"{in_sentence(SETTINGS[name].label)} {value_in_words(name, value)}"
        for name, value in pairs
        if value != getattr(experiment, name) and name not in UNLABELLED
    ]
    text = ", ".join(found[:2]) + (" …" if len(found) > 2 else "")
    return text or f"as before, until epoch {branch.epoch:,}"


def value_in_words(name: str, value: Any) -> str:
    """The value of a setting as people read it: labels for names, "on" and "off"."""
    entry = CHOICES[name].get(value) if name in CHOICES and isinstance(value, str) else None
    if entry is not None and hasattr(entry, "label"):
        return str(entry.label)
    if isinstance(value, bool):
        return "on" if value else "off"
    if name == "batch_size" and value == 0:
        return "all"
    if isinstance(value, int):
        return str(value)
    return f"{value:g}" if isinstance(value, float) else "-".join(value) if name == "features" else value


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
    if SETTINGS[name].formula:
        text += f"\n\n${SETTINGS[name].formula}$"
    if not SETTINGS[name].live:
        text += "\n\n*While a network is training, a change waits for Reset.*"
    return text


def moment_in_words(epoch: int, batch: int) -> str:
    """ "epoch 4 and 1 batch"."""
    batches = f" and {batch} batch{'' if batch == 1 else 'es'}" if batch else ""
    return f"epoch {epoch:,}{batches}"
