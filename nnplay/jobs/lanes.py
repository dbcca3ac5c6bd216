"""Lanes: one worker process each, first come first served, replaced when it breaks or grows too large.

The seam to other executors is `make`: any function that returns a `concurrent.futures.Executor`-like
object (`submit`, `shutdown`) can stand in for `loky_executor`, a pool of one thread in tests or
`dask.distributed.Client.get_executor` on a cluster; `broken` names the exceptions that mean its worker is
gone. Nothing else in nnplay knows what a lane is made of.
"""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self
from weakref import WeakSet

from loky import ProcessPoolExecutor

from nnplay.jobs.programs import programs_folder
from nnplay.jobs.work import rehearse, start_worker, warm_up

# One thread a worker: the lanes are the parallelism. Loky's own limit on growth is switched off, because it
# would end a worker in the middle of a queue; the budget in `Settings` is the rule. Settings of malloc
# (MALLOC_ARENA_MAX) made no difference to a worker's size.
WORKER_ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "OMP_NUM_THREADS": "1",
    "LOKY_MAX_MEMORY_LEAK_SIZE": "1e15",
}

# A worker younger than this is not replaced for its size: one experiment that is larger than the budget
# by itself would otherwise have its worker replaced after every chunk.
YOUNGEST_SECONDS = 20.0
# How an executor begins to say that Python is about to end, as after Ctrl-C: it takes no task any more.
ENDING = "cannot schedule new futures after"


def loky_executor(idle_seconds: float) -> Executor:
    """An executor of one worker process, which ends when this process ends, however that happens."""
    return ProcessPoolExecutor(
        max_workers=1,
        # Only a last resort: an idle worker is given back before that, by `Lanes.give_back`.
        timeout=idle_seconds + 60,
        initializer=start_worker,
        initargs=(os.getpid(),),
        env=WORKER_ENVIRONMENT | {"NNPLAY_PROGRAMS": programs_folder()},
    )


@dataclass(eq=False)
class Worker:
    """An executor in a lane: `tasks` under way, `born` and last `used` by the clock, `leaving` or not.

    `aboard`: the tasks handed over and not back, oldest first. `culprit`: when it died, the one it was at.
    `stands_in`: it took the place of one that died idle, and nobody has been told yet.
    """

    executor: Executor
    born: float
    used: float
    tasks: int = 0
    leaving: bool = False
    aboard: list[Future] = field(default_factory=list)
    culprit: Future | None = None
    stands_in: bool = False


