"""What all tests share: Python's garbage collector kept off the compiler's objects."""

import gc
from collections.abc import Iterator

import pytest

# Tracing a program makes hundreds of thousands of objects, all of them kept; looking through them again and
# again takes longer than the tracing (a quarter of the time of the engine's tests).
gc.set_threshold(50_000, 20, 100)


@pytest.fixture(scope="module", autouse=True)
def set_aside() -> Iterator[None]:
    """After each module: what has survived will stay, so it is not looked through again."""
    yield
    gc.collect()
    gc.freeze()
