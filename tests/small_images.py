"""Small files in the formats of MNIST (one .npz) and Fashion-MNIST (four gzipped idx files)."""

import gzip
import struct
from pathlib import Path

import numpy as np

TRAIN, TEST = 300, 120


def small_images(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 (samples, 28, 28) and labels uint8: a bright bar whose place is the class, and noise."""
    random = np.random.default_rng(seed)
    labels = (np.arange(TRAIN + TEST) % 10).astype(np.uint8)
    pictures = random.integers(0, 120, (len(labels), 28, 28))
    for picture, label in zip(pictures, labels, strict=True):
        picture[2 * label + 4 : 2 * label + 6, 4:24] = 255
    return pictures.astype(np.uint8), labels


def write_small_images(folder: Path) -> None:
    """Put them where `keras.datasets` looks."""
    (folder / "fashion-mnist").mkdir(parents=True)
    x, y = small_images(0)
    np.savez_compressed(
        folder / "mnist.npz", x_train=x[:TRAIN], y_train=y[:TRAIN], x_test=x[TRAIN:], y_test=y[TRAIN:]
    )
    x, y = small_images(1)
    for name, part in (("train", slice(None, TRAIN)), ("t10k", slice(TRAIN, None))):
        count = len(y[part])
        pictures = struct.pack(">iiii", 2051, count, 28, 28) + x[part].tobytes()
        labels = struct.pack(">ii", 2049, count) + y[part].tobytes()
        place = folder / "fashion-mnist"
        (place / f"{name}-images-idx3-ubyte.gz").write_bytes(gzip.compress(pictures))
        (place / f"{name}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
