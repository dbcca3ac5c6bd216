"""Sweeps on a Dask cluster: a lane for each of its workers, through the same seam as the local processes.

Dask is imported only when a cluster is asked for. What travels are the records of `piece`: JSON, numbers and
arrays. A worker that goes away has its piece done again by another one, also by one that comes later.
"""

import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from typing import Any

from nnplay.experiment.error import show
from nnplay.jobs.lanes import Lanes
from nnplay.jobs.settings import Settings
from nnplay.sweep.piece import versions
from nnplay.sweep.sweeps import Sweeps

log = logging.getLogger(__name__)

# The environment variable that names the scheduler for the app.
VARIABLE = "NNPLAY_SCHEDULER"
REQUIREMENT = "distributed>=2026.1,<2027"
ADDRESS = re.compile(r"(tcp|tls)://[A-Za-z0-9._\-\[\]:]{1,200}:[0-9]{1,5}")
CONNECT_SECONDS = 10
# Between two looks at which workers there are.
LOOK_SECONDS = 2.0


class NoCluster(ValueError):
    """There is no cluster to be used under this address; the message says why and what to do."""


def open_cluster(address: str, settings: Settings, *, tidy_every: float | None = None) -> Sweeps:
    """Sweeps on the workers that the scheduler at `address` has now. Raises `NoCluster`."""
    client = _connect(address)
    try:
        workers = list(client.scheduler_info(n_workers=-1)["workers"])
        _check(client, address, workers)
        from distributed import KilledWorker
    except BaseException:
        client.close()
        raise
    pool = Pool(client, workers)
    pool.start()
    lanes = Lanes(len(workers), pool.executor, broken=(KilledWorker,))
    return Sweeps(
        lanes, settings, tidy_every=tidy_every, at_end=client.close, alive=lambda: client.status == "running"
    )


class Pool:
    """The workers of a cluster, and which executor keeps to which: so that a program is compiled once."""

    def __init__(self, client: Any, workers: list[str]) -> None:
        self._client = client
        self._workers = workers
        self._executors: list[OnWorker] = []
        self._lock = threading.Lock()

    def executor(self) -> "OnWorker":
        """One that keeps to a worker which no other one has."""
        with self._lock:
            self._executors = [old for old in self._executors if not old.ended]
            free = self._free()
            made = OnWorker(self._client, free[0] if free else None)
            self._executors.append(made)
            return made

    def look(self) -> None:
        """Find out which workers there are now: what waits for one that has gone is given to others.

        Dask itself does not give it to a worker that comes later.
        """
        workers = list(self._client.scheduler_info(n_workers=-1)["workers"])
        with self._lock:
            self._workers = workers
            free = self._free()
            for executor in self._executors:
                if executor.worker not in workers and workers and not executor.ended:
                    executor.keep_to(free.pop(0) if free else None)

    def start(self) -> None:
        """Look from now on, every LOOK_SECONDS, as long as the scheduler is there."""
        threading.Thread(target=self._looking, daemon=True).start()

    def _free(self) -> list[str]:
        taken = {executor.worker for executor in self._executors}
        return [worker for worker in self._workers if worker not in taken]

    def _looking(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_SECONDS) and self._client.status == "running":
            try:
                self.look()
            except Exception as error:
                # The scheduler has gone, or is about to: the sweeps notice it by themselves.
                log.debug("The workers could not be looked up: %s", error)


class OnWorker(Executor):
    """An executor whose tasks go to one worker of a cluster, or, when that is gone, to any other.

    `worker`: its address; None: to any.
    """

    def __init__(self, client: Any, worker: str | None) -> None:
        self._client = client
        self.worker = worker
        self.ended = False
        # What is under way, and the task again.
        self._tasks: dict[Any, tuple[Future, Callable[..., Any], tuple[Any, ...], dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """The task's future; one whose worker went away too often fails with `KilledWorker`."""
        done: Future = Future()
        self._give(done, fn, args, kwargs)
        return done

    def keep_to(self, worker: str | None) -> None:
        """From now on to this worker, with what was given to another one."""
        if worker == self.worker:
            return
        with self._lock:
            self.worker = worker
            tasks, self._tasks = self._tasks, {}
        for task in tasks.values():
            self._give(*task)
        self._client.cancel(list(tasks), force=True)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Give up what is under way; the cluster stays."""
        from distributed.client import ClosedClientError

        self.ended = True
        # A client that has lost its scheduler for long has closed by itself, and its tasks are given up.
        with suppress(ClosedClientError):
            self._client.cancel(list(self._tasks), force=True)

    def _give(
        self, done: Future, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        there = {"workers": [self.worker], "allow_other_workers": True} if self.worker else {}
        # The function by name, so that nothing but records is sent.
        found = self._client.submit(fn, *args, **kwargs, **there, pure=False)
        # Kept until it is done: Dask gives a task up that nobody holds.
        with self._lock:
            self._tasks[found] = (done, fn, args, kwargs)
        found.add_done_callback(self._done)

    def _done(self, found: Any) -> None:
        with self._lock:
            done = self._tasks.pop(found, (None,))[0]
        if done is None:
            # Given to another worker since.
            return
        if found.status == "finished":
            try:
                done.set_result(found.result())
            except Exception as error:
                done.set_exception(error)
        elif found.status == "error":
            done.set_exception(found.exception())
        else:
            # Cancelled, or the scheduler has forgotten it.
            done.cancel()


def _connect(address: str) -> Any:
    if not ADDRESS.fullmatch(address):
        raise NoCluster(f"A scheduler's address is like tcp://192.168.0.5:8786, not {show(address)}.")
    try:
        from distributed import Client
    except ImportError:
        raise NoCluster(f"A sweep on a cluster needs Dask: pip install '{REQUIREMENT}'.") from None
    try:
        return Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="nnplay")
    except (OSError, TimeoutError, ValueError):
        raise NoCluster(
            f"No scheduler answers at {address}. Start one with 'dask scheduler' and give the address "
            "that it prints."
        ) from None


def _check(client: Any, address: str, workers: list[str]) -> None:
    """Whether there are workers, and all of them have what we have."""
    if not workers:
        raise NoCluster(
            f"The scheduler at {address} has no workers. Start some in nnplay's folder: "
            f"'dask worker {address} --nthreads 1 --nworkers 2'."
        )
    try:
        found = client.run(versions, on_error="raise")
    except ModuleNotFoundError as error:
        raise NoCluster(
            f"A worker of {address} has no module {error.name!r}. Start the workers in nnplay's folder, with "
            "the same requirements installed."
        ) from None
    ours = versions()
    for worker, theirs in found.items():
        wrong = [name for name in ours if theirs.get(name) != ours[name]]
        if wrong:
            raise NoCluster(
                f"The worker {worker} has {wrong[0]} {theirs.get(wrong[0])}, here it is {ours[wrong[0]]}. "
                "Give both the same, so that the numbers are the same."
            )
