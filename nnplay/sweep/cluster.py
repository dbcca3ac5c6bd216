"""Sweeps on a Dask cluster: a lane for each of its workers, through the same seam as the local processes.

Dask is imported only when a cluster is asked for. What travels are the records of `piece`: JSON, numbers and
arrays. A worker that goes away has its piece done again by another one, which Dask sees to.
"""

import re
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from nnplay.experiment.error import show
from nnplay.jobs.lanes import Lanes
from nnplay.jobs.settings import Settings
from nnplay.sweep.piece import versions
from nnplay.sweep.sweeps import Sweeps

# The environment variable that names the scheduler for the app.
VARIABLE = "NNPLAY_SCHEDULER"
REQUIREMENT = "distributed>=2026.1,<2027"
ADDRESS = re.compile(r"(tcp|tls)://[A-Za-z0-9._\-\[\]:]{1,200}:[0-9]{1,5}")
CONNECT_SECONDS = 10


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
    counter = iter(range(10**9))

    def make() -> Executor:
        return OnWorker(client, workers[next(counter) % len(workers)])

    lanes = Lanes(len(workers), make, broken=(KilledWorker,))
    return Sweeps(lanes, settings, tidy_every=tidy_every, at_end=client.close)


class OnWorker(Executor):
    """An executor whose tasks go to one worker of a cluster, or, when that is gone, to any other."""

    def __init__(self, client: Any, worker: str) -> None:
        self._client = client
        self._worker = worker
        self._futures: set[Any] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """The task's future; one whose worker went away too often fails with `KilledWorker`."""
        done: Future = Future()
        found = self._client.submit(
            # By name, so that nothing but records is sent.
            fn, *args, **kwargs, workers=[self._worker], allow_other_workers=True, pure=False,
        )  # fmt: skip
        # Kept until it is done: Dask gives a task up that nobody holds.
        self._futures.add(found)
        found.add_done_callback(lambda future: self._done(future, done))
        return done

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Give up what is under way; the cluster stays."""
        self._client.cancel(list(self._futures), force=True)

    def _done(self, found: Any, done: Future) -> None:
        self._futures.discard(found)
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
