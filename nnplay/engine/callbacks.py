"""Our Keras callbacks: what is recorded of an epoch, and when a run ends by itself.

They are ordinary `keras.callbacks.Callback`s, driven through `keras.callbacks.CallbackList`, and work
with `model.fit` too.
"""

import math
from typing import Any

from nnplay.engine.backend import keras
from nnplay.engine.state import Stop
from nnplay.engine.stopping import diverged, improve, satisfied


class Record(keras.callbacks.Callback):
    """Keeps the logs of every epoch: `epochs` (numbers from 1) and `logs` (one dict each)."""

    def __init__(self) -> None:
        super().__init__()
        self.epochs: list[int] = []
        self.logs: list[dict[str, float]] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.epochs.append(epoch + 1)
        self.logs.append(dict(logs or {}))


class NaNGuard(keras.callbacks.Callback):
    """Stops at the first epoch whose loss, or gradient where it is logged, is not a finite number."""

    def __init__(self) -> None:
        super().__init__()
        self.stop: Stop | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.stop = diverged(epoch + 1, logs or {})
        if self.stop:
            self.model.stop_training = True


class StopConditions(keras.callbacks.Callback):
    """Stops when the validation loss reaches `target`, or has not improved for `patience` epochs.

    `best` and `waited` may be handed on from one piece of a run to the next. 0 switches a condition off.
    """

    def __init__(
        self, *, target: float = 0.0, patience: int = 0, best: float = math.inf, waited: int = 0
    ) -> None:
        super().__init__()
        self.target, self.patience = target, patience
        self.best, self.waited = best, waited
        self.stop: Stop | None = None

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        loss = (logs or {}).get("val_loss", math.nan)
        self.best, self.waited = improve(loss, self.best, self.waited)
        self.stop = satisfied(
            epoch + 1, loss, self.best, self.waited, target=self.target, patience=self.patience
        )
        if self.stop:
            self.model.stop_training = True
