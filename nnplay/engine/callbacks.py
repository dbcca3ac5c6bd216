"""Our Keras callbacks: what is recorded of an epoch, and when a run ends by itself.

They are ordinary `keras.callbacks.Callback`s, driven through `keras.callbacks.CallbackList`, and work
with `model.fit` too.
"""

import math
from typing import Any

from nnplay.engine.backend import keras
from nnplay.engine.state import Stop


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
        watched = {
            name: value for name, value in (logs or {}).items() if name == "loss" or name.startswith("grad_")
        }
        if not all(math.isfinite(value) for value in watched.values()):
            self.stop = Stop("diverged", epoch + 1, f"Diverged in epoch {epoch + 1}.")
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
        if loss < self.best:
            self.best, self.waited = loss, 0
        else:
            self.waited += 1
        if self.target and loss <= self.target:
            self.stop = Stop("target", epoch + 1, f"Test loss {loss:.4g} reached the target {self.target:g}.")
        elif self.patience and self.waited >= self.patience:
            self.stop = Stop(
                "patience",
                epoch + 1,
                f"No better test loss than {self.best:.4g} for {self.patience} epochs.",
            )
        if self.stop:
            self.model.stop_training = True
