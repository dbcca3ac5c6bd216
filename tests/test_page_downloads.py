"""Data that are not here yet, as a visitor meets them: a stand-in, how far it is, and what went wrong."""

import os
import threading
from pathlib import Path

import pytest
import visits
from small_images import write_small_images
from visits import press, words, workers  # noqa: F401

from nnplay.__main__ import main
from nnplay.data import downloads
from nnplay.ui import server, session


@pytest.fixture(autouse=True)
def nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neither the files nor a network."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(downloads, "BASE", "http://127.0.0.1:9/")
    return tmp_path


def test_digits_stand_in_until_the_data_are_here(nothing_here: Path, monkeypatch: pytest.MonkeyPatch):
    at = visits.opened("data=mnist&hidden=4&loss=categorical_crossentropy")
    visits.until(at, lambda: "could not be downloaded" in words(at) or at.get("warning"))
    at.run()
    warning = at.warning[0].value
    assert "MNIST is not here." in warning and "Check the network" in warning and "stand in" in warning
    assert at.session_state[session.DRAFT].data == "digits28"
    assert at.session_state[session.DRAFT].loss == "categorical_crossentropy"
    # While it is on its way, the page goes on, and shows how far it is.
    go_on = threading.Event()

    def slow(name: str, progress) -> None:
        progress(5_000_000, 11_000_000)
        go_on.wait(60)
        write_small_images(Path(os.environ["KERAS_HOME"], "datasets"))

    monkeypatch.setattr("nnplay.ui.fetching.fetch", slow)
    press(at, "fetch_mnist")
    visits.until(at, lambda: at.get("progress"))
    assert "is being downloaded, once: 5 of 11 MB" in at.get("progress")[0].proto.text
    go_on.set()
    visits.until(at, lambda: at.session_state[session.DRAFT].data == "mnist")
    assert "MNIST is here now" in words(at) and not at.warning
    run = server.runs().get(at.session_state[session.RUN])
    assert run.experiment.data == "mnist"


def test_a_file_that_cannot_be_read_is_refused(nothing_here: Path):
    place = nothing_here / "datasets" / "mnist.npz"
    place.parent.mkdir()
    place.write_bytes(b"no pictures")
    at = visits.opened("data=mnist&hidden=4&seed=9")
    assert "cannot be read" in words(at) and at.session_state[session.DRAFT].data == "digits28"


def test_the_command_line_says_so_too(capsys: pytest.CaptureFixture[str]):
    assert main(["train", "data=mnist&hidden=4", "--epochs", "1"]) == 2
    told = capsys.readouterr().err
    assert "11 MB are downloaded once" in told and "could not be downloaded" in told
