"""When a run ends by itself: it diverged, reached its target, or has not improved for long."""

import math
from collections.abc import Mapping

from nnplay.engine.state import Stop


def diverged(epoch: int, logs: Mapping[str, float]) -> Stop | None:
    """A stop if the loss of this epoch (from 1), or a gradient norm in its logs, is not a finite number."""
    for name, value in logs.items():
        if (name == "loss" or name.startswith("grad_")) and not math.isfinite(value):
            return Stop("diverged", epoch, f"Diverged in epoch {epoch}.")
    return None


def improve(val_loss: float, best: float, waited: int) -> tuple[float, int]:
    """The lowest validation loss so far, and the epochs since it was reached."""
    return (val_loss, 0) if val_loss < best else (best, waited + 1)


def satisfied(
    epoch: int, val_loss: float, best: float, waited: int, *, target: float, patience: int
) -> Stop | None:
    """A stop if the validation loss is at the target, or was not improved for `patience` epochs; 0: never."""
    if target and val_loss <= target:
        return Stop("target", epoch, f"Test loss {val_loss:.4g} reached the target {target:g}.")
    if patience and waited >= patience:
        return Stop("patience", epoch, f"No better test loss than {best:.4g} for {patience} epochs.")
    return None
