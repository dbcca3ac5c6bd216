"""All that there is of a run at an epoch, as one archive: code, tables, model, figures, film."""

from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from nnplay.engine.state import State
from nnplay.export.animation import animation
from nnplay.export.archive import write_archive
from nnplay.export.script import notebook, script
from nnplay.export.section import CannotExport
from nnplay.export.tables import data_csv, history_csv
from nnplay.export.training_code import pieces
from nnplay.figures import Spec
from nnplay.figures.html import figures_page
from nnplay.figures.palette import palette
from nnplay.jobs import Change, Moment, Run, Runs

# Seconds that a worker may take to write the model and measure the frames.
PATIENCE = 120
PACKAGES = ("keras", "tensorflow", "tensorflow-cpu", "numpy", "scikit-learn")


def everything(runs: Runs, shown: Run | Moment, run: Run, figures: Mapping[str, Spec]) -> bytes:
    """The zip of what is shown, the run itself or a moment of it, with these figures drawn for a light page.

    Waits for a worker. Raises what the worker raises.
    """
    state, experiment = shown.state, shown.experiment
    assert state is not None, "a run without a state shows no button"
    changes = told(shown, run)
    past = _past(run, state) if experiment.dataset.extent and len(experiment.dataset.inputs) == 2 else []
    saved, frames = runs.save(experiment, state, past).result(timeout=PATIENCE)
    files: dict[str, bytes] = dict(saved)
    history = shown.history.until(shown.epoch)
    files["data.csv"] = data_csv(experiment).encode()
    if len(history):
        files["history.csv"] = history_csv(history.names, history.values).encode()
    if not run.opened:
        try:
            epochs, done = shown.epoch, changes_until(shown)
            files["script.py"] = script(run.first, epochs=epochs, changes=done).encode()
            files["notebook.ipynb"] = notebook(run.first, epochs=epochs, changes=done).encode()
        except CannotExport:
            # What a script cannot say is left out of it, and the rest is still worth having.
            pass
    if figures:
        title = f"{experiment.dataset.label} after {shown.epoch:,} epochs"
        words = f"Measured by nnplay on the experiment {experiment.to_link()}."
        files["figures.html"] = figures_page(title, words, figures).encode()
    if frames is not None and len(frames):
        losses = [history.row(kept.epoch).get("val_loss") for kept in past]
        colors = palette(dark=False)
        files["animation.html"] = animation(
            experiment, frames, [kept.epoch for kept in past], losses,
            scale=colors.diverging, classes=colors.classes,
        ).encode()  # fmt: skip
    return write_archive(experiment, state, files, changes=changes, packages=packages())


def told(shown: Run | Moment, run: Run) -> list[str]:
    """What was changed on the way, in words."""
    words = ["The run was opened from a zip, and had been changed before."] if run.opened else []
    for piece in pieces(run.first, shown.epoch, changes_until(shown)):
        words += piece.words
    return words


def changes_until(shown: Run | Moment) -> list[Change]:
    """The changes that the state shown has gone through."""
    return list(shown.changes[: shown.done] if isinstance(shown, Moment) else shown.changes)


def packages() -> dict[str, str]:
    """The versions installed here, which the numbers of the last digits depend on."""
    found: dict[str, Any] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _past(run: Run, state: State) -> Sequence[State]:
    """The states kept up to this one, and itself; none from before the weights were kept for other data."""
    since = max((change.epoch for change in run.changes if change.kept), default=0)
    epochs = [epoch for epoch in run.snapshots.epochs if since <= epoch < state.epoch]
    kept = [run.snapshots.at_or_before(epoch) for epoch in epochs]
    return [*(one for one in kept if one is not None), state]
