"""One sweep: what waits, what is under way, what is done, and how long the rest will take."""

import secrets
from collections import deque
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

import numpy as np

from nnplay.engine.state import Rows, State
from nnplay.jobs.history import History
from nnplay.sweep.outcome import Outcome, outcome, refused
from nnplay.sweep.plan import Plan, Trial


@dataclass(eq=False)
class Progress:
    """A run of a sweep on its way: `state` and `history` so far, the `seconds` that they took.

    `kills`: how often it ended its worker. `key`: that of its program.
    """

    trial: Trial
    key: str
    state: State | None = None
    history: History = field(default_factory=History)
    seconds: float = 0.0
    kills: int = 0


@dataclass(eq=False)
class Sweep:
    """A plan and what has become of it. `Sweeps` changes it, under its lock; others read it.

    `outcomes`: those done so far, refused ones first, in the order in which they came. `fault`: what ended it
    as a whole. `seen`: when a page last asked about it, by the clock; infinity: nobody has to.
    """

    plan: Plan
    id: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    outcomes: list[Outcome] = field(default_factory=list)
    cancelled: bool = False
    fault: str = ""
    seen: float = float("inf")
    served: int = 0
    started: float = 0.0
    ended: float | None = None

    def __post_init__(self) -> None:
        self.outcomes += refused(self.plan)
        self.waiting: dict[str, deque[Progress]] = {}
        for trial in self.plan.trials:
            key = self.plan.keys[trial.combination.number]
            self.waiting.setdefault(key, deque()).append(Progress(trial, key))
        self.under_way: dict[int, Progress] = {}
        # The program that each lane has at hand.
        self.held: dict[int, str] = {}
        self.pieces = Pieces()

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        # By what is done: a run on its way back is for a moment neither waiting nor under way.
        return self.cancelled or bool(self.fault) or self.done >= self.plan.runs

    @property
    def done(self) -> int:
        """Runs that are over, the refused ones included."""
        return len(self.outcomes)

    @property
    def programs(self) -> int:
        """How many programs have to be compiled in all."""
        return len(self.waiting)

    def take(self, lane: int, lanes: list[int]) -> Progress | None:
        """The next run for this lane, marked as under way; None when it had better do nothing.

        A lane stays with a program while it has runs. Then it takes the one with most runs that no other of
        the `lanes` has; then it shares one, where there is more left to do than compiling it again takes.
        """
        if self.cancelled or self.fault:
            return None
        key = self.held.get(lane, "")
        if not self.waiting.get(key):
            taken = {self.held[other] for other in lanes if other != lane and other in self.held}
            left = {key: len(runs) for key, runs in self.waiting.items() if runs}
            free = [key for key in left if key not in taken] or [key for key in left if self._worth(key)]
            if not free:
                return None
            key = max(free, key=left.__getitem__)
        self.held[lane] = key
        self.under_way[lane] = self.waiting[key].popleft()
        return self.under_way[lane]

    def back(self, lane: int) -> Progress:
        """The run that was under way on this lane, to go on or to be told its end."""
        return self.under_way.pop(lane)

    def again(self, run: Progress) -> None:
        """A run that is not over is the first of its program to go on."""
        self.waiting[run.key].appendleft(run)

    def add(self, run: Progress, piece: dict[str, Any], wall: float) -> None:
        """What a worker brought back of a run, `wall` seconds after it was asked."""
        rows = Rows(tuple(piece["names"]), np.asarray(piece["rows"], np.float32))
        if len(rows.values):
            run.history.append(rows)
        run.state = State(**piece["state"]) if piece["state"] else run.state
        run.seconds += piece["seconds"]
        self.pieces.learn(run.key, len(rows.values), wall, piece["compile_seconds"])
        if piece["over"]:
            reason, message = piece["stop"] or ("finished", "")
            self.end(run, reason, message)
        else:
            self.again(run)

    def end(self, run: Progress, end: str, message: str = "") -> None:
        """This run is over."""
        self.outcomes.append(outcome(run.trial, run.history, end, message, run.seconds))
        self.pieces.runs += 1

    def remaining_seconds(self, lanes: int) -> float | None:
        """How long the rest will take on so many lanes, by what was measured; None before a run is done."""
        if self.over:
            return 0.0
        if not self.pieces.runs:
            return None
        waiting = [run for runs in self.waiting.values() for run in runs] + list(self.under_way.values())
        work = sum(self.pieces.seconds_of(run.key, run) for run in waiting)
        missing = {run.key for run in waiting} - self.pieces.ready
        work += len(missing) * self.pieces.compile_seconds
        # A run is trained by one lane, however many there are.
        return work / max(1, min(lanes, len(waiting)))

    def _worth(self, key: str) -> bool:
        if not self.pieces.runs:
            return False
        work = sum(self.pieces.seconds_of(key, run) for run in self.waiting[key])
        return work > 2 * self.pieces.compile_seconds


@dataclass(eq=False)
class Pieces:
    """What was measured of the pieces so far, by program: epochs, their seconds, those to compile it."""

    runs: int = 0
    epochs: dict[str, int] = field(default_factory=dict)
    wall: dict[str, float] = field(default_factory=dict)
    compiled: dict[str, float] = field(default_factory=dict)

    def learn(self, key: str, epochs: int, wall: float, compile_seconds: float) -> None:
        """A piece took `wall` seconds of the clock for so many epochs, compiling included."""
        if compile_seconds:
            self.compiled[key] = compile_seconds
        self.epochs[key] = self.epochs.get(key, 0) + epochs
        self.wall[key] = self.wall.get(key, 0.0) + max(0.0, wall - compile_seconds)

    @property
    def ready(self) -> set[str]:
        """The programs that some worker has."""
        return set(self.epochs)

    @property
    def compile_seconds(self) -> float:
        """Seconds that a program took to compile, in the mean."""
        return mean(self.compiled.values()) if self.compiled else 0.0

    def seconds_of(self, key: str, run: Progress) -> float:
        """Seconds that the rest of a run will take, at the speed of its program, or else of all."""
        left = run.trial.experiment.epochs - run.history.last_epoch
        if self.epochs.get(key):
            return left * self.wall[key] / self.epochs[key]
        return left * sum(self.wall.values()) / max(1, sum(self.epochs.values()))
