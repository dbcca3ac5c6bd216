"""The zip of a run: what it holds, that it opens again, and that bad ones are one sentence."""

import gc
import hashlib
import io
import json
import pickle
import struct
import tempfile
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.data import hold, is_own
from nnplay.data.own import columns_of, guess, make, read_text
from nnplay.engine.backend import keras
from nnplay.engine.chunk import train_chunk
from nnplay.engine.saved import saved_files
from nnplay.engine.state import State
from nnplay.engine.weights import WeightEdit, set_weight
from nnplay.experiment import DEFAULT, Experiment
from nnplay.export import BadArchive, everything, read_archive
from nnplay.export.archive import MANIFEST, STATE, _pack, write_archive
from nnplay.figures.curves import loss_curves
from nnplay.jobs import Change, Run
from nnplay.jobs.work import save

EXPERIMENT = DEFAULT.change(data="circle", hidden="4-3", samples=40, epochs=30, normalization="layer")


class Here:
    """`Runs` with the worker's part done here and now."""

    def save(self, *given: Any) -> Future:
        future: Future = Future()
        future.set_result(save(*given))
        return future


@pytest.fixture(scope="module")
def run() -> Run:
    """Twelve epochs, a weight set by hand after eight."""
    from nnplay.engine import program

    patch = pytest.MonkeyPatch()
    patch.setattr(program, "_programs", {})
    patch.setattr(program, "uses_xla", lambda experiment: False)
    run = Run(EXPERIMENT)
    result = train_chunk(EXPERIMENT, None)
    run.snapshots.add(result.state)
    for _ in range(3):
        result = train_chunk(EXPERIMENT, result.state, epochs=4)
        run.history.append(result.rows)
        run.snapshots.add(result.state)
    run.state = result.state
    patch.undo()
    return run


@pytest.fixture(scope="module")
def packed(run: Run) -> bytes:
    curve = loss_curves(*run.history.curve(("epoch", "loss"), 9)[1].T, *run.history.curve(("loss",), 9)[1].T,
                        label="x", nothing=None, log=False, changes=[], dark=False, revision="")  # fmt: skip
    return everything(Here(), run, run, {"Loss </script>": curve})  # type: ignore[arg-type]


def changed(run: Run) -> bytes:
    """The archive of the same run with a weight set by hand at its end."""
    assert run.state
    edit = WeightEdit(0, 0, 0, 2.5)
    other = Run(EXPERIMENT)
    other.state = set_weight(EXPERIMENT, run.state, edit)
    other.changes.append(Change(12, 0, EXPERIMENT, edit))
    return everything(Here(), other, other, {})  # type: ignore[arg-type]


def test_it_holds_all_with_checksums(packed: bytes, run: Run) -> None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    assert set(files) == set(manifest["files"]) == {
        "script.py", "notebook.ipynb", "data.csv", "history.csv", "model.keras", "weights.npz",
        "figures.html", "animation.html",
    }  # fmt: skip
    for name, data in files.items():
        assert manifest["files"][name] == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    assert manifest["link"].endswith("&at=12") and (manifest["epoch"], manifest["seed"]) == (12, 1)
    assert manifest["packages"]["keras"] == keras.__version__ and not manifest["changes"]
    # Pages of their own: nothing is fetched, and no name of ours ends a script.
    for name in ("figures.html", "animation.html"):
        page = files[name].decode()
        assert "<script src" not in page and "Loss </script>" not in page
    film = json.loads(files["animation.html"].decode().split("const film = ")[1].split(";\n")[0])
    assert film["epochs"] == [0, 4, 8, 12] and film["losses"][-1] == run.history.row(12)["val_loss"]