class Lanes:
    """`count` lanes. A worker is started by the first task for its lane, or by `start`."""

    def __init__(
        self,
        count: int,
        make: Callable[[], Executor],
        *,
        warm: Callable[[], Any] = warm_up,
        rehearse: Callable[[], Any] = rehearse,
        broken: tuple[type[BaseException], ...] = (BrokenExecutor,),
        youngest: float = YOUNGEST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.count = count
        self.broken = broken
        self._make = make
        self._warm = warm
        self._rehearse = rehearse
        self._youngest = youngest
        self._clock = clock
        # Held only for bookkeeping and while a task is handed over, never while a callback runs.
        self._lock = threading.RLock()
        self._workers: list[Worker | None] = [None] * count
        self._heirs: dict[int, Worker] = {}
        self._executors: WeakSet[Executor] = WeakSet()
        self._open = count
        # Lanes on which a piece of a sweep is under way.
        self.sweeping: set[int] = set()
        self._closed = False
        self._ending = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def open(self) -> int:
        """How many lanes, counted from the first, take tasks: one until the first worker is warm."""
        return self._open

    def start(self, lane: int = 0) -> None:
        """Start the workers one after the other: each when the one before is warm and has done what waited.

        So the first visitor has the whole machine for the import and the first compilation. A worker for
        which nothing waits when it is warm rehearses.
        """
        self._open = lane + 1
        _, warm = self.submit(lane, self._warm)
        # Whether a warm-up went well or not: the task that needs the worker will tell.
        warm.add_done_callback(lambda _: self._follow(lane))

    def start_all(self) -> None:
        """Start the workers all at once: for much work that waits for none of them in particular."""
        for lane in range(self.count):
            self.submit(lane, self._warm)

    def _follow(self, lane: int) -> None:
        if self._closed or self._ending:
            return
        # What is handed over now is done after what waits: a second warm-up takes its turn and no time.
        _, done = self.submit(lane, self._warm if self.load(lane) else self._rehearse)
        if lane + 1 < self.count:
            done.add_done_callback(lambda _: None if self._closed or self._ending else self.start(lane + 1))

    def submit(
        self, lane: int, fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> tuple[Worker, Future]:
        """Hand a task to the lane's worker, a new one if it has none alive; return worker and future.

        While Python ends the future is a cancelled one: nobody is there any more to be told.
        """
        with self._lock:
            if self._closed:
                raise RuntimeError("The lanes are closed.")
            try:
                worker, future = self._hand_over(lane, fn, *args, **kwargs)
            except self.broken:
                # It died idle, so no future could say so.
                self._workers[lane] = None
                worker, future = self._hand_over(lane, fn, *args, **kwargs)
                worker.stands_in = True
            except RuntimeError as error:
                if ENDING not in str(error):
                    raise
                self._ending = True
                worker, future = self._workers[lane] or self._hire(), Future()
                future.cancel()
                return worker, future
        future.add_done_callback(partial(self._returned, worker))
        return worker, future

    def load(self, lane: int) -> int:
        """How many tasks the lane has to do."""
        worker = self._workers[lane]
        return worker.tasks if worker else 0

    def drop(self, lane: int, worker: Worker) -> None:
        """A task of `worker` came back because the worker is gone."""
        with self._lock:
            worker.leaving = True
            if self._workers[lane] is worker:
                self._workers[lane] = self._heirs.pop(lane, None)

    def renew(self, lane: int, worker: Worker) -> None:
        """`worker` has grown too large: start another and put it in its place once it is warm."""
        with self._lock:
            young = self._clock() - worker.born < self._youngest
            if self._closed or young or lane in self._heirs or self._workers[lane] is not worker:
                return
            heir = self._heirs[lane] = self._hire()
            heir.tasks += 1
            future = heir.executor.submit(self._warm)
        future.add_done_callback(partial(self._returned, heir))
        future.add_done_callback(partial(self._succeed, lane, heir))

    def give_back(self, idle_seconds: float) -> None:
        """End the workers that have had nothing to do for so long."""
        with self._lock:
            for lane, worker in enumerate(self._workers):
                if worker and not worker.tasks and self._clock() - worker.used > idle_seconds:
                    self._workers[lane] = None
                    self._let_go(worker)

    def close(self) -> None:
        """End all workers now, whatever they are doing, and wait until they are gone."""
        with self._lock:
            self._closed = True
            executors = list(self._executors)
        for executor in executors:
            if isinstance(executor, ProcessPoolExecutor):
                executor.shutdown(kill_workers=True)
            else:
                executor.shutdown(cancel_futures=True)

    def _hire(self) -> Worker:
        executor = self._make()
        self._executors.add(executor)
        return Worker(executor, born=self._clock(), used=self._clock())

    def _hand_over(
        self, lane: int, fn: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> tuple[Worker, Future]:
        worker = self._workers[lane]
        if worker is None:
            worker = self._workers[lane] = self._hire()
        future = worker.executor.submit(fn, *args, **kwargs)
        worker.tasks += 1
        worker.aboard.append(future)
        return worker, future

    def _returned(self, worker: Worker, future: Future) -> None:
        gone = not future.cancelled() and isinstance(future.exception(), self.broken)
        with self._lock:
            if gone and worker.culprit is None and worker.aboard:
                # A worker does one task after the other: it died at the oldest; the others only waited.
                worker.culprit = worker.aboard[0]
            if future in worker.aboard:
                worker.aboard.remove(future)
            worker.tasks -= 1
            worker.used = self._clock()
            if worker.leaving:
                self._let_go(worker)

    def _succeed(self, lane: int, heir: Worker, future: Future) -> None:
        """The heir's warm-up is over: it takes the lane, unless it failed or has taken it already."""
        failed = future.cancelled() or future.exception() is not None
        with self._lock:
            if self._heirs.get(lane) is not heir:
                return
            del self._heirs[lane]
            old = self._workers[lane]
            if failed:
                self._let_go(heir)
            else:
                self._workers[lane] = heir
                if old:
                    self._let_go(old)

    def _let_go(self, worker: Worker) -> None:
        """No new tasks for this worker; it ends when its last one is done."""
        worker.leaving = True
        if worker.tasks == 0:
            worker.executor.shutdown(wait=False)
