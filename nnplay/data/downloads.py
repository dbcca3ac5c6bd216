"""Data that have to be downloaded once: where from, where to, and whether they are there.

The files, their places and their names are those of `keras.datasets`: what Keras has downloaded is used, and
the other way round. They are fetched without Keras, so that a page can do it.
"""

import gzip
import hashlib
import os
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
PIECE = 1 << 16
PATIENCE = 20  # seconds without an answer
TOO_MUCH = 2  # times the size that a file should have


class NotHere(ValueError):
    """Data that are not on this computer, or cannot be got or read; the message says what to do."""


@dataclass(frozen=True)
class Remote:
    """A file: its place in the folder of datasets, its checksum, "sha256:..." or "md5:...", and its bytes."""

    place: str
    checksum: str
    size: int


# MNIST's sum is the one in Keras; Fashion-MNIST's are those that its authors publish.
FILES: dict[str, tuple[Remote, ...]] = {
    "mnist": (
        Remote(
            "mnist.npz",
            "sha256:731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
            11_490_434,
        ),
    ),
    "fashion_mnist": (
        Remote(
            "fashion-mnist/train-images-idx3-ubyte.gz", "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d", 26_421_880
        ),
        Remote("fashion-mnist/train-labels-idx1-ubyte.gz", "md5:25c81989df183df01b3e8a0aad5dffbe", 29_515),
        Remote("fashion-mnist/t10k-images-idx3-ubyte.gz", "md5:bef4ecab320f06d8554ea6380940ec79", 4_422_102),
        Remote("fashion-mnist/t10k-labels-idx1-ubyte.gz", "md5:bb300cfdad3c16e7a12a480ee83cd310", 5_148),
    ),
}
# What takes the place of any of them where there is no network.
STAND_IN = "digits28"

# Told how many bytes are there, of how many.
Progress = Callable[[int, int], None]


def folder() -> Path:
    """Where Keras keeps its datasets."""
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "datasets"


def is_here(name: str) -> bool:
    """Whether a dataset needs no download, or has had it."""
    return all((folder() / file.place).is_file() for file in FILES.get(name, ()))


def is_downloaded(name: str) -> bool:
    """Whether a dataset is one of those that have to be downloaded."""
    return name in FILES


def megabytes(name: str) -> int:
    """What has to be downloaded."""
    return round(sum(file.size for file in FILES[name]) / 1e6)


def fetch(name: str, progress: Progress | None = None) -> None:
    """Download what is missing of a dataset, each file checked before it is put in its place.

    Raises `NotHere`.
    """
    files = FILES[name]
    total, done = sum(file.size for file in files), 0
    for file in files:
        target = folder() / file.place
        if not target.is_file():

            def tell(count: int, before: int = done) -> None:
                if progress:
                    progress(before + count, total)

            _fetch(file, target, tell)
        done += file.size


def _fetch(file: Remote, target: Path, tell: Callable[[int], None]) -> None:
    address = BASE + target.name
    kind, _, wanted = file.checksum.partition(":")
    found, count = hashlib.new(kind, usedforsecurity=False), 0
    copy = ""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, copy = tempfile.mkstemp(prefix="part-", dir=target.parent)
        with os.fdopen(handle, "wb") as part, urllib.request.urlopen(address, timeout=PATIENCE) as answer:
            while piece := answer.read(PIECE):
                count += len(piece)
                if count > TOO_MUCH * file.size:
                    break
                found.update(piece)
                part.write(piece)
                tell(min(count, file.size))
        if found.hexdigest() != wanted:
            raise NotHere(
                f"{target.name} was downloaded, but is not the file it should be (its checksum is another). "
                "It was thrown away. Try again later."
            )
        os.replace(copy, target)
        copy = ""
    except (OSError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", None) or error
        raise NotHere(
            f"{target.name} could not be downloaded from {address.split('/')[2]} ({reason}). Check the "
            "network, or put the file into the folder where Keras keeps its datasets."
        ) from None
    finally:
        if copy:
            Path(copy).unlink(missing_ok=True)


def images(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 (samples, 28, 28) and labels int64 (samples,), those meant for training first.

    Raises `NotHere` where a file is not there, or not what it should be.
    """
    if not is_here(name):
        raise NotHere(
            f"The data {name!r} are not on this computer yet: {megabytes(name)} MB have to be downloaded "
            f"once. Choose them on the playground page, or take {STAND_IN!r} instead, which needs no network."
        )
    places = [folder() / file.place for file in FILES[name]]
    try:
        parts = _of_npz(places[0]) if len(places) == 1 else _of_idx(places)
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        files = ", ".join(place.name for place in places)
        raise NotHere(
            f"The data {name!r} cannot be read ({str(error)[:80]}). Take {files} out of the "
            "folder where Keras keeps its datasets, and they are downloaded again."
        ) from None
    pictures, labels = parts
    if pictures.shape[1:] != (28, 28) or pictures.dtype != np.uint8 or labels.shape != pictures.shape[:1]:
        raise NotHere(
            f"The data {name!r} are not pictures of 28 x 28 with a label each. Download them again."
        )
    if len(labels) == 0 or labels.max() > 9:
        raise NotHere(f"The data {name!r} have other labels than 0 to 9. Download them again.")
    return pictures, labels.astype(np.int64)


def _of_npz(place: Path) -> tuple[np.ndarray, np.ndarray]:
    with place.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        return (
            np.concatenate([file["x_train"], file["x_test"]]),
            np.concatenate([file["y_train"], file["y_test"]]),
        )


def _of_idx(places: list[Path]) -> tuple[np.ndarray, np.ndarray]:
    """The four files of the idx format: a head of 16 bytes before pictures, of 8 before labels."""
    train, train_labels, test, test_labels = (gzip.decompress(place.read_bytes()) for place in places)
    pictures = [np.frombuffer(part, np.uint8, offset=16).reshape(-1, 28, 28) for part in (train, test)]
    labels = [np.frombuffer(part, np.uint8, offset=8) for part in (train_labels, test_labels)]
    return np.concatenate(pictures), np.concatenate(labels)
