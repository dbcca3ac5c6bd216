"""A run in one zip with a manifest, and the way back: what is opened is checked, and nothing is executed.

Only these files are ever read again: `manifest.json` (a link, an epoch, checksums); for a run that was
changed on its way and so cannot be repeated, `state.npz` (arrays of numbers); for a visitor's own data,
`own.json` (words) and `own.npz` (arrays). No pickles.
"""

import hashlib
import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay import __version__
from nnplay.data import Dataset, hold, is_own
from nnplay.data.own import BadTable, from_parts, parts_of
from nnplay.engine.state import State
from nnplay.experiment import Experiment, ExperimentError, from_pairs_at, link_to, split_link

FORMAT = "nnplay run"
VERSION = 1
MANIFEST, STATE = "manifest.json", "state.npz"
OWN_WORDS, OWN_ARRAYS = "own.json", "own.npz"

# Caps, in bytes and in numbers: far above what nnplay writes.
MOST_ARCHIVE = 40_000_000
MOST_UNPACKED = 200_000_000
MOST_FILES = 40
MOST_MANIFEST = 64_000
# 200 inputs and 20 classes with the longest names; 20,000 rows of 200 inputs.
MOST_OWN_WORDS = 400_000
MOST_OWN = 33_000_000
MOST_STATE = 80_000_000
MOST_ARRAYS = 2000
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z0-9]{2,6}")


class BadArchive(ValueError):
    """A file that is no archive of nnplay's, or none that may be opened. Its text is a sentence."""


@dataclass(frozen=True)
class Opened:
    """What an archive holds: the experiment, the epoch it is at, and for a changed run the state there."""

    experiment: Experiment
    epoch: int
    state: State | None = None


# ---- writing


def write_archive(
    experiment: Experiment,
    state: State,
    files: Mapping[str, bytes],
    *,
    changes: list[str],
    packages: Mapping[str, str],
) -> bytes:
    """The zip of these files, with the manifest and, where a link cannot lead there, the state.

    `changes`: what was changed on the way, in words.
    """
    repeatable = not changes and state.batch == 0
    files = dict(files) if repeatable else {**files, STATE: _pack(state.arrays)}
    if is_own(experiment.data):
        words, arrays = parts_of(experiment.dataset)
        files |= {OWN_WORDS: json.dumps(words).encode(), OWN_ARRAYS: _pack(arrays)}
    position = {
        "epoch": state.epoch,
        "batch": state.batch,
        "batch_size": state.batch_size,
        "learning_rate": state.learning_rate,
        "best": state.best if math.isfinite(state.best) else None,
        "waited": state.waited,
    }
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "nnplay": __version__,
        "link": link_to(experiment, state.epoch),
        "experiment": experiment.model_dump(),
        "epoch": state.epoch,
        "seed": experiment.seed,
        "changes": changes,
        "packages": dict(packages),
        **({} if repeatable else {"state": position}),
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in files.items()
        },
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _pack(arrays: tuple[np.ndarray, ...]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, array in enumerate(arrays):
            one = io.BytesIO()
            np.lib.format.write_array(one, np.asarray(array), version=(1, 0), allow_pickle=False)
            archive.writestr(f"{place}.npy", one.getvalue())
    return packed.getvalue()


# ---- reading


def read_archive(data: bytes) -> Opened:
    """What an untrusted file holds. Raises `BadArchive`."""
    if len(data) > MOST_ARCHIVE:
        raise BadArchive(
            f"The file has {len(data):,} bytes; at most {MOST_ARCHIVE:,} are opened. Give a zip of nnplay's."
        )
    with _unzip(data, "The file") as archive:
        entries = _entries(archive, "The zip", MOST_FILES, MOST_UNPACKED)
        if MANIFEST not in entries:
            raise BadArchive(f"The zip has no {MANIFEST}, so it is none that nnplay made. Give one that is.")
        for name in entries:
            if not NAME.fullmatch(name):
                raise BadArchive(
                    f"The zip has a file called {name[:60]!r}, which no archive of nnplay's has. "
                    "Give the zip as it was saved."
                )
        manifest = _manifest(_read(archive, entries[MANIFEST], MOST_MANIFEST))
        own = _own_data(archive, entries, manifest)
        experiment, epoch = _experiment(manifest, own.name if own else "")
        if "state" not in manifest:
            return Opened(experiment, epoch)
        if STATE not in entries:
            raise BadArchive(
                f"The zip lacks {STATE}, which its manifest speaks of. Give the zip as it was saved."
            )
        packed = _checked(archive, entries, STATE, MOST_STATE, manifest)
        return Opened(experiment, epoch, _state(manifest, experiment, _arrays(packed, STATE, MOST_STATE)))


def _checked(
    archive: zipfile.ZipFile,
    entries: Mapping[str, zipfile.ZipInfo],
    name: str,
    most: int,
    manifest: dict[str, Any],
) -> bytes:
    """The bytes of a file whose checksum the manifest has."""
    data = _read(archive, entries[name], most)
    if hashlib.sha256(data).hexdigest() != _checksum(manifest, name):
        raise BadArchive(f"{name} is not the file that the manifest speaks of. Give the zip as it was saved.")
    return data


def _own_data(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], manifest: dict[str, Any]
) -> Dataset | None:
    """A visitor's own data, if they are in it; held as long as the result is."""
    if not {OWN_WORDS, OWN_ARRAYS} <= set(entries):
        return None
    words = _checked(archive, entries, OWN_WORDS, MOST_OWN_WORDS, manifest)
    arrays = _arrays(_checked(archive, entries, OWN_ARRAYS, MOST_OWN, manifest), OWN_ARRAYS, MOST_OWN)
    try:
        return hold(from_parts(json.loads(words.decode("utf-8")), arrays))
    except (ValueError, RecursionError) as error:
        reason = f" {error}" if isinstance(error, BadTable) else ""
        raise BadArchive(f"The zip's own data ({OWN_WORDS}, {OWN_ARRAYS}) cannot be used.{reason}") from None


