"""The records that go in and out of a chunk of training. numpy only: the server imports this."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

# Most epochs that one call of a compiled program can record.
ROW_CAPACITY = 512


@dataclass(frozen=True)
class State:
    """All that training goes on from. The same state gives the same continuation, bit for bit.

    `arrays`: the values of the model's variables (weights, normalisation statistics, dropout's seed
    state), the optimizer's, the metrics' and the sums over the epoch under way, in the program's order.
    `epoch`: epochs finished; `batch`: batches done of the next one. `batch_size` and `learning_rate`:
    the settings under which the arrays were made, so that a change of theirs is noticed.
    `best`, `waited`: the lowest validation loss so far and the epochs since, for early stopping.
    """

    arrays: tuple[np.ndarray, ...]
    epoch: int = 0
    batch: int = 0
    batch_size: int = 0
    learning_rate: float = 0.0
    best: float = float("inf")
    waited: int = 0

    @property
    def nbytes(self) -> int:
        """Size of the arrays in bytes."""
        return sum(array.nbytes for array in self.arrays)

    @property
    def is_finite(self) -> bool:
        """Whether every number in the arrays is finite."""
        return all(bool(np.isfinite(array).all()) for array in self.arrays)


@dataclass(frozen=True)
class Rows:
    """What was measured in each finished epoch: `values` has one row an epoch, one column a name.

    Columns: `epoch` (number of the finished epoch, from 1), `loss` and the metrics as means over the
    epoch's training samples while it trained (as Keras's `fit` reports them; penalties included in the
    loss), `val_` the same on the test samples after the epoch, `lr` the learning rate at its end,
    `grad_1..L` the L2 norm of the loss's gradient with respect to the kernel and bias of each weight
    layer, `update_1..L` the norm of the kernel's step over the norm of the kernel; both are means over
    the epoch's batches (at most about 32 of them, evenly spread).
    """

    names: tuple[str, ...]
    values: np.ndarray

    def column(self, name: str) -> np.ndarray:
        """One column, (epochs,)."""
        return self.values[:, self.names.index(name)]


@dataclass(frozen=True)
class Stop:
    """Why a run ended early. `reason`: "diverged", "target", "patience", or "interrupted" (by Ctrl-C)."""

    reason: str
    epoch: int
    message: str


@dataclass(frozen=True)
class ChunkResult:
    """What a chunk gives back.

    `seconds`: time of training alone, `views_seconds` of the views; `memory`: the worker's resident bytes.
    """

    state: State
    rows: Rows
    views: dict[str, Any] = field(default_factory=dict)
    stopped: Stop | None = None
    seconds: float = 0.0
    memory: int = 0
    compiled: bool = False
    views_seconds: float = 0.0
