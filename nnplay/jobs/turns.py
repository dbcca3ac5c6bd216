"""Turns: the queue of the runs, the chunk each has under way, and what follows when it comes back.

Each run has at most one chunk under way, and its next one is handed over when that one returns; a lane is
first come, first served; so the runs of a lane take turns. A chunk depends on the experiment and the state
alone, never on time or neighbours: chunks of other sizes, another worker or a lost chunk sent again give the
same states. Decisions are taken under one lock; tasks are handed over outside it, so that an executor may
call back whenever it likes.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial

from nnplay.engine.weights import set_weight
from nnplay.jobs.lanes import Lanes, Worker
from nnplay.jobs.moment import step_towards
from nnplay.jobs.pace import Work
from nnplay.jobs.plan import choose_lane, next_for, waits
from nnplay.jobs.results import fail, lost, refuse, replaced, sentence, take, take_kept, take_look
from nnplay.jobs.run import Change, Flight, Run
from nnplay.jobs.settings import Settings
from nnplay.jobs.work import Train

log = logging.getLogger(__name__)


class Turns:
    """Who trains next. `lock` guards the fields of all `runs`; `queue`: those that wait to play."""

    def __init__(self, settings: Settings, lanes: Lanes, train: Train, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.runs: dict[str, Run] = {}
        self.queue: list[Run] = []
        self.closed = threading.Event()
        self._settings = settings
        self._lanes = lanes
        self._train = train
        self._clock = clock

    def halt(self, run: Run) -> None:
        """No further training of this run, nor a place in the queue."""
        run.halt()
        if run in self.queue:
            self.queue.remove(run)
            run.place = 0

    def settle(self, *runs: Run) -> None:
        """After anything has happened to `runs`: start who can start, and hand over the next chunks."""
        with self.lock:
            started = self._admit()
            flights = [self._plan(run) for run in dict.fromkeys((*runs, *started))]
        for flight in flights:
            if flight:
                self._launch(flight)

    def _admit(self) -> list[Run]:
        """Let the first of the queue play, as many as there are places."""
        for run in self.runs.values():
            # A change of the experiment can leave nothing to do.
            if run.over and (run.going or run.place) and not run.flight:
                self.halt(run)
        free = self._settings.max_runs - sum(run.playing for run in self.runs.values())
        started, self.queue[:] = self.queue[: max(0, free)], self.queue[max(0, free) :]
        for run in started:
            run.place = 0
            run.lane = choose_lane(run, self.runs.values(), self._lanes.open, self._lanes.sweeping)
            run.playing, run.speed_time = True, self._clock()
        for place, run in enumerate(self.queue, 1):
            run.place = place
        return started

    def _plan(self, run: Run) -> Flight | None:
        """The run's next chunk, marked as under way; None when there is none."""
        now = self._clock()
        if run.flight or self.closed.is_set():
            return None
        _apply_edits(run)
        if run.next is not None and run.state and run.looking is None and not run.failure:
            return self._plan_keep(run)
        if run.looking is not None and not run.going:
            return self._plan_look(run)
        sharing = sum(other.going and other.lane == run.lane for other in self.runs.values())
        work = next_for(run, sharing, self._settings.chunk_ms / 1000, now)
        if waits(run, now) and not run.timed:
            run.timed = True
            timer = threading.Timer(run.due - now, self._timed, args=(run,))
            timer.daemon = True
            timer.start()
        if work is None:
            return None
        if run.lane is None:
            run.lane = choose_lane(run, self.runs.values(), self._lanes.open, self._lanes.sweeping)
        if work.trains:
            _note_change(run)
        if work.views:
            run.views_time = now
        if run.batch_limit:
            run.due = now + work.batches / run.batch_limit
        elif run.limit:
            run.due = now + work.epochs / run.limit
        run.flight = Flight(
            run,
            run.lane,
            run.experiment,
            run.state,
            work,
            run.generation,
            steps=run.steps_batches,
        )
        return run.flight

    def _plan_keep(self, run: Run) -> Flight:
        """The chunk that gives the run's weights to another experiment."""
        if run.lane is None:
            run.lane = choose_lane(run, self.runs.values(), self._lanes.open, self._lanes.sweeping)
        run.flight = Flight(
            run, run.lane, run.next, run.state, Work(views=run.wanted), run.generation, made_by=run.experiment
        )
        return run.flight

    def _plan_look(self, run: Run) -> Flight | None:
        """The next chunk of the way to the moment that is looked at; None when it has been reached."""
        if run.looking is None or run.freed or not run.arriving:
            return None
        step = step_towards(run, run.looking, self._settings.chunk_ms / 1000)
        if step is None:
            return None
        if run.lane is None:
            run.lane = choose_lane(run, self.runs.values(), self._lanes.open, self._lanes.sweeping)
        work = step.work if step.work.trains or step.made_by else Work(views=run.wanted)
        run.flight = Flight(
            run, run.lane, step.experiment, step.place.state, work, run.generation,
            place=step.place, made_by=step.made_by,
        )  # fmt: skip
        return run.flight

    def _timed(self, run: Run) -> None:
        run.timed = False
        self.settle(run)

    def _launch(self, flight: Flight) -> None:
        work = flight.work
        try:
            worker, future = self._lanes.submit(
                flight.lane,
                self._train,
                flight.experiment,
                flight.state,
                epochs=work.epochs,
                batches=work.batches,
                views=work.views,
                **({"made_by": flight.made_by} if flight.made_by else {}),
            )
        except Exception as error:
            with self.lock:
                flight.run.flight = None
                if not self.closed.is_set():
                    log.exception("No worker could be started.")
                    fail(flight.run, f"No worker could be started. {sentence(error)}")
            self.settle()
            return
        flight.worker = worker
        if worker.stands_in:
            worker.stands_in = False
            with self.lock:
                replaced(flight.run)
        future.add_done_callback(partial(self._landed, flight, worker))

    def _landed(self, flight: Flight, worker: Worker, future: Future) -> None:
        """A chunk came back, or did not; called on the executor's thread."""
        error = CancelledError("The chunk was cancelled.") if future.cancelled() else future.exception()
        result = None if error else future.result()
        run = flight.run
        gone = isinstance(error, self._lanes.broken)
        if gone:
            self._lanes.drop(flight.lane, worker)
        with self.lock:
            run.kills += worker.culprit is future
            run.flight = None
            if run.generation == flight.generation and not self.closed.is_set():
                if gone:
                    lost(run)
                elif flight.void:
                    pass
                elif result is None:
                    refuse(run, flight, sentence(error or CancelledError()))
                else:
                    try:
                        if flight.made_by and not flight.place:
                            take_kept(run, flight, result, worker)
                        elif flight.place:
                            take_look(run, flight, result, worker)
                        else:
                            take(run, flight, result, worker, self._clock())
                    except Exception as error:
                        log.exception("A result could not be used.")
                        refuse(run, flight, sentence(error))
        if result and result.memory > self._settings.memory_mb * 1e6:
            self._lanes.renew(flight.lane, worker)
        self.settle(run)
        if run.then and not run.arriving:
            then, run.then = run.then, None
            then()


def _note_change(run: Run) -> None:
    """Training is about to go on by the run's experiment: mark where, if it is another than before."""
    if run.state is None or run.experiment == run.trained:
        return
    run.trained = run.experiment
    here = (run.state.epoch, run.state.batch)
    run.changes = [change for change in run.changes if change.weight or (change.epoch, change.batch) != here]
    run.changes.append(Change(*here, run.experiment))


def _apply_edits(run: Run) -> None:
    """Give the state the weights that were set by hand since the last chunk, and note them."""
    if run.state is None:
        return
    for edit in run.edits:
        run.state = set_weight(run.origin, run.state, edit)
        run.changes.append(Change(run.state.epoch, run.state.batch, run.experiment, edit))
        run.snapshots.replace(run.state)
        run.moments.pop(run.state.epoch, None)
        run.views_at = None
    run.edits.clear()
