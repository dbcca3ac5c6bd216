"""All runs of the server, and what a page can ask of them."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol, Self

from nnplay.engine.state import State
from nnplay.engine.weights import WeightEdit, check_edit
from nnplay.jobs.answers import Answer, Answers
from nnplay.jobs.lanes import Lanes, loky_executor
from nnplay.jobs.moment import Place, go_back, moment_of
from nnplay.jobs.past import Look, Past
from nnplay.jobs.run import Branch, Run
from nnplay.jobs.settings import Settings, read_settings
from nnplay.jobs.turns import Turns
from nnplay.jobs.work import Train, answer, look_back, save, train

log = logging.getLogger(__name__)

# Curves kept beside a run's own, and points of each.
MOST_BRANCHES = 4
BRANCH_POINTS = 200


class Watched(Protocol):
    """Something that goes on as long as somebody looks at it."""

    seen: float


class Runs:
    """The runs of a server. All methods may be called from any thread and return at once."""

    def __init__(
        self,
        settings: Settings,
        lanes: Lanes,
        train: Train = train,
        *,
        answer: Callable[[str, dict[str, Any]], tuple[Any, int]] = answer,
        look: Look = look_back,
        clock: Callable[[], float] = time.monotonic,
        tidy_every: float | None = 1.0,
    ) -> None:
        """`train`: the chunk function; `answer`: that of the questions; `look`: that of states of the past.
        `tidy_every`: seconds between two calls of `tidy`; None: never."""
        self.settings = settings
        self._lanes = lanes
        self._clock = clock
        self._turns = Turns(settings, lanes, train, clock)
        self._answers = Answers(settings, lanes, answer, clock)
        self._past = Past(lanes, look, self._turns.lock)
        if tidy_every is not None:
            threading.Thread(target=self._housekeeping, args=(tidy_every,), daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(self, experiment: Any) -> Run:
        """A new run, not yet prepared."""
        run = Run(experiment, seen=self._clock())
        with self._turns.lock:
            self._turns.runs[run.id] = run
        return run

    def get(self, id: str) -> Run | None:
        """The run of this id; None when there never was one or it has been forgotten."""
        return self._turns.runs.get(id)

    def prepare(self, run: Run) -> None:
        """Compile the program and make the first state and views, so that Play answers at once."""
        with self._turns.lock:
            run.prepared = True
        self._turns.settle(run)

    def play(self, run: Run) -> None:
        """Train until paused or over; wait in the queue when too many are running.

        From the earlier epoch that is looked at, if one is: what came after it is dropped.
        """
        with self._turns.lock:
            run.seen = self._clock()
            if not self._from_here(run, partial(self.play, run)):
                return
            run.abandoned = False
            if not (run.playing or run.over or run.freed or run in self._turns.queue):
                self._turns.queue.append(run)
        self._turns.settle(run)

    def pause(self, run: Run) -> None:
        """Train no further; a chunk under way still counts."""
        with self._turns.lock:
            self._turns.halt(run)
            run.abandoned = False
        self._turns.settle(run)

    def run_to(self, run: Run, epoch: int) -> None:
        """Play until this epoch is done, and pause; nothing where it is done already."""
        with self._turns.lock:
            if epoch <= (run.epoch if run.looking is None else run.looking):
                return
            if not self._from_here(run, partial(self.run_to, run, epoch)):
                return
            run.until = epoch
        self.play(run)

    def branch(self, run: Run) -> None:
        """Keep the curve so far, to be drawn beside what follows; the run stands where it is looked at.

        Of the curves kept the last MOST_BRANCHES stay.
        """
        with self._turns.lock:
            if not self._from_here(run, partial(self.branch, run), first=_keep_curve):
                return
            self._turns.halt(run)
        self._turns.settle(run)

    def forget_branch(self, run: Run, number: int) -> None:
        """No longer draw this curve beside the run's own."""
        with self._turns.lock:
            run.branches = [branch for branch in run.branches if branch.number != number]

    def keep(self, run: Run, experiment: Any) -> None:
        """Go on with another experiment and the weights there are; both must have the same layers.

        For what `change` cannot take over: other data, another loss or activation. An entry in `run.changes`.
        """
        with self._turns.lock:
            if not self._from_here(run, partial(self.keep, run, experiment)):
                return
            run.next = experiment
        self._turns.settle(run)

    def step(self, run: Run, epochs: int = 1, batches: int = 0) -> None:
        """Train so many epochs, or so many batches if given, and pause. Steps add up.

        From the earlier epoch that is looked at, if one is, as `play`.
        """
        with self._turns.lock:
            if not self._from_here(run, partial(self.step, run, epochs, batches)):
                return
            if run.playing or run in self._turns.queue or run.abandoned:
                self._turns.halt(run)
                run.abandoned = False
            if batches:
                run.steps_batches += batches
            else:
                run.steps_epochs += epochs
        self._turns.settle(run)

    def reset(self, run: Run, experiment: Any = None) -> None:
        """Back to the beginning, paused and prepared, with this experiment or the one it has."""
        with self._turns.lock:
            self._turns.halt(run)
            run.begin(run.experiment if experiment is None else experiment)
            run.prepared = True
        self._turns.settle(run)

    def look(self, run: Run, epoch: int | None) -> None:
        """Look at the run as it was at the end of this earlier epoch; None, or no earlier one: as it is now.

        A run that is going is paused. See `run.shown` and `run.arriving`.
        """
        with self._turns.lock:
            run.seen = self._clock()
            run.then = None
            if epoch is None or epoch > run.epoch or (run.state and (epoch, 0) == _position(run.state)):
                run.looking = run.moment = run.replayed = None
            elif run.state:
                self._turns.halt(run)
                run.abandoned = False
                run.looking = max(0, epoch)
                if run.looking in run.moments:
                    place = Place(run.moments[run.looking].state, run.moments[run.looking].done)
                    run.moment = moment_of(run, place, {})
        self._turns.settle(run)

    def go_back(self, run: Run) -> None:
        """Make the moment that is looked at the present, paused: what came after it is dropped."""
        with self._turns.lock:
            self._from_here(run, partial(self.go_back, run))
        self._turns.settle(run)

    def change(self, run: Run, experiment: Any) -> None:
        """Go on with another experiment from the next chunk on; its state must have the same shape."""
        with self._turns.lock:
            if experiment == run.experiment:
                return
            run.experiment = experiment
            run.stopped = None
            run.failure = ""
            run.kills = 0
            run.views_at = None
            if run.state is None:
                # What is under way makes the first state of the other experiment.
                run.generation += 1
                run.first = run.origin = run.trained = experiment
        self._turns.settle(run)

    def set_weight(self, run: Run, layer: int, unit_from: int | None, unit_to: int, value: float) -> None:
        """Give the run's model this weight, or this bias (`unit_from` None), between two chunks.

        All counts from 0; see `WeightEdit`. Recorded in `run.changes`. Raises `BadWeight`, and then nothing
        has changed.
        """
        edit = WeightEdit(layer, unit_from, unit_to, value)
        check_edit(run.origin, edit)
        with self._turns.lock:
            run.edits.append(edit)
        self._turns.settle(run)

    def save(self, experiment: Any, state: State, past: Sequence[State] = ()) -> Future:
        """Have a worker write a state as files, and measure the states of its `past`: see `work.save`."""
        lane = min(range(self._lanes.open), key=self._lanes.load)
        return self._lanes.submit(lane, save, experiment, state, tuple(past))[1]

    def measure(self, experiment: Any, state: State, views: tuple[str, ...], near: str = "") -> Future:
        """Have a worker make these views of a state: a future of a list of one, `{view: arrays}`.

        `near`: the id of a run whose lane has the program already.
        """
        run = self.get(near)
        known = run.lane if run and run.lane is not None and run.lane < self._lanes.open else None
        lane = min(range(self._lanes.open), key=self._lanes.load) if known is None else known
        return self._lanes.submit(lane, self._past.look, experiment, (state,), views)[1]

    def adopt(self, run: Run, experiment: Any, state: State) -> None:
        """Go on, paused, from a state that comes from elsewhere; one that does not fit fails at its first
        chunk, with a sentence."""
        with self._turns.lock:
            self._turns.halt(run)
            run.begin(experiment)
            run.opened = True
            run.state = state
            run.snapshots.add(state)
            run.prepared = True
        self._turns.settle(run)

    @property
    def going(self) -> int:
        """How many runs are being trained."""
        return sum(run.going for run in list(self._turns.runs.values()))

    @property
    def lanes(self) -> Lanes:
        """The lanes on which all is trained, for others who train there, too."""
        return self._lanes

    @property
    def going_by_lane(self) -> list[int]:
        """How many runs are being trained on each lane."""
        found = [0] * self._lanes.count
        for run in list(self._turns.runs.values()):
            if run.going and run.lane is not None:
                found[run.lane] += 1
        return found

    def watch(self, run: Run) -> None:
        """Renew the lease (a page calls this at every tick), and take up again what its end suspended."""
        with self._turns.lock:
            run.seen = self._clock()
            again = run.abandoned
        if again:
            self.play(run)
        else:
            self._turns.settle(run)

    def leave(self, run: Watched) -> None:
        """Let the lease run out now: its page is gone, perhaps only for a moment. Only sets a mark."""
        run.seen = min(run.seen, self._clock() - self.settings.lease_seconds)

    def free(self, run: Run) -> None:
        """Forget the run."""
        with self._turns.lock:
            self._forget(run)
        self._turns.settle()

    def ask(self, name: str, **arguments: Any) -> Answer:
        """The answer to a question of the laboratory; the same question gives the same `Answer`.

        A page asks again at each tick until it is `done`. Arguments are hashable: tuples, not lists.
        """
        return self._answers.ask(name, **arguments)

    def look_back(self, run: Run) -> None:
        """Measure the layers of the run's kept states for its record, some at a time; see `Past.fill`."""
        self._past.fill(run)

    def tidy(self) -> None:
        """Suspend runs whose lease is over, forget those long unwatched, give idle workers back."""
        now = self._clock()
        with self._turns.lock:
            for run in list(self._turns.runs.values()):
                away = now - run.seen - self.settings.lease_seconds
                if away >= 0 and (run.going or run.place):
                    # Single steps are not taken up again.
                    run.abandoned = run.playing or run.place > 0
                    self._turns.halt(run)
                elif away > self.settings.free_seconds:
                    self._forget(run)
        self._turns.settle()
        self._lanes.give_back(self.settings.idle_seconds)

    def close(self) -> None:
        """End all workers. Runs stay as they are."""
        self._turns.closed.set()
        self._lanes.close()

    def _from_here(
        self, run: Run, then: Callable[[], None], first: Callable[[Run], None] = lambda run: None
    ) -> bool:
        """Make the moment looked at, if any, the present, after `first`.

        When it is not reached yet: later, and `then`.
        """
        if run.looking is None:
            first(run)
            return True
        if run.arriving or run.moment is None or run.moment.epoch != run.looking:
            run.then = then
            return False
        first(run)
        if run.flight:
            run.flight.void = True
        go_back(run, run.moment)
        return True

    def _forget(self, run: Run) -> None:
        self._turns.halt(run)
        run.generation += 1
        run.freed = True
        self._turns.runs.pop(run.id, None)

    def _housekeeping(self, every: float) -> None:
        while not self._turns.closed.wait(every):
            try:
                self.tidy()
            except Exception:
                log.exception("Housekeeping failed; it is tried again.")


def _keep_curve(run: Run) -> None:
    if len(run.history):
        run.branched += 1
        epoch = run.epoch if run.looking is None else run.looking
        kept = Branch(run.branched, run.experiment, epoch, run.history.sampled(BRANCH_POINTS))
        run.branches = [*run.branches, kept][-MOST_BRANCHES:]


def _position(state: State) -> tuple[int, int]:
    return state.epoch, state.batch


def open_runs(settings: Settings | None = None) -> Runs:
    """The runs of a server, on loky's processes, which start warming up at once."""
    settings = settings or read_settings()
    lanes = Lanes(settings.workers, partial(loky_executor, settings.idle_seconds))
    lanes.start()
    return Runs(settings, lanes)
