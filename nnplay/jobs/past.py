"""Looking back: the layers of a run as they were in its kept states, measured when somebody asks."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any

from nnplay.engine.state import State
from nnplay.jobs.lanes import Lanes, Worker
from nnplay.jobs.record import VIEW, Measurement
from nnplay.jobs.run import Run

log = logging.getLogger(__name__)

# A look keeps the lane from others: at most so many states, and so many bytes to send, at a time.
MOST_STATES = 16
MOST_BYTES = 4_000_000

# (experiment, states, views) -> the views of each state, as `nnplay.engine.chunk.look_back`.
Look = Callable[[Any, tuple[State, ...], tuple[str, ...]], list[dict[str, Any]]]


class Past:
    """Fills the records of runs from their snapshots. `lock` guards the fields of all runs."""

    def __init__(self, lanes: Lanes, look: Look, lock: threading.RLock) -> None:
        self._lanes = lanes
        self.look = look
        self._lock = lock

    def fill(self, run: Run) -> None:
        """Have some of the kept states measured that the record lacks, unless a look is under way.

        A page calls this at each tick for as long as it shows the record; it returns at once.
        """
        with self._lock:
            states = () if run.measuring or run.lane is None else _lacking(run)
            if not states or run.lane is None:
                return
            run.measuring = True
            lane, generation = run.lane, run.generation
        try:
            worker, future = self._lanes.submit(lane, self.look, run.experiment, states, (VIEW,))
        except Exception:
            log.exception("No worker could be started.")
            run.measuring = False
            return
        future.add_done_callback(partial(self._landed, run, generation, lane, worker, states))

    def _landed(
        self, run: Run, generation: int, lane: int, worker: Worker, states: tuple[State, ...], future: Future
    ) -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, self._lanes.broken):
            self._lanes.drop(lane, worker)
        with self._lock:
            if run.generation != generation:
                # A new beginning has a mark of its own.
                return
            # After an error nothing is asked again: what failed once would fail at every tick.
            run.measuring = error is not None and not isinstance(error, self._lanes.broken)
            if error or future.cancelled():
                log.warning("The past of a run could not be measured: %s", error)
                return
            for state, views in zip(states, future.result(), strict=True):
                # The run may have gone back, and taken another way.
                if state is run.snapshots.at_or_before(state.epoch):
                    run.record.add(Measurement(state.epoch, state.batch, views[VIEW]))


def _lacking(run: Run) -> tuple[State, ...]:
    """Kept states that the record lacks, spread over the run."""
    # States from before the weights were kept for something else are of another network.
    first = max((change.epoch for change in run.changes if change.kept), default=0)
    epochs = run.record.wanted([epoch for epoch in run.snapshots.epochs if epoch >= first])
    # From the whole run first: a coarse picture, then a finer one.
    some = epochs[:: -(-len(epochs) // MOST_STATES) or 1]
    states = [state for state in map(run.snapshots.at_or_before, some) if state]
    room = max(1, MOST_BYTES // max(1, states[0].nbytes)) if states else 0
    return tuple(states[:room])
