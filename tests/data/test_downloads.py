"""Downloaded data: the pictures that Keras reads, checked files, a sentence for whatever goes wrong."""

import hashlib
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from small_images import TEST, TRAIN

from nnplay.data import NotHere, downloads, fetch, is_here, load
from nnplay.data.downloads import FILES, Remote, images
from nnplay.data.images import IMAGES, MOST
from nnplay.engine.backend import keras

every_name = pytest.mark.parametrize("name", IMAGES)


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is served in place of the real site, with small files and their checksums."""
    served = tmp_path / "site"
    served.mkdir()
    files = {}
    for name, remotes in FILES.items():
        found = []
        for remote in remotes:
            content = (downloads.folder() / remote.place).read_bytes()
            (served / Path(remote.place).name).write_bytes(content)
            found.append(Remote(remote.place, "sha256:" + hashlib.sha256(content).hexdigest(), len(content)))
        files[name] = tuple(found)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(served)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(downloads, "FILES", files)
    monkeypatch.setattr(downloads, "BASE", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    yield served
    server.shutdown()
    server.server_close()


def left_over() -> list[str]:
    return [path.name for path in downloads.folder().rglob("part-*")]


@every_name
def test_they_are_the_pictures_that_keras_reads(name: str, monkeypatch: pytest.MonkeyPatch):
    module = getattr(keras.src.datasets, name)
    # The small files have not the real ones' checksum.
    monkeypatch.setattr(
        module,
        "get_file",
        lambda fname, cache_subdir="datasets", **more: str(downloads.folder().parent / cache_subdir / fname),
    )
    (x, y), (x_test, y_test) = module.load_data()
    pictures, labels = images(name)
    np.testing.assert_array_equal(pictures, np.concatenate([x, x_test]))
    np.testing.assert_array_equal(labels, np.concatenate([y, y_test]))
    assert len(x) == TRAIN and len(x_test) == TEST
    split = load(name)
    assert len(split.x_train) + len(split.x_test) == TRAIN + TEST
    assert split.x_train.max() == 1 and split.x_train.min() == 0
    chosen = {row.tobytes() for row in (pictures.reshape(-1, 784) / np.float32(255))}
    assert all(row.tobytes() in chosen for row in split.x_test)


def test_the_addresses_and_sums_are_those_that_keras_has():
    import inspect

    source = inspect.getsource(keras.src.datasets.mnist)
    assert FILES["mnist"][0].checksum.partition(":")[2] in source
    assert downloads.BASE in source
    fashion = inspect.getsource(keras.src.datasets.fashion_mnist)
    assert all(Path(remote.place).name in fashion for remote in FILES["fashion_mnist"])


def test_not_more_are_taken_than_fit(monkeypatch: pytest.MonkeyPatch):
    many = np.zeros((12_000, 28, 28), np.uint8), np.arange(12_000) % 10
    monkeypatch.setattr("nnplay.data.images.images", lambda name: many)
    split = load("mnist")
    assert len(split.x_train) + len(split.x_test) == MOST
    # One copy in memory, not two: what the network gets are the positions.
    assert np.shares_memory(split.x_train, split.positions_train)


@every_name
def test_a_download_is_told_checked_and_kept(name: str, site: Path):
    assert not is_here(name)
    with pytest.raises(NotHere, match=r"not on this computer yet: .* MB .* 'digits28'"):
        load(name)
    told: list[tuple[int, int]] = []
    fetch(name, lambda done, total: told.append((done, total)))
    assert is_here(name) and not left_over()
    assert told[-1][0] == told[-1][1] and told == sorted(told)
    assert len(load(name).x_train)
    shutil.rmtree(site)
    fetch(name)  # nothing is asked for again


def test_a_file_that_is_another_is_thrown_away(site: Path):
    (site / "mnist.npz").write_bytes(b"something else")
    with pytest.raises(NotHere, match="not the file it should be"):
        fetch("mnist")
    assert not is_here("mnist") and not left_over()


def test_no_network_is_said_with_what_to_do(site: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(downloads, "BASE", "http://127.0.0.1:9/")
    with pytest.raises(NotHere, match=r"could not be downloaded from 127\.0\.0\.1:9 .*Check the network"):
        fetch("mnist")
    assert not left_over()
    (site / "mnist.npz").unlink()
    monkeypatch.undo()


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04 and no more", None, "objects", "sizes"], ids=str)
def test_a_broken_file_is_said(broken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    place = tmp_path / "datasets" / "mnist.npz"
    place.parent.mkdir()
    y = np.arange(20) % 10
    if isinstance(broken, bytes):
        place.write_bytes(broken)
    else:
        x = np.zeros((20, 9 if broken == "sizes" else 28, 28), np.uint8)
        x = x.astype(object) if broken == "objects" else x
        np.savez(place, **({"x_train": x} if broken is None else dict.fromkeys(("x_train", "x_test"), x)))
        if broken is not None:
            np.savez(place, x_train=x, x_test=x, y_train=y, y_test=y)
    with pytest.raises(NotHere):
        load("mnist")
