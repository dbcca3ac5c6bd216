"""Targets in the form that a loss wants them."""

from collections.abc import Callable

import numpy as np

from nnplay.registry import look_up


def _column(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)[:, None]


# (targets (samples,), number of classes) -> what Keras gets. "signs" and "binary" are for two classes.
ENCODINGS: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "signs": lambda y, classes: _column(2 * y - 1),
    "binary": lambda y, classes: _column(y),
    "onehot": lambda y, classes: np.eye(classes, dtype=np.float32)[y],
    "labels": lambda y, classes: y.astype(np.int32)[:, None],
    "real": lambda y, classes: _column(y),
}


def encode_targets(y: np.ndarray, encoding: str, classes: int) -> np.ndarray:
    """Encode targets (samples,): class indices, or real values for "real".

    signs: -1 or +1, float32 (samples, 1). binary: 0 or 1, float32 (samples, 1).
    onehot: float32 (samples, classes). labels: the indices, int32 (samples, 1). real: float32 (samples, 1).
    Raises UnknownName for any other.
    """
    return look_up(ENCODINGS, encoding, "target encoding")(y, classes)
