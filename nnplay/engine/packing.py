"""The arrays of a state as one vector a number type: what goes into a compiled program and comes out.

A call hands each argument over by itself, at some 50 microseconds apiece; thirty arrays of a small network
would cost more than an epoch of training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from nnplay.engine.backend import tf


@dataclass(frozen=True)
class Packing:
    """Which array lies where: `places` has, for each array, its type's index, its start there, its shape."""

    dtypes: tuple[str, ...]
    places: tuple[tuple[int, int, tuple[int, ...]], ...]

    def pack(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The arrays as one vector for each of `dtypes`."""
        return [
            np.concatenate([array.reshape(-1) for array in self._of(kind, arrays)]).astype(dtype, copy=False)
            for kind, dtype in enumerate(self.dtypes)
        ]

    def unpack(self, vectors: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
        """The arrays again; views into the vectors."""
        return tuple(
            vectors[kind][start : start + prod(shape)].reshape(shape) for kind, start, shape in self.places
        )

    def pack_tensors(self, tensors: Sequence[Any]) -> list[Any]:
        """`pack` inside a TensorFlow program."""
        return [
            tf.concat([tf.reshape(tensor, [-1]) for tensor in self._of(kind, tensors)], 0)
            for kind in range(len(self.dtypes))
        ]

    def unpack_tensors(self, vectors: Sequence[Any]) -> list[Any]:
        """`unpack` inside a TensorFlow program."""
        return [
            tf.reshape(vectors[kind][start : start + prod(shape)], shape)
            for kind, start, shape in self.places
        ]

    def _of(self, kind: int, values: Sequence[Any]) -> list[Any]:
        return [value for value, place in zip(values, self.places, strict=True) if place[0] == kind]


def packing_of(variables: Sequence[Any]) -> Packing:
    """How the values of these Keras variables are packed."""
    dtypes = tuple(dict.fromkeys(variable.dtype for variable in variables))
    ends = [0] * len(dtypes)
    places = []
    for variable in variables:
        kind, shape = dtypes.index(variable.dtype), tuple(variable.shape)
        places.append((kind, ends[kind], shape))
        ends[kind] += prod(shape)
    return Packing(dtypes, tuple(places))
