"""All sweeps of a server, and the lanes that they share with one another and with the runs of the pages.

Each lane has at most one piece of a sweep under way, of half a second or so; the next one is handed over when
it returns, to the sweep that has waited longest. Where pages train as well, sweeps keep to the lanes on
which nobody does; if there is none, to a single one, where they take turns with the others.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any, Self

from nnplay.jobs.lanes import Lanes, Worker, loky_executor
from nnplay.jobs.results import MOST_KILLS, sentence
from nnplay.jobs.settings import Settings
from nnplay.sweep.piece import task, train_piece
from nnplay.sweep.plan import Plan
from nnplay.sweep.sweep import Pieces, Progress, Sweep

log = logging.getLogger(__name__)

# Seconds of a piece: long enough that the way to the worker does not count, short enough that a lost worker,
# or somebody who presses Play, costs little.
PIECE_SECONDS = 0.5


class Sweeps:
    """Sweeps on the lanes of a server. All methods may be called from any thread and return at once."""

    def __init__(
        self,
        lanes: Lanes,
        settings: Settings,
        *,
        going: Callable[[], Sequence[int]] = lambda: (),
        piece: Callable[[dict[str, Any]], dict[str, Any]] = train_piece,
        clock: Callable[[], float] = time.monotonic,
        tidy_every: float | None = None,
        at_end: Callable[[], None] = lambda: None,
        alive: Callable[[], bool] = lambda: True,
    ) -> None:
        """`going`: how many runs of pages are trained on each lane. `tidy_every`: seconds between two
        calls of `tidy`; None: never. `at_end`: called when all is closed. `alive`: whether there are still
        workers to be had, as there are not when a cluster's scheduler has gone."""
        self.lanes = lanes
        self._settings = settings
        self._going = going
        self._piece = piece
        self._clock = clock
        self._at_end = at_end
        self.alive = alive
        self._lock = threading.RLock()
        self._sweeps: dict[str, Sweep] = {}
        self._turn = 0
        # What all sweeps together were measured to take.
        self.measured = Pieces()
        self._closed = threading.Event()
        # Whoever waits for news; see `wait`.
        self._news = threading.Condition()
        if tidy_every is not None:
            threading.Thread(target=self._housekeeping, args=(tidy_every,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, plan: Plan, *, watched: bool = False) -> Sweep:
        """Train the runs of a plan; with `watched` only as long as somebody calls `watch`."""
        sweep = Sweep(plan, started=self._clock(), seen=self._clock() if watched else float("inf"))
        with self._lock:
            self._sweeps[sweep.id] = sweep
        self._settle()
        self._close_if_over(sweep)
        return sweep

    def get(self, id: str) -> Sweep | None:
        """The sweep of this id; None when there never was one or it has been forgotten."""
        return self._sweeps.get(id)

    def watch(self, sweep: Sweep) -> None:
        """Renew the lease; a sweep that was suspended goes on."""
        sweep.seen = self._clock()
        self._settle()

    def cancel(self, sweep: Sweep) -> None:
        """Train no further; what is done is kept."""
        with self._lock:
            sweep.cancelled = sweep.cancelled or not sweep.over
        self._close_if_over(sweep)
        self._tell()

    def free(self, sweep: Sweep) -> None:
        """Forget the sweep."""
        self.cancel(sweep)
        with self._lock:
            self._sweeps.pop(sweep.id, None)

    def wait(self, seconds: float) -> None:
        """Return when something has happened to a sweep, or after so many seconds."""
        with self._news:
            self._news.wait(seconds)

    def remaining_seconds(self, sweep: Sweep) -> float | None:
        """How long the rest of a sweep will take, by what was measured; None before a run is done."""
        with self._lock:
            rivals = sum(not other.over and not self._left(other) for other in self._sweeps.values())
            found = sweep.remaining_seconds(len(self._open()))
        return found if found is None else found * max(1, rivals)

    def expected_seconds(self, plan: Plan) -> float | None:
        """How long a plan would take, by the sweeps measured so far; None before the first."""
        with self._lock:
            if not self.measured.runs or not plan.trials:
                return None
            sweep = Sweep(plan)
            sweep.pieces = self.measured
            return sweep.remaining_seconds(len(self._open()))

    def seconds(self, sweep: Sweep) -> float:
        """Seconds since it was started, until it was over."""
        return (sweep.ended or self._clock()) - sweep.started

    def tidy(self) -> None:
        """Forget sweeps that nobody has watched for long."""
        now = self._clock()
        for sweep in list(self._sweeps.values()):
            if now - sweep.seen > self._settings.lease_seconds + self._settings.free_seconds:
                self.free(sweep)
        self._settle()

    def close(self) -> None:
        """End all workers. A sweep that is not over ends, since nothing more will come."""
        self._closed.set()
        for sweep in list(self._sweeps.values()):
            with self._lock:
                sweep.fault = sweep.fault or ("" if sweep.over else ENDED)
            self._close_if_over(sweep)
        self._tell()
        try:
            self.lanes.close()
        finally:
            self._at_end()

    # ---- who is next

    def _left(self, sweep: Sweep) -> bool:
        """Whether nobody watches it any more: then it is suspended."""
        return self._clock() - sweep.seen > self._settings.lease_seconds

    def _open(self) -> list[int]:
        """The lanes that sweeps may use now."""
        lanes = list(range(self.lanes.open))
        going = [*self._going()]
        counts = {lane: going[lane] if lane < len(going) else 0 for lane in lanes}
        free = [lane for lane in lanes if not counts[lane]]
        # The last one: the first is where somebody who comes next begins.
        return free or [min(lanes, key=lambda lane: (counts[lane], -lane))]

    def _settle(self) -> None:
        """Hand over the next pieces, as long as there is a lane for one."""
        while not self._closed.is_set():
            with self._lock:
                found = self._next()
                if found is None:
                    return
                sweep, lane, run = found
                self.lanes.sweeping.add(lane)
            self._launch(sweep, lane, run)

    def _next(self) -> tuple[Sweep, int, Progress] | None:
        lanes = self._open()
        for lane in lanes:
            if lane in self.lanes.sweeping:
                continue
            for sweep in sorted(self._sweeps.values(), key=lambda sweep: sweep.served):
                run = None if self._left(sweep) else sweep.take(lane, lanes)
                if run:
                    self._turn += 1
                    sweep.served = self._turn
                    return sweep, lane, run
        return None

    def _launch(self, sweep: Sweep, lane: int, run: Progress) -> None:
        going = [*self._going()]
        shared = lane < len(going) and going[lane] > 0
        seconds = self._settings.chunk_ms / 1000 if shared else PIECE_SECONDS
        start = self._clock()
        try:
            given = task(run.trial.experiment, run.state, seconds)
            worker, future = self.lanes.submit(lane, self._piece, given)
        except Exception as error:
            if not self._closed.is_set():
                log.exception("A piece of a sweep could not be handed over.")
                self._landed_badly(sweep, lane, f"No worker could be started. {sentence(error)}")
            return
        future.add_done_callback(partial(self._landed, sweep, lane, run, worker, start))

    # ---- what comes back

    def _landed(
        self, sweep: Sweep, lane: int, run: Progress, worker: Worker, start: float, future: Future
    ) -> None:
        """A piece came back, or did not; called on the executor's thread."""
        error = CancelledError("The piece was cancelled.") if future.cancelled() else future.exception()
        gone = isinstance(error, self.lanes.broken)
        if gone:
            self.lanes.drop(lane, worker)
        memory = 0
        with self._lock:
            self.lanes.sweeping.discard(lane)
            sweep.back(lane)
            run.kills += worker.culprit is future
            if not (sweep.cancelled or sweep.fault or self._closed.is_set()):
                if isinstance(error, CancelledError):
                    # Not by us: the executor itself has gone.
                    sweep.fault = ENDED
                elif gone and run.kills < MOST_KILLS:
                    sweep.again(run)
                elif gone:
                    sweep.end(run, "failed", GIVEN_UP)
                elif error:
                    sweep.end(run, "failed", sentence(error))
                else:
                    memory = future.result()["memory"]
                    try:
                        piece, wall = future.result(), self._clock() - start
                        sweep.add(run, piece, wall)
                        self.measured.learn(run.key, len(piece["rows"]), wall, piece["compile_seconds"])
                        self.measured.runs += piece["over"]
                    except Exception as error:
                        log.exception("A result could not be used.")
                        sweep.end(run, "failed", sentence(error))
        if memory > self._settings.memory_mb * 1e6:
            self.lanes.renew(lane, worker)
        self._close_if_over(sweep)
        self._tell()
        self._settle()

    def _landed_badly(self, sweep: Sweep, lane: int, message: str) -> None:
        with self._lock:
            self.lanes.sweeping.discard(lane)
            sweep.back(lane)
            sweep.fault = message
        self._close_if_over(sweep)
        self._tell()

    def _close_if_over(self, sweep: Sweep) -> None:
        with self._lock:
            if sweep.over and sweep.ended is None:
                sweep.ended = self._clock()
                sweep.waiting = {key: type(runs)() for key, runs in sweep.waiting.items()}

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()

    def _housekeeping(self, every: float) -> None:
        while not self._closed.wait(every):
            try:
                self.tidy()
            except Exception:
                log.exception("Housekeeping failed; it is tried again.")


def open_here(settings: Settings) -> Sweeps:
    """Sweeps on worker processes of this machine, which all start warming up at once."""
    lanes = Lanes(settings.workers, partial(loky_executor, settings.idle_seconds))
    lanes.start_all()
    return Sweeps(lanes, settings)


ENDED = "The workers have gone away with their scheduler. What is done is kept; start the sweep again."
GIVEN_UP = (
    f"This run ended its worker process {MOST_KILLS} times, perhaps for want of memory. "
    "Choose a smaller network or fewer samples."
)
