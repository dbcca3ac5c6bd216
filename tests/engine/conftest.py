"""What tests of the engine share; being here, it also lets subfolders import `plain_keras` and the like."""

import pytest

from nnplay.engine import program


@pytest.fixture
def without_xla(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs as TensorFlow alone runs them: compiled in a quarter of the time that XLA takes.

    For tests where the compiler is beside the point; `test_parity` holds the two against each other.
    """
    monkeypatch.setattr(program, "_programs", {})
    monkeypatch.setattr(program, "uses_xla", lambda experiment: False)
