"""Stand-ins: an engine that trains one number, an executor worked by hand, a clock set by hand."""

import os
import signal
import time
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, replace

import numpy as np

from nnplay.engine.state import ChunkResult, Rows, State, Stop
from nnplay.jobs.lanes import Lanes
from nnplay.jobs.runs import Runs
from nnplay.jobs.settings import Settings
from nnplay.jobs.work import look_back


@dataclass(frozen=True)
class Experiment:
    """`batches` an epoch; a batch takes `seconds` of training, really slept if `sleep`."""

    epochs: int = 100
    batches: int = 5
    rate: float = 0.9
    seconds: float = 0.001
    sleep: bool = False
    fail_at: int = 0
    kill_at: int = 0
    diverge_at: int = 0
    memory: int = 0
    name: str = ""

    def change(self, **fields) -> "Experiment":
        return replace(self, **fields)


def train(experiment, state, *, epochs=0, batches=0, views=(), made_by=None) -> ChunkResult:
    """A chunk of `nnplay.engine.chunk.train_chunk`'s kind. The number depends on every batch before."""
    if made_by:
        state = replace(state, batch=0)
    compiled = state is None
    state = state or State((np.array([1.0]),))
    value, epoch, batch = float(state.arrays[0][0]), state.epoch, state.batch
    rows, stopped, done, last = [], None, 0, min(epoch + epochs, experiment.epochs)
    while (epoch < last or done < batches) and epoch < experiment.epochs and not stopped:
        value = value * experiment.rate + 0.01 * (epoch % 7) + 0.001 * batch
        done += 1
        batch += 1
        if batch == experiment.batches:
            epoch, batch = epoch + 1, 0
            rows.append((epoch, value, -value))
            if epoch == experiment.fail_at:
                raise RuntimeError("the weights\nare a mess")
            if epoch == experiment.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            if epoch == experiment.diverge_at:
                stopped = Stop("diverged", epoch, "The loss is no number any more.")
    if experiment.sleep:
        time.sleep(done * experiment.seconds)
    table = np.array(rows, np.float32).reshape(-1, 3)
    shown = {name: (epoch, batch, experiment.name, os.getpid()) for name in views}
    return ChunkResult(
        replace(state, arrays=(np.array([value]),), epoch=epoch, batch=batch),
        Rows(("epoch", "loss", "gain"), table),
        shown,
        stopped,
        done * experiment.seconds,
        experiment.memory,
        compiled,
    )


def no_warm_up() -> None:
    """What a worker of the fake engine does to get ready."""


def no_rehearsal() -> None:
    """What a worker of the fake engine does when nothing waits for it."""


def whole(experiment) -> np.ndarray:
    """The rows of an uninterrupted run, (epochs, columns)."""
    return train(experiment, None, epochs=experiment.epochs).rows.values


class Clock:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Hand(Executor):
    """An executor that does its tasks one by one, in order, when told to."""

    def __init__(self) -> None:
        self.tasks: deque = deque()
        self.log: list[str] = []
        self.broken = self.ended = False

    def submit(self, fn, /, *args, **kwargs) -> Future:
        if self.broken:
            raise BrokenExecutor("broken")
        if self.ended:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future = Future()
        self.tasks.append((future, fn, args, kwargs))
        return future

    def shutdown(self, wait=True, *, cancel_futures=False) -> None:
        self.ended = True

    def work(self, count: int = 1) -> int:
        """Do up to `count` tasks; return how many there were."""
        for done in range(count):
            if not self.tasks:
                return done
            future, fn, args, kwargs = self.tasks.popleft()
            if args and isinstance(args[0], Experiment):
                self.log.append(args[0].name)
            try:
                result = fn(*args, **kwargs)
            except Exception as error:
                future.set_exception(error)
            else:
                future.set_result(result)
        return count

    def kill(self) -> None:
        """The worker dies: all its tasks come back broken, oldest first."""
        self.broken = True
        tasks, self.tasks = self.tasks, deque()
        for future, *_ in tasks:
            future.set_exception(BrokenExecutor("killed"))


class Bench:
    """`Runs` on lanes worked by hand: `hands` are the executors in the order of their making."""

    def __init__(self, lanes: int = 1, train=train, look=None, **settings) -> None:
        self.hands: list[Hand] = []
        self.clock = Clock()
        self.lanes = Lanes(lanes, self._make, warm=no_warm_up, rehearse=no_rehearsal, clock=self.clock)
        self.runs = Runs(
            Settings(lanes, **settings),
            self.lanes,
            train,
            look=look or look_back,
            clock=self.clock,
            tidy_every=None,
        )

    def _make(self) -> Hand:
        self.hands.append(Hand())
        return self.hands[-1]

    def work(self, count: int = 100_000) -> int:
        """Up to `count` rounds of one task a hand; return the tasks done."""
        done = 0
        for _ in range(count):
            some = sum(hand.work() for hand in list(self.hands))
            if not some:
                break
            done += some
        return done


def wait_for(condition, seconds: float = 60.0) -> None:
    """Wait until `condition()` holds; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.01)


def assert_whole(run) -> None:
    """The history is that of an uninterrupted run as far as it got, without gap or repetition."""
    assert len(run.history) == run.epoch
    if run.epoch:
        np.testing.assert_array_equal(run.history.values, whole(run.experiment)[: run.epoch])
    last = train(run.experiment, None, epochs=run.epoch, batches=0).state
    if run.state.batch == 0:
        np.testing.assert_array_equal(run.state.arrays[0], last.arrays[0])
