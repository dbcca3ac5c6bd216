"""What tests of exports share."""

import pytest

from nnplay.engine import program


@pytest.fixture
def without_xla(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs as TensorFlow alone runs them: compiled in a quarter of the time that XLA takes."""
    monkeypatch.setattr(program, "_programs", {})
    monkeypatch.setattr(program, "uses_xla", lambda experiment: False)
