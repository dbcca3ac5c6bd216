"""A run: one experiment, what has become of it so far, and what it is doing, as data."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from nnplay.engine.state import Rows, State, Stop
from nnplay.engine.weights import WeightEdit
from nnplay.jobs.history import History
from nnplay.jobs.lanes import Worker
from nnplay.jobs.moment import Moment, Place
from nnplay.jobs.pace import Pace, Work
from nnplay.jobs.record import Record
from nnplay.jobs.snapshots import Snapshots

# What a run can be doing; the page has the words that people read.
WORDS = (
    "ready",  # not trained yet
    "waiting",  # for its place among the running ones
    "preparing",  # a worker is starting or compiling for it
    "running",
    "paused",
    "finished",  # all epochs done
    "diverged",  # the loss is no number any more
    "stopped",  # for another reason, such as a target reached
    "abandoned",  # suspended because no page watches it; goes on when one does
    "failed",  # an error; the message says which
)


@dataclass(frozen=True)
class Status:
    """One of `WORDS`; a sentence for "diverged", "stopped" and "failed"; the place in the queue, from 1."""

    word: str
    message: str = ""
    place: int = 0


@dataclass(frozen=True)
class Change:
    """From this epoch and batch on, training went by this experiment, or with this weight set by hand.

    `kept`: the experiment has other data, another loss or activation; the weights stayed.
    """

    epoch: int
    batch: int
    experiment: Any
    weight: WeightEdit | None = None
    kept: bool = False

    def alters(self, position: tuple[int, int]) -> bool:
        """Whether what was measured just before (epoch, batch) is no longer so after it."""
        return (self.weight is not None or self.kept) and (self.epoch, self.batch) == position


@dataclass(frozen=True, eq=False)
class Branch:
    """A curve kept for comparison: what a run had measured, by `experiment`, when it went another way.

    `epoch`: where it did; `rows`: what was measured, thinned for drawing. `number`: from 1, within the run.
    """

    number: int
    experiment: Any
    epoch: int
    rows: Rows


@dataclass(eq=False)
class Flight:
    """A chunk under way. `generation`: the run's at its start; `steps`: batches asked for singly.

    `place`: where in the run's past it starts; None for the present. `made_by`: the experiment whose weights
    are kept for another. `void`: its result no longer counts.
    """

    run: "Run"
    lane: int
    experiment: Any
    state: State | None
    work: Work
    generation: int
    steps: int = 0
    place: Place | None = None
    made_by: Any = None
    void: bool = False
    worker: Worker | None = None


@dataclass(eq=False, repr=False)
class Run:
    """One person's run. `Runs` changes it, under its lock; pages read it, and set `want` and `limit`.

    `first`: the experiment it began with, `experiment` the one it has now, `changes` the steps between;
    `origin`: the one whose network and data it has, `first` unless weights were kept for another.
    `history`, `snapshots`, `state`: the rows, the states kept, the last state; `record`: what was measured of
    its layers, and when. `views`: what was last shown, made at (epoch, batch) `views_at`. `notes`: sentences
    on what happened to it. `speed`: epochs per second of the clock, smoothed; 0 when it is not running.
    `limit`: most epochs per second, None for no limit.
    `batch_limit`: most batches per second, for slow motion; then one at a time. `until`: the epoch to stop
    at. `branches`: curves kept, also over a reset.
    `looking`: the earlier epoch that is looked at, None for the present; `moment`: the one last reached.
    """

    experiment: Any
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    limit: float | None = None
    batch_limit: float | None = None
    # What its page keeps with it over a reload: in this server's memory alone, and gone with the run.
    luggage: dict[str, Any] = field(default_factory=dict)
    # The rest is for `Runs`. `seen`: when a page last asked; `due`: when its limit lets it go on.
    seen: float = 0.0
    lane: int | None = None
    playing: bool = False
    abandoned: bool = False
    freed: bool = False
    place: int = 0
    timed: bool = False
    due: float = 0.0
    flight: Flight | None = None
    generation: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        self.wanted: tuple[str, ...] = ()
        self.branches: list[Branch] = []
        self.branched = 0
        self.begin(self.experiment)

    def begin(self, experiment: Any) -> None:
        """Back to before the first epoch; what is under way no longer counts."""
        self.generation += 1
        self.first = self.origin = self.experiment = self.trained = experiment
        # What the weights are to be kept for, as soon as nothing is under way.
        self.next: Any = None
        self.state: State | None = None
        self.history = History()
        self.snapshots = Snapshots()
        self.record = Record()
        # Whether kept states are being measured for the record.
        self.measuring = False
        self.changes: list[Change] = []
        # Weights set by hand that the state does not have yet.
        self.edits: list[WeightEdit] = []
        self.notes: list[str] = []
        self.views: dict[str, Any] = {}
        self.views_at: tuple[int, int] | None = None
        self.views_asked: tuple[str, ...] = ()
        self.views_time = float("-inf")
        # What they took last.
        self.views_seconds = 0.0
        self.prepared = self.abandoned = False
        # Whether it goes on from a state that came from elsewhere: a link cannot lead there.
        self.opened = False
        self.stopped: Stop | None = None
        self.failure = ""
        self.kills = 0
        self.pace = Pace()
        self.looking: int | None = None
        self.moment: Moment | None = None
        # Moments looked at, the last at the end; `replayed`: how far the way to another has been gone.
        self.moments: dict[int, Moment] = {}
        self.replayed: Place | None = None
        # What is to be done when the moment looked at is reached.
        self.then: Callable[[], None] | None = None
        self.speed_time = 0.0
        self.smooth_speed = 0.0
        # The worker that last answered: with another one the next chunk has to wait for a start or a compile.
        self.worker: Worker | None = None
        self.halt()

    def halt(self) -> None:
        """No further training is asked for."""
        self.playing = False
        self.until: int | None = None
        self.steps_epochs = self.steps_batches = 0

    @property
    def set_by_hand(self) -> bool:
        """Whether a weight was set or the weights kept just where the run is: its last row is of others."""
        here = (self.state.epoch, self.state.batch) if self.state else (0, 0)
        return any(change.alters(here) for change in self.changes)

    @property
    def shown(self) -> "Run | Moment":
        """What a page is to show: the run as it is, or the moment of its past that is looked at."""
        return self if self.looking is None or self.moment is None else self.moment

    @property
    def arriving(self) -> bool:
        """Whether the moment that is looked at, or something to be seen of it, is still being worked out."""
        if self.looking is None or self.failure:
            return False
        moment = self.moments.get(self.looking)
        return moment is None or not set(self.wanted) <= set(moment.views)

    @property
    def stops(self) -> list[int]:
        """Epochs that are reached at once: those of the states kept, and the present one."""
        return sorted({*self.snapshots.epochs, self.epoch})

    def want(self, names: tuple[str, ...]) -> None:
        """What the page wants to see, by the engine's names; sent at the next chunk or `watch`."""
        self.wanted = tuple(names)

    @property
    def epoch(self) -> int:
        """Epochs finished."""
        return self.state.epoch if self.state else 0

    @property
    def speed(self) -> float:
        """Epochs per second of the clock, smoothed; 0 when it is not running."""
        return self.smooth_speed if self.playing else 0.0

    @property
    def going(self) -> bool:
        """Whether more training is asked for."""
        return self.playing or self.steps_epochs > 0 or self.steps_batches > 0

    @property
    def over(self) -> bool:
        """Whether there is nothing left to train as things are."""
        finished = self.state is not None and self.state.epoch >= self.experiment.epochs
        return bool(self.failure) or self.stopped is not None or finished

    @property
    def stale(self) -> bool:
        """Whether the page wants to see something that was not made from the present state."""
        if not self.wanted or self.state is None:
            return False
        at = (self.state.epoch, self.state.batch)
        return self.views_at != at or not set(self.wanted) <= set(self.views_asked)

    @property
    def status(self) -> Status:
        """What the run is doing."""
        if self.failure:
            return Status("failed", self.failure)
        if self.stopped:
            word = "diverged" if self.stopped.reason == "diverged" else "stopped"
            return Status(word, self.stopped.message)
        if self.over:
            return Status("finished")
        if self.abandoned:
            return Status("abandoned")
        if self.place:
            return Status("waiting", place=self.place)
        flight = self.flight
        if flight and (self.worker is None or (flight.worker or self.worker) is not self.worker):
            return Status("preparing")
        if self.playing:
            return Status("running")
        started = self.state is not None and (self.state.epoch, self.state.batch) != (0, 0)
        return Status("paused" if started else "ready")
