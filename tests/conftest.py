"""What all tests share: compiled programs, and Python's garbage collector kept off the compiler's objects."""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_images import write_small_images

# Of all processes of a test run, the servers and workers that tests start included.
if "NNPLAY_PROGRAMS" not in os.environ:
    os.environ["NNPLAY_PROGRAMS"] = tempfile.mkdtemp(prefix="nnplay-tests-")
    atexit.register(shutil.rmtree, os.environ["NNPLAY_PROGRAMS"], ignore_errors=True)

# Small files in the format of MNIST's and Fashion-MNIST's: no test downloads anything.
if "NNPLAY_TEST_IMAGES" not in os.environ:
    os.environ["NNPLAY_TEST_IMAGES"] = os.environ["KERAS_HOME"] = tempfile.mkdtemp(prefix="nnplay-images-")
    atexit.register(shutil.rmtree, os.environ["KERAS_HOME"], ignore_errors=True)
    write_small_images(Path(os.environ["KERAS_HOME"], "datasets"))

# Tracing a program makes hundreds of thousands of objects, all of them kept; looking through them again and
# again takes longer than the tracing (a quarter of the time of the engine's tests).
gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="module", autouse=True)
def set_aside() -> Iterator[None]:
    """After each module: what has survived will stay, so it is not looked through again."""
    yield
    gc.collect()
    gc.freeze()