def test_the_model_and_the_weights_are_those_of_the_run(packed: bytes, run: Run, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extract("model.keras", tmp_path)
        weights = dict(np.load(io.BytesIO(archive.read("weights.npz")), allow_pickle=False))
    model = keras.models.load_model(tmp_path / "model.keras")
    assert run.state
    for weight, array in zip(model.weights, run.state.arrays, strict=False):
        np.testing.assert_array_equal(weight.numpy(), array)
        np.testing.assert_array_equal(weights[weight.path], array)
    split = EXPERIMENT.load_data()
    predicted = model.predict(split.x_test, verbose=0)
    assert np.mean((predicted[:, 0] - (2 * split.y_test - 1)) ** 2) == pytest.approx(
        run.history.row(12)["val_loss"], rel=1e-5
    )


def test_a_model_that_would_need_code_is_left_out() -> None:
    for activation in ("step", "elu~0.5", "glu"):
        experiment = EXPERIMENT.change(activation=activation)
        assert set(saved_files(experiment, train_chunk(experiment, None).state)) == {"weights.npz"}


def test_it_opens_again(packed: bytes, run: Run) -> None:
    opened = read_archive(packed)
    assert (opened.experiment, opened.epoch, opened.state) == (EXPERIMENT, 12, None)
    assert run.state
    opened = read_archive(changed(run))
    assert opened.state and opened.state.epoch == 12
    for place, (ours, theirs) in enumerate(zip(opened.state.arrays, run.state.arrays, strict=True)):
        assert ours.dtype == theirs.dtype and (place == 0 or np.array_equal(ours, theirs))
    assert opened.state.arrays[0][0, 0] == 2.5
    assert train_chunk(opened.experiment, opened.state, epochs=1).state.epoch == 13


# ---- bad ones


def zipped(files: dict[str, bytes | str], **more: Any) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def manifest(**fields: Any) -> str:
    return json.dumps({"format": "nnplay run", "version": 1, "link": "v=1&epochs=30&at=12", **fields})


def with_state(packed: bytes, **position: Any) -> bytes:
    state = {"epoch": 1, "batch": 0, "batch_size": 10, "waited": 0, "learning_rate": 0.1, "best": None}
    files = {STATE: {"sha256": hashlib.sha256(packed).hexdigest()}}
    return zipped({MANIFEST: manifest(state=state | position, files=files), STATE: packed})


def npy(header: str, data: bytes = b"") -> bytes:
    text = header.encode() + b" " * 10 + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


class Bomb:
    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path(tempfile.gettempdir()) / "nnplay-was-here",))


def pickled() -> bytes:
    data = io.BytesIO()
    np.lib.format.write_array(data, np.array([Bomb()], dtype=object), version=(1, 0), allow_pickle=True)
    return data.getvalue()


