"""One experiment over many seeds: how much of what a run shows is luck.

As many ordinary runs as there are workers take one seed after the other; programs do not depend on the seed.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from nnplay.experiment import Experiment
from nnplay.jobs.compared import decisions
from nnplay.jobs.kept import best, measures_of, views_of
from nnplay.jobs.run import Run
from nnplay.jobs.runs import Runs

# All seeds are measured at the same epochs, at most so many of them.
MOST_EPOCHS = 400
# Seconds: from one tick to the next while somebody looks.
LONGEST_TICK = 5.0


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one seed.

    `values`: each measure, (epochs,), at the epochs of the `Repeat`; NaN after a run that diverged, the last
    value after one that stopped by itself. `final`, `best`: the last value, the best one with its epoch.
    `end`: "finished", "stopped", "diverged" or "failed", with its `message`. `answers`: over the plane the
    class (g, g) int8, of a regression the output (g, g), over a line the output (g,), None without either.
    """

    seed: int
    epoch: int
    values: Mapping[str, np.ndarray]
    final: Mapping[str, float]
    best: Mapping[str, tuple[float, int]]
    end: str
    message: str
    answers: np.ndarray | None


@dataclass(eq=False)
class Repeat:
    """The experiment with its own seed and those that follow, `count` in all; `outcomes` by seed.

    `grid`: the places (g,) of the answers along an axis. One thread at a time: that of the page, which calls
    `tick` again and again.
    """

    runs: Runs
    experiment: Experiment
    count: int
    clock: Callable[[], float] = time.monotonic
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    grid: np.ndarray | None = None
    playing: bool = False

    def __post_init__(self) -> None:
        last = self.experiment.epochs
        self.epochs = np.unique(np.linspace(1, last, min(last, MOST_EPOCHS)).round().astype(int))
        self.measures = measures_of(self.experiment)
        self.under_way: dict[int, Run] = {}
        self.idle: list[Run] = []
        self.spent = 0.0
        self._since: float | None = None

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds in their order."""
        # The largest seed is followed by 0.
        return tuple((self.experiment.seed + k) % 2**31 for k in range(self.count))

    @property
    def held(self) -> tuple[Run, ...]:
        """The runs that it has."""
        return (*self.under_way.values(), *self.idle)

    def play(self) -> None:
        """Train the seeds that are missing."""
        self.playing = True
        self._since = self.clock()
        self.tick()

    def stop(self) -> None:
        """Train no further: what is done is kept, what is under way is given up."""
        self.playing = False
        self._note_time()
        self._since = None
        for run in self.held:
            self.runs.free(run)
        self.under_way.clear()
        self.idle.clear()

    def tick(self) -> None:
        """Renew the leases, take what is over, begin with the next seeds."""
        for seed, run in list(self.under_way.items()):
            if run.freed:
                # Given back while nobody looked: the seed begins anew.
                del self.under_way[seed]
                continue
            self.runs.watch(run)
            if run.over and not run.flight and not (run.stale and not run.failure):
                self.outcomes[seed] = self._outcome(seed, run)
                del self.under_way[seed]
                self.idle.append(run)
        if not self.playing:
            return
        self._note_time()
        missing = [seed for seed in self.seeds if seed not in self.outcomes and seed not in self.under_way]
        for seed in missing[: max(0, self.runs.settings.workers - len(self.under_way))]:
            self._begin(seed)
        if not self.under_way:
            self.stop()

    def _begin(self, seed: int) -> None:
        experiment = self.experiment.change(seed=seed)
        self.idle = [run for run in self.idle if not run.freed]
        if self.idle:
            run = self.idle.pop()
            self.runs.reset(run, experiment)
        else:
            run = self.runs.create(experiment)
            run.want(tuple(name for name in views_of(experiment) if name != "predictions"))
            self.runs.prepare(run)
        self.under_way[seed] = run
        self.runs.play(run)

    @property
    def finished(self) -> bool:
        """Whether every seed has its outcome."""
        return all(seed in self.outcomes for seed in self.seeds)

    @property
    def done(self) -> list[Outcome]:
        """The outcomes so far, by seed in their order."""
        return [self.outcomes[seed] for seed in self.seeds if seed in self.outcomes]

    @property
    def progress(self) -> float:
        """Share of all epochs of all seeds that is done; a run that ended early counts as done."""
        partly = sum(run.epoch / run.experiment.epochs for run in self.under_way.values())
        return min(1.0, (len(self.done) + partly) / self.count)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest will take if it goes on as it went; None while too little is done to say."""
        progress = self.progress
        if not self.playing or progress < 0.02:
            return None
        return self.spent * (1 - progress) / progress

    def _note_time(self) -> None:
        now = self.clock()
        if self._since is not None:
            # While the page is left nothing new begins: that is no time of training.
            self.spent += min(now - self._since, LONGEST_TICK)
            self._since = now

    def _outcome(self, seed: int, run: Run) -> Outcome:
        history, status = run.history, run.status
        ended = status.word in ("finished", "stopped")
        numbers = history.column("epoch") if len(history) else np.zeros(0, np.float32)
        place = np.searchsorted(numbers, self.epochs, side="right") - 1
        values, final, found = {}, {}, {}
        for name in self.measures:
            column = history.column(name) if len(history) else np.zeros(0, np.float32)
            taken = np.full(len(self.epochs), np.nan, np.float32)
            if len(column):
                there = (place >= 0) & (ended | (self.epochs <= numbers[-1]))
                taken[there] = column[place[there]]
            values[name] = taken
            final[name] = float(column[-1]) if ended and len(column) else float("nan")
            found[name] = best(column, numbers, name)
        return Outcome(seed, run.epoch, values, final, found, status.word, status.message, self._answers(run))

    def _answers(self, run: Run) -> np.ndarray | None:
        if view := run.views.get("boundary"):
            self.grid = view["x"]
            if run.experiment.task == "regression":
                return np.asarray(view["z"][0], np.float32)
            return decisions(view["z"], run.experiment).astype(np.int8)
        if view := run.views.get("curve"):
            self.grid = view["x"]
            return np.asarray(view["y"][0], np.float32)
        return None
