"""A whole run in this process, with any Keras callbacks: what the command line and a notebook use."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from nnplay.engine.backend import keras
from nnplay.engine.chunk import initial_state, train_chunk
from nnplay.engine.program import advance, compile_program
from nnplay.engine.state import ROW_CAPACITY, ChunkResult, State
from nnplay.experiment import Experiment

SECONDS_A_CHUNK = 0.25


def chunks(experiment: Experiment, state: State | None = None, epoch: int = 0) -> Iterator[ChunkResult]:
    """Train to this epoch (0: the end), a quarter of a second or so at a time; the first result is the
    untrained model."""
    end = min(epoch or experiment.epochs, experiment.epochs)
    result = train_chunk(experiment, state)
    yield result
    epochs = 1
    while result.state.epoch < end and not result.stopped:
        result = train_chunk(experiment, result.state, epochs=min(epochs, end - result.state.epoch))
        yield result
        fitting = epochs * SECONDS_A_CHUNK / max(result.seconds, 1e-4)
        epochs = int(min(max(1, fitting), 4 * epochs, ROW_CAPACITY))


def fit(
    experiment: Experiment, callbacks: Sequence[keras.callbacks.Callback] = ()
) -> tuple[keras.Model, keras.callbacks.History]:
    """Like `model.fit(..., callbacks=callbacks)`: any Keras callback is told of every epoch and batch.

    Returns the trained model and Keras's `History`. An epoch is one call of the compiled program; where a
    callback listens to batches, a batch is. Changes that a callback makes to the model or the optimizer
    count from then on; `model.stop_training` ends the run.
    """
    program = compile_program(experiment)
    network = program.network
    state = initial_state(experiment, program)
    network.write(state.arrays)
    model = network.model
    if getattr(model, "optimizer", None) is not network.optimizer:
        model.compile(optimizer=network.optimizer, loss=network.loss, metrics=list(network.metrics))
    history = keras.callbacks.History()
    listeners = keras.callbacks.CallbackList(
        [*callbacks, history], model=model, epochs=experiment.epochs, steps=program.batches, verbose=0
    )
    by_batch = any(_listens_to_batches(callback) for callback in callbacks)
    model.stop_training = False

    def train_to(end_epoch: int, end_batch: int = 0) -> np.ndarray:
        nonlocal state
        # A callback may have changed the Keras objects since: what they hold counts.
        state = replace(state, arrays=network.read())
        state, table = advance(program, experiment, state, end_epoch=end_epoch, end_batch=end_batch)
        return table

    listeners.on_train_begin()
    for epoch in range(experiment.epochs):
        listeners.on_epoch_begin(epoch)
        if by_batch:
            for batch in range(program.batches):
                listeners.on_train_batch_begin(batch)
                table = train_to(epoch, batch + 1)
                listeners.on_train_batch_end(batch)
        else:
            table = train_to(epoch + 1)
        listeners.on_epoch_end(epoch, dict(zip(program.columns, table[-1, 1:].tolist(), strict=True)))
        if model.stop_training:
            break
    listeners.on_train_end()
    return model, history


def _listens_to_batches(callback: keras.callbacks.Callback) -> bool:
    hooks = ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end")
    return any(
        # A subclass has a method of its own, a LambdaCallback a function on the instance.
        getattr(getattr(callback, hook), "__func__", None) is not getattr(keras.callbacks.Callback, hook)
        for hook in hooks
    )


def run(
    experiment: Experiment, progress: Callable[[int, int, float], None] | None = None, epoch: int = 0
) -> tuple[list[ChunkResult], float]:
    """All chunks of a run, to its end or to this epoch, and the seconds until the first was done (compilation
    included).

    `progress` is told, after each chunk, the epochs done, the epochs in all, and the loss. Ctrl-C ends the
    run: the chunks done by then are returned, if an epoch is among them.
    """
    start, first = time.perf_counter(), float("nan")
    results: list[ChunkResult] = []
    try:
        for result in chunks(experiment, epoch=epoch):
            results.append(result)
            if len(result.rows.values):
                first = time.perf_counter() - start if np.isnan(first) else first
                if progress:
                    progress(result.state.epoch, experiment.epochs, float(result.rows.column("loss")[-1]))
    except KeyboardInterrupt:
        if np.isnan(first):
            raise
    return results, first