HEADER = "{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}".format
BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda good: b"", "not a zip"),
    "no zip": (lambda good: b"PK but no more", "not a zip"),
    "a picture": (lambda good: b"\x89PNG\r\n\x1a\n" + bytes(500), "not a zip"),
    "truncated": (lambda good: good[: len(good) // 2], "only a part"),
    "too large": (lambda good: bytes(40_000_001), "at most 40,000,000"),
    "no manifest": (lambda good: zipped({"a.txt": "x"}), "no manifest.json"),
    "huge manifest": (lambda good: zipped({MANIFEST: " " * 70_000 + manifest()}), "at most 64,000"),
    "bomb": (
        lambda good: zipped({MANIFEST: manifest(), "a.bin": bytes(201_000_000)}), "unpack to 201,"
    ),
    "many files": (lambda good: zipped({MANIFEST: manifest()} | {f"{n}a.txt": "" for n in range(40)}), "41"),
    "traversal": (lambda good: zipped({MANIFEST: manifest(), "../../x.py": "x"}), "../../x.py"),
    "absolute": (lambda good: zipped({MANIFEST: manifest(), "/etc/passwd": "x"}), "/etc/passwd"),
    "backslash": (lambda good: zipped({MANIFEST: manifest(), "a\\b.py": "x"}), "no archive of nnplay's"),
    "no JSON": (lambda good: zipped({MANIFEST: "{"}), "not JSON"),
    "no text": (lambda good: zipped({MANIFEST: b"\xff\xfe\x00"}), "not JSON"),
    "deep JSON": (lambda good: zipped({MANIFEST: "[" * 60_000}), "not JSON"),
    "a list": (lambda good: zipped({MANIFEST: "[]"}), "nnplay run"),
    "other format": (lambda good: zipped({MANIFEST: manifest(format="x")}), "nnplay run"),
    "other version": (lambda good: zipped({MANIFEST: manifest(version=9)}), "version 9"),
    "no link": (lambda good: zipped({MANIFEST: manifest(link=7)}), "no link"),
    "bad link": (lambda good: zipped({MANIFEST: manifest(link="data=mons")}), "Did you mean 'moons'"),
    "bad epoch": (lambda good: zipped({MANIFEST: manifest(link="at=5000")}), "from 0 to 1,000"),
    "no state": (lambda good: zipped({MANIFEST: manifest(state={})}), "lacks state.npz"),
    "other state": (
        lambda good: zipped({MANIFEST: manifest(state={}, files={STATE: {"sha256": "0"}}), STATE: "x"}),
        "not the file",
    ),
    "state is no zip": (lambda good: with_state(b"x"), "state.npz is not a zip"),
    "state of other names": (lambda good: with_state(zipped({"a.npy": b""})), "0.npy, 1.npy"),
    "a pickle": (lambda good: with_state(zipped({"0.npy": pickled()})), "never opened"),
    "bare pickle": (lambda good: with_state(zipped({"0.npy": pickle.dumps(Bomb())})), "never opened"),
    "claims to be huge": (
        lambda good: with_state(zipped({"0.npy": npy(HEADER("<f8", "(1000000000, 1000000000)"))})),
        "plain arrays",
    ),
    "code in the header": (
        lambda good: with_state(zipped({"0.npy": npy("__import__('os').getcwd()")})), "plain arrays"
    ),
    "objects": (lambda good: with_state(zipped({"0.npy": npy(HEADER("|O", "(1,)"), bytes(8))})), "plain"),
    "text": (lambda good: with_state(zipped({"0.npy": npy(HEADER("<U1", "(1,)"), bytes(4))})), "plain"),
    "bomb in the state": (
        lambda good: with_state(zipped({"0.npy": bytes(81_000_000)})), "would unpack to 81,"
    ),
    "state at a bad place": (lambda good: with_state(zipped({}), epoch=31), "from 0 to 30"),
    "state at a worse place": (lambda good: with_state(zipped({}), batch=True), "batch in the state"),
    "no number": (lambda good: with_state(zipped({}), learning_rate="fast"), "must be a number"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_archive_is_one_sentence(name: str, packed: bytes) -> None:
    make, fragment = BAD[name]
    with pytest.raises(BadArchive) as caught:
        read_archive(make(packed))
    assert fragment in str(caught.value) and len(str(caught.value)) < 400
    assert not (Path(tempfile.gettempdir()) / "nnplay-was-here").exists()


def test_an_entry_that_holds_more_than_it_says_is_refused() -> None:
    data = bytearray(zipped({MANIFEST: manifest() + " " * 30_000}))
    size = struct.pack("<I", len(manifest()) + 30_000)
    small = struct.pack("<I", 10)
    lying = bytes(data).replace(size, small)
    assert lying != bytes(data)
    with pytest.raises(BadArchive):
        read_archive(lying)


SMALL = write_archive(
    DEFAULT,
    State((np.ones((2, 3), np.float32), np.zeros(3, np.float32)), epoch=3, batch_size=10),
    {"a.txt": b"x"},
    changes=["changed"],
    packages={},
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_damage_never_gets_further_than_a_sentence(data: st.DataObject) -> None:
    good = bytearray(SMALL)
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_archive(bytes(good))
    except BadArchive as error:
        assert str(error)


# ---- somebody's own data


def own(task: str = "classes") -> Experiment:
    targets = [f"{k % 11 / 3}" if task == "regression" else "ab"[k % 2] for k in range(60)]
    rows = "".join(f"{k % 7},{k % 5},{'xyz'[k % 3]},{target}\n" for k, target in enumerate(targets))
    columns = columns_of(read_text("one,two,three,target\n" + rows))
    dataset = hold(make(columns, guess(columns), "Your data: mine.csv").dataset)
    return DEFAULT.change(data=dataset.name, hidden="4", epochs=20)


@pytest.mark.parametrize("task", ["classes", "regression"])
def test_own_data_come_back_with_the_zip(task: str) -> None:
    experiment = own(task)
    state = State((np.ones((2, 3), np.float32),), epoch=3, batch_size=10)
    packed = write_archive(experiment, state, {"a.txt": b"x"}, changes=[], packages={})
    link, there = experiment.to_link(), experiment.load_data()
    del experiment
    gc.collect()
    opened = read_archive(packed)
    assert opened.epoch == 3 and opened.experiment.to_link() == link
    back, dataset = opened.experiment.load_data(), opened.experiment.dataset
    for name in ("x_train", "x_test", "y_train", "y_test"):
        ours, theirs = getattr(there, name), getattr(back, name)
        assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs)
    assert (back.input_names, back.target_names) == (there.input_names, there.target_names)
    assert dataset.label == "Your data: mine.csv" and is_own(dataset.name)


WORDS: dict[str, Any] = {
    "label": "x", "about": "y", "task": "classes", "inputs": ["a", "b"], "targets": ["no", "yes"],
    "shown": False,
}  # fmt: skip
X, Y = np.arange(40.0).reshape(20, 2), np.arange(20) % 2
BAD_OWN: dict[str, tuple[Any, Any, str]] = {
    "no description": ([], (X, Y), "lack their description"),
    "one array": ({}, (X,), "two arrays"),
    "other task": ({"task": "guess"}, (X, Y), "of classes or of numbers"),
    "names are no list": ({"inputs": "ab"}, (X, Y), "name 1 to 200 inputs"),
    "a name is no text": ({"inputs": ["a", 5]}, (X, Y), "to be a text"),
    "too many inputs": ({"inputs": ["a"] * 201}, (X, Y), "name 1 to 200 inputs"),
    "columns": ({"inputs": ["a"]}, (X, Y), "a column for each"),
    "too few rows": ({}, (X[:5], Y[:5]), "10 to 20,000 rows"),
    "too many rows": ({}, (np.zeros((20_001, 2)), np.zeros(20_001, int)), "10 to 20,000 rows"),
    "another length": ({}, (X, Y[:9]), "each with a target"),
    "infinite": ({}, (np.where(X > 3, np.inf, X), Y), "finite numbers"),
    "no such class": ({}, (X, Y + 5), "from 0 to 1"),
    "classes are not whole": ({}, (X, Y * 1.0), "whole numbers"),
    "a class without rows": ({"targets": ["a", "b", "c"]}, (X, Y), "needs at least 4 rows"),
    "too many classes": ({"targets": ["a"] * 30}, (X, Y), "2 to 20 classes"),
    "off the plane": ({"inputs": ["x1", "x2"], "shown": True}, (X, Y), "from -6 to 6"),
    "no plane": ({"shown": True}, (X, Y), "from -6 to 6"),
    "no targets": ({"task": "regression", "targets": ["y"]}, (X, np.full(20, np.nan)), "finite numbers"),
}


@pytest.mark.parametrize("name", BAD_OWN)
def test_bad_own_data_are_one_sentence(name: str) -> None:
    words, arrays, fragment = BAD_OWN[name]
    words = WORDS | words if isinstance(words, dict) else words
    files = {"own.json": json.dumps(words).encode(), "own.npz": _pack(arrays)}
    with pytest.raises(BadArchive) as caught:
        read_archive(zipped({MANIFEST: manifest(link="data=own", files=sums(files)), **files}))
    assert fragment in str(caught.value) and len(str(caught.value)) < 400


def sums(files: dict[str, bytes]) -> dict[str, Any]:
    return {name: {"sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()}


def test_own_data_that_are_missing_or_not_those_saved_are_said_to_be() -> None:
    with pytest.raises(BadArchive, match="somebody's own data"):
        read_archive(zipped({MANIFEST: manifest(link="data=own")}))
    files = {"own.json": json.dumps(WORDS).encode(), "own.npz": _pack((X, Y))}
    with pytest.raises(BadArchive, match=r"own.json is not the file"):
        read_archive(zipped({MANIFEST: manifest(link="data=own", files={}), **files}))
    files["own.npz"] = zipped({"0.npy": pickled(), "1.npy": npy(HEADER("<f8", "(1000000000,)"))})
    with pytest.raises(BadArchive, match="Pickles are never opened"):
        read_archive(zipped({MANIFEST: manifest(link="data=own", files=sums(files)), **files}))
