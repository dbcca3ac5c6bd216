"""What runs in a worker process: a chunk of training, an answer, the warm-up, and its rules of life.

Nothing here imports Keras before it is called, so the server can name these functions.
"""

import gc
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

from nnplay.engine.state import ChunkResult, State

# (experiment, state, *, epochs, batches, views, made_by) -> ChunkResult, as the engine's `train_chunk`.
Train = Callable[..., ChunkResult]


def train(
    experiment: Any,
    state: State | None,
    *,
    epochs: int = 0,
    batches: int = 0,
    views: tuple[str, ...] = (),
    made_by: Any = None,
) -> ChunkResult:
    """The engine's chunk of training, imported where it runs."""
    from nnplay.engine.chunk import train_chunk

    return train_chunk(experiment, state, epochs=epochs, batches=batches, views=views, made_by=made_by)


def look_back(experiment: Any, states: tuple[State, ...], views: tuple[str, ...]) -> list[dict[str, Any]]:
    """The engine's look at states of the past, imported where it runs."""
    from nnplay.engine.chunk import look_back

    return look_back(experiment, states, views)


def save(experiment: Any, state: State, past: tuple[State, ...]) -> tuple[dict[str, bytes], Any]:
    """The model as files (`nnplay.engine.saved.saved_files`), and the frames of its `past`, or None."""
    from nnplay.engine.saved import boundary_frames, saved_files

    return saved_files(experiment, state), boundary_frames(experiment, past) if past else None


def answer(name: str, arguments: dict[str, Any]) -> tuple[Any, int]:
    """The laboratory's answer to a question, and this worker's resident bytes. Raises `UnknownName`."""
    import psutil

    from nnplay.engine.laboratory import QUESTIONS
    from nnplay.registry import look_up

    value = look_up(QUESTIONS, name, "question")(**arguments)
    return value, psutil.Process().memory_info().rss


# Rarely: a traced network is a hundred thousand objects, and nearly none of them garbage.
GARBAGE_THRESHOLDS = (100_000, 20, 20)


def warm_up() -> None:
    """Import the engine, so that the first Play does not wait for it.

    Without collecting garbage, which would be a quarter of the time (3.1 s instead of 4.2 measured). Then all
    that is there is set aside: loky without psutil collects once a second, 200 ms with TensorFlow in view.
    """
    gc.disable()
    import nnplay.engine.chunk  # noqa: F401

    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    gc.enable()


def rehearse() -> None:
    """Build the network that most visits begin with, and train it for an epoch.

    Its program stays with the worker: 0.7 to 1.2 s that nobody has to wait for. The numbers are dropped.
    """
    from nnplay.experiment import DEFAULT

    train(DEFAULT, train(DEFAULT, None).state, epochs=1, views=("boundary", "neurons"))


def start_worker(server: int) -> None:
    """Called in a new worker: leave Ctrl-C to the server (process id `server`) and end when it is gone.

    A loky worker holds both ends of its queue, so a killed server is no end of file to it; it would wait
    for its timeout. Windows keeps a dead parent's number: there the timeout is what ends the worker.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_after, args=(server,), daemon=True).start()


def _end_after(server: int) -> None:
    while os.getppid() == server:
        time.sleep(1.0)
    os._exit(1)
