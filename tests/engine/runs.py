"""Runs cut into chunks. As a program: trains the experiments given as JSON lines, prints a digest of each."""

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from nnplay.engine.chunk import train_chunk
from nnplay.engine.state import ChunkResult, State
from nnplay.experiment import Experiment


def run(
    experiment: Experiment, cuts: Iterable[tuple[int, int]], state: State | None = None
) -> tuple[ChunkResult, np.ndarray]:
    """Train chunk after chunk of (epochs, batches), until it stops; the last result and all rows."""
    tables = []
    for epochs, batches in cuts:
        result = train_chunk(experiment, state, epochs=epochs, batches=batches)
        tables.append(result.rows.values)
        state = result.state
        if result.stopped:
            break
    return result, np.concatenate(tables)


def digest(result: ChunkResult, rows: np.ndarray) -> str:
    """Equal for runs that are equal bit by bit: arrays with shapes and types, position, conditions, rows."""
    state = result.state
    facts = [(array.shape, str(array.dtype), array.tobytes()) for array in (*state.arrays, rows)]
    return hashlib.sha256(repr((facts, replace(state, arrays=()), result.stopped)).encode()).hexdigest()


if __name__ == "__main__":
    for line in sys.stdin:
        experiment = Experiment.from_json(line)
        print(digest(*run(experiment, [(experiment.epochs, 0)])))