def _unzip(data: bytes, what: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError):
        raise BadArchive(
            f"{what} is not a zip, or only a part of one. Save it again and give that."
        ) from None


def _entries(archive: zipfile.ZipFile, what: str, most: int, size: int) -> dict[str, zipfile.ZipInfo]:
    """The entries by name, after a look at how many and how large they say they are."""
    found = archive.infolist()
    if len(found) > most:
        raise BadArchive(f"{what} holds {len(found):,} files; at most {most:,} are allowed.")
    entries = {entry.filename: entry for entry in found}
    if len(entries) < len(found):
        raise BadArchive(f"{what} holds several files of the same name. Give the zip as it was saved.")
    if (unpacked := sum(entry.file_size for entry in found)) > size:
        raise BadArchive(f"{what} would unpack to {unpacked:,} bytes; at most {size:,} are allowed.")
    if any(entry.flag_bits & 1 for entry in found):
        raise BadArchive(f"{what} is encrypted. Give one without a password.")
    return entries


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """An entry's bytes: no more than it says it has, whatever is packed in it."""
    if entry.file_size > most:
        raise BadArchive(f"{entry.filename} has {entry.file_size:,} bytes; at most {most:,} are allowed.")
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise BadArchive(
            f"{entry.filename} in the zip is damaged. Save the zip again and give that."
        ) from None
    if len(data) > most:
        raise BadArchive(f"{entry.filename} has more than {most:,} bytes, which is the most allowed.")
    return data


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        read = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadArchive(f"{MANIFEST} is not JSON. Give the zip as it was saved.") from None
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise BadArchive(f"{MANIFEST} does not say that it is of a run of nnplay's ({FORMAT!r}).")
    if read.get("version") != VERSION:
        raise BadArchive(
            f"The zip is of version {str(read.get('version'))[:20]}; this nnplay reads version {VERSION}. "
            "Open it with the nnplay that made it."
        )
    return read


def _experiment(manifest: dict[str, Any], own: str) -> tuple[Experiment, int]:
    link = manifest.get("link")
    if not isinstance(link, str):
        raise BadArchive(f"{MANIFEST} has no link, which says what the experiment is.")
    try:
        return from_pairs_at(split_link(link), own)
    except ExperimentError as error:
        raise BadArchive(f"The experiment in {MANIFEST} is none: {error}") from None


def _checksum(manifest: dict[str, Any], name: str) -> object:
    files = manifest.get("files")
    entry = files.get(name) if isinstance(files, dict) else None
    return entry.get("sha256") if isinstance(entry, dict) else None


def _arrays(packed: bytes, name: str, most: int) -> tuple[np.ndarray, ...]:
    """The arrays of numbers in an npz, in order; never a pickle, never more than is there."""
    with _unzip(packed, name) as archive:
        entries = _entries(archive, name, MOST_ARRAYS, most)
        if set(entries) != {f"{place}.npy" for place in range(len(entries))}:
            raise BadArchive(f"{name} should hold the arrays 0.npy, 1.npy, ... and nothing else.")
        return tuple(
            _array(_read(archive, entries[f"{place}.npy"], most), name) for place in range(len(entries))
        )


def _array(data: bytes, name: str) -> np.ndarray:
    file = io.BytesIO(data)
    try:
        if np.lib.format.read_magic(file) != (1, 0):
            raise ValueError
        shape, _, dtype = np.lib.format.read_array_header_1_0(file)
        # Looked at before anything is allocated: a few bytes can claim to be any size.
        if dtype.kind not in "fiu" or math.prod(shape) * dtype.itemsize != len(data) - file.tell():
            raise ValueError
        return np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, SyntaxError, TypeError, EOFError, RecursionError, MemoryError):
        raise BadArchive(
            f"{name} should hold plain arrays of numbers, and one is not. Pickles are never opened."
        ) from None


def _state(manifest: dict[str, Any], experiment: Experiment, arrays: tuple[np.ndarray, ...]) -> State:
    given = manifest["state"]
    if not isinstance(given, dict):
        raise BadArchive(f"The state in {MANIFEST} is no record of where the run was.")
    most = {"epoch": experiment.epochs, "batch": 5000, "batch_size": 1024, "waited": experiment.epochs}
    whole: dict[str, int] = {}
    for name, limit in most.items():
        value = given.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= limit:
            raise BadArchive(f"{name} in the state must be a whole number from 0 to {limit:,}.")
        whole[name] = value
    rate = given.get("learning_rate")
    best = given.get("best")
    best = math.inf if best is None else best
    for name, number in (("learning_rate", rate), ("best", best)):
        if isinstance(number, bool) or not isinstance(number, int | float) or number != number:
            raise BadArchive(f"{name} in the state must be a number.")
    return State(arrays, learning_rate=float(rate or 0.0), best=float(best), **whole)
