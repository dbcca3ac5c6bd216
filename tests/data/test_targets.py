"""Target encodings against values written out by hand, and what holds for all of them."""

import numpy as np
import pytest

from nnplay.data import ENCODINGS, encode_targets
from nnplay.registry import UnknownName

LABELS = np.array([0, 1, 1, 0], dtype=np.int32)


@pytest.mark.parametrize(
    "encoding, y, classes, expected",
    [
        ("signs", LABELS, 2, [[-1], [1], [1], [-1]]),
        ("binary", LABELS, 2, [[0], [1], [1], [0]]),
        ("onehot", np.array([2, 0], dtype=np.int32), 3, [[0, 0, 1], [1, 0, 0]]),
        ("onehot", LABELS, 2, [[1, 0], [0, 1], [0, 1], [1, 0]]),
        ("labels", np.array([2, 0], dtype=np.int32), 3, [[2], [0]]),
        ("real", np.array([0.5, -2], dtype=np.float32), 0, [[0.5], [-2]]),
    ],
)
def test_values(encoding, y, classes, expected):
    np.testing.assert_array_equal(encode_targets(y, encoding, classes), expected)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_types_and_rows(encoding):
    encoded = encode_targets(LABELS, encoding, 2)
    assert encoded.dtype == (np.int32 if encoding == "labels" else np.float32)
    assert encoded.ndim == 2 and len(encoded) == len(LABELS)


def test_unknown_encoding_is_explained():
    with pytest.raises(UnknownName, match=r"Unknown target encoding 'one_hot'\. Did you mean 'onehot'"):
        encode_targets(LABELS, "one_hot", 2)
