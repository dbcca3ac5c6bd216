"""Ordinary runs side by side: started together, and kept while they fit the settings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from nnplay.experiment import Experiment
from nnplay.jobs import Answer, Run
from nnplay.ui import server, visit
from nnplay.ui.download import download
from nnplay.ui.live import TICK_SECONDS
from nnplay.ui.timer import on_timer
from nnplay.ui.wording import state_in_words

TRAININGS = "gradients_trainings"  # dict[str, Training]: what was last trained, by part
Experiments = Mapping[str, Experiment]


@dataclass(frozen=True)
class Training:
    """Ids of the runs, by the name and with the experiment of each."""

    ids: Mapping[str, str]
    experiments: Experiments

    def runs(self) -> dict[str, Run]:
        """Those that the server still has, by name."""
        found = {name: server.runs().get(id) for name, id in self.ids.items()}
        return {name: run for name, run in found.items() if run}


def _all() -> dict[str, Training]:
    """What was last trained, by part."""
    found: dict[str, Training] = st.session_state.setdefault(TRAININGS, {})
    return found


def training_of(part: str, experiments: Experiments) -> Training | None:
    """What this part trains or has trained, if it was these very experiments and is still there."""
    found = _all().get(part)
    if found and found.experiments == dict(experiments) and len(found.runs()) == len(experiments):
        return found
    return None


def buttons(part: str, experiments: Experiments, label: str) -> None:
    """Train, stop, go on, or train again."""
    found = training_of(part, experiments)
    if found and _moving(found):
        st.button("Stop", icon=":material/stop:", on_click=_pause, args=(found,), key=f"stop_{part}")
        return
    over = found is not None and all(run.over for run in found.runs().values())
    st.button(
        "Train again" if over else label,
        icon=":material/play_arrow:",
        type="secondary" if over else "primary",
        on_click=_start,
        args=(part, dict(experiments)),
        key=f"train_{part}",
    )


def live(
    part: str,
    experiments: Experiments,
    draw: Callable[[Mapping[str, Run]], None],
    answers: Sequence[Answer] = (),
) -> None:
    """Draw the runs by name (none yet: an empty dict), now and again while they move or answers lack."""
    found = training_of(part, experiments)
    visit.hold(TRAININGS, [run for each in _all().values() for run in each.runs().values()])
    busy = (found is not None and _moving(found)) or _missing(answers)
    on_timer(_tick, TICK_SECONDS if busy else None, found, draw, busy, answers)


def _tick(
    found: Training | None, draw: Callable[[Mapping[str, Run]], None], busy: bool, answers: Sequence[Answer]
) -> None:
    runs = found.runs() if found else {}
    for run in runs.values():
        server.runs().watch(run)
    # Asked before it is drawn: what is drawn last is then the end.
    moving = (found is not None and _moving(found)) or _missing(answers)
    draw(runs)
    if busy and not moving:
        # Buttons and timer belong to the page: let it draw itself again.
        st.rerun()


def _missing(answers: Sequence[Answer]) -> bool:
    # Each is looked at: an answer that nobody looks after is passed over.
    return not all([answer.done for answer in answers])


def _moving(found: Training) -> bool:
    return any(run.going or run.place or run.abandoned for run in found.runs().values())


def _start(part: str, experiments: dict[str, Experiment]) -> None:
    trainings = _all()
    found = training_of(part, experiments)
    for name, other in trainings.items():
        # One part at a time: the server is shared.
        if other is not found:
            _pause(other)
        if name == part and other is not found:
            for run in other.runs().values():
                server.runs().free(run)
    if found is None:
        ids = {name: server.runs().create(experiment).id for name, experiment in experiments.items()}
        found = trainings[part] = Training(ids, experiments)
    runs = found.runs().values()
    again = all(run.over for run in runs)
    for run in runs:
        if again:
            server.runs().reset(run)
        server.runs().play(run)


def _pause(found: Training) -> None:
    for run in found.runs().values():
        server.runs().pause(run)


# ---- reading a run


def column(run: Run, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Epochs and one measurement so far, both (epochs,)."""
    if not len(run.history):
        return np.zeros(0, np.float32), np.zeros(0, np.float32)
    return run.history.column("epoch"), run.history.column(name)


def gradients(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Epochs (e,) and the gradient norm of each layer's weights and biases, mean of an epoch, (e, layers)."""
    names = [f"grad_{place}" for place in range(1, len(run.origin.layers) + 2)]
    return column(run, "epoch")[0], np.stack([column(run, name)[1] for name in names], axis=1)


def download_runs(file: str, runs: Mapping[str, Run]) -> None:
    """A button that saves what was measured of each run in every epoch; nothing before the first."""
    tables = {name: run.history.values for name, run in runs.items() if len(run.history)}
    if not tables:
        return
    measured = next(run.history.names for name, run in runs.items() if name in tables)
    rows = np.concatenate(list(tables.values()))
    network = np.repeat(np.array(list(tables), object), [len(table) for table in tables.values()])
    download(file, {"network": network} | dict(zip(measured, rows.T, strict=True)))


def accuracy(run: Run) -> float | None:
    """Share of the training points that were right in the last epoch; None before the first."""
    _, values = column(run, "accuracy")
    return float(values[-1]) if len(values) else None


def state(run: Run) -> str:
    """What the run is doing, and how well: one sentence."""
    right = accuracy(run)
    if run.status.word == "finished" and right is not None:
        return f"Finished: {100 * right:.0f} % of the training points right (guessing: 50 %)."
    return state_in_words(run)
