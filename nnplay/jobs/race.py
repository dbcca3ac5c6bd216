"""A race: experiments that differ in one thing, trained side by side, and over again with other seeds.

Each racer is one ordinary run, which starts anew for each heat: so its program, which does not depend on the
seed, is compiled once. In step, no racer goes on before all have reached the same epoch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay.jobs.run import Run
from nnplay.jobs.runs import Runs


@dataclass(frozen=True)
class Heat:
    """How one racer did with one seed.

    `epochs`, `losses` (epochs,): the test loss after each epoch. `reached`: the first epoch with a loss at or
    under the target, None if there was none. `end`: "finished", "diverged" or "failed", with its `message`.
    `epoch_seconds`: seconds of training an epoch took, None when it was never measured. `views`: what the run
    showed at its end.
    """

    seed: int
    epochs: np.ndarray
    losses: np.ndarray
    reached: int | None
    end: str
    message: str
    epoch_seconds: float | None
    views: Mapping[str, Any]

    @property
    def final(self) -> float:
        """The last loss; infinite for a racer that did not finish."""
        return float(self.losses[-1]) if self.end == "finished" and len(self.losses) else float("inf")


# In step all train for about so many seconds, and wait for one another.
STRIDE_SECONDS = 0.2


@dataclass(frozen=True, eq=False)
class Level:
    """A racer as it was when all stood at the same epoch: with `views` of it."""

    id: str
    origin: Any
    epoch: int
    views: Mapping[str, Any]


@dataclass(eq=False)
class Race:
    """Racers by name, their heats so far, and how many heats are wanted.

    `start(name, seed)` is the experiment of a heat. `seconds`: the first heat takes at least so long, so that
    it can be watched. `column`: which measurement of the history counts. One thread at a time: that of the
    page.

    `in_step`: all train the same number of epochs, at most `rate` a second if given, and wait for one
    another, as long as they are not over; `levels`: each as it was when they last stood together.
    """

    runs: Runs
    names: tuple[str, ...]
    start: Callable[[str, int], Any]
    seed: int
    target: float
    views: tuple[str, ...] = ()
    seconds: float = 0.0
    column: str = "val_loss"
    wanted: int = 1
    in_step: bool = False
    rate: float | None = None
    levels: dict[str, Level] = field(default_factory=dict)
    racers: dict[str, Run] = field(default_factory=dict)
    heats: dict[str, list[Heat]] = field(default_factory=dict)
    playing: bool = False

    def __post_init__(self) -> None:
        for name in self.names:
            self.heats[name] = []
            self.racers[name] = run = self.runs.create(self.start(name, self.seed))
            run.want(self.views)
            run.limit = run.experiment.epochs / self.seconds if self.seconds else None

    def play(self, heats: int | None = None) -> None:
        """Go on; with so many heats in all, if given."""
        self.wanted = max(self.wanted, heats or 1)
        self.playing = True
        self.tick()

    def pause(self) -> None:
        """Stay where all are; in step, where they next stand together."""
        self.playing = False
        if not self.in_step:
            for run in self.racers.values():
                self.runs.pause(run)

    def free(self) -> None:
        """Give all runs back."""
        self.playing = False
        for run in self.racers.values():
            self.runs.free(run)

    def tick(self) -> None:
        """Renew the leases, have missing programs compiled, note the heats that are over, begin the next."""
        self.prepare()
        for name, run in self.racers.items():
            if self.in_step and run.abandoned:
                # Taken up again as it was it would go on without the others.
                self.runs.pause(run)
            self.runs.watch(run)
            done = self.heats[name]
            if run.over and not run.flight and run.origin == self.start(name, self.seed + len(done)):
                done.append(self._heat(name, self.seed + len(done)))
            if not self.playing or len(done) >= self.wanted:
                continue
            if run.state is None and not run.prepared:
                continue
            following = self.start(name, self.seed + len(done))
            if run.origin != following:
                # From the second heat on nobody watches a single racer: no limit and no views.
                run.limit = None
                run.want(())
                self.runs.reset(run, following)
            if not (run.going or run.place or self.in_step):
                self.runs.play(run)
        self.playing = self.playing and not self.finished
        if self.in_step and self._stand():
            self._stride()

    def _stand(self) -> bool:
        """Whether nobody is under way, and what is shown of each was made where it stands."""
        return not any(
            (run.state is None and not run.over)
            or run.going
            or run.place
            or run.flight
            or (run.stale and not run.failure)
            for run in self.racers.values()
        )

    def _stride(self) -> None:
        """Note where all stand, and let those that are not over go on to the next common epoch."""
        self.levels = {
            name: Level(run.id, run.origin, run.epoch, run.views) for name, run in self.racers.items()
        }
        going = [run for run in self.racers.values() if not run.over]
        if not (self.playing and going):
            return
        seconds = max((run.pace.epoch_seconds or STRIDE_SECONDS for run in going), default=STRIDE_SECONDS)
        epochs = STRIDE_SECONDS * min(self.rate or np.inf, 1 / seconds)
        goal = min(run.epoch for run in going) + max(1, round(epochs))
        for run in going:
            self.runs.run_to(run, goal)

    def prepare(self) -> None:
        """Have programs compiled, as many at a time as there are workers.

        All at once, the first racer would start only when the last one's program is compiled, and a worker
        that is still starting would get none of them.
        """
        missing = [run for run in self.racers.values() if run.state is None and not run.over]
        under_way = sum(run.prepared for run in missing)
        for run in missing:
            if not run.prepared and under_way < self.runs.settings.workers:
                self.runs.prepare(run)
                under_way += 1

    @property
    def finished(self) -> bool:
        """Whether all wanted heats are over."""
        return all(len(done) >= self.wanted for done in self.heats.values())

    @property
    def unsettled(self) -> bool:
        """Whether something is still to come without anybody doing anything."""
        return self.playing or any(
            run.flight is not None or run.going or (run.state is None and not run.over)
            for run in self.racers.values()
        )

    @property
    def progress(self) -> float:
        """Share of all epochs of all wanted heats that are done, heats that ended early counted as done."""
        done = 0.0
        for name, run in self.racers.items():
            heats = len(self.heats[name])
            under_way = run.origin == self.start(name, self.seed + heats)
            done += heats + (run.epoch / run.experiment.epochs if under_way else 0.0)
        return min(1.0, done / max(1, self.wanted * len(self.racers)))

    def progress_of(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Epochs and losses of the heat under way, both (epochs,)."""
        run = self.racers[name]
        if not len(run.history):
            return np.zeros(0, np.float32), np.zeros(0, np.float32)
        return run.history.column("epoch").copy(), run.history.column(self.column).copy()

    def _heat(self, name: str, seed: int) -> Heat:
        run = self.racers[name]
        epochs, values = self.progress_of(name)
        hits = np.flatnonzero(values <= self.target)
        status = run.status
        return Heat(
            seed=seed,
            epochs=epochs,
            losses=values,
            reached=int(epochs[hits[0]]) if len(hits) else None,
            end=status.word,
            message=status.message,
            epoch_seconds=run.pace.epoch_seconds,
            views=run.views,
        )
