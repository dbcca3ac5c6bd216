"""How many workers, runs and seconds: the limits of the background work, read from environment variables."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

import loky


class SettingError(ValueError):
    """An environment variable that holds no usable value."""


@dataclass(frozen=True)
class Settings:
    """The limits of the background work.

    `workers`: processes that train, one lane each. `memory_mb`: resident size (MB, shared libraries
    included) above which a worker is replaced; one that has loaded TensorFlow has about 510, some 330 of
    them pages that all workers share, each compiled program adds about 25. `max_runs`: runs that train at
    once, further ones wait.
    `lease_seconds`: how long a run goes on that no page asks about; browsers slow the timers of a
    hidden tab down to one a minute, so less than that would suspend a run whose tab is merely behind.
    `idle_seconds`: a worker without work for so long is given back. `free_seconds`: how long after its
    lease a run is forgotten; a page ticks only while something moves, and people read. `chunk_ms`: length
    of a chunk when a run has its lane for itself.
    """

    workers: int
    memory_mb: int = 900
    max_runs: int = 40
    lease_seconds: float = 90.0
    idle_seconds: float = 600.0
    free_seconds: float = 3600.0
    chunk_ms: float = 100.0


@dataclass(frozen=True)
class Variable:
    """An environment variable: its name, whether it is a whole number, and the range it may have."""

    name: str
    whole: bool
    low: float
    high: float


VARIABLES: dict[str, Variable] = {
    "workers": Variable("NNPLAY_WORKERS", True, 1, 64),
    "memory_mb": Variable("NNPLAY_MEMORY_MB", True, 200, 1_000_000),
    "max_runs": Variable("NNPLAY_MAX_RUNS", True, 1, 10_000),
    "lease_seconds": Variable("NNPLAY_LEASE_SECONDS", False, 1, 86_400),
    "idle_seconds": Variable("NNPLAY_IDLE_SECONDS", False, 1, 86_400),
    "free_seconds": Variable("NNPLAY_FREE_SECONDS", False, 1, 604_800),
    "chunk_ms": Variable("NNPLAY_CHUNK_MS", False, 5, 5_000),
}


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the environment; a variable that is absent or empty has its default.

    Raises `SettingError` naming the variable, what it may hold and what it held.
    """
    given: dict[str, float] = {"workers": min(2, loky.cpu_count())}
    for field, variable in VARIABLES.items():
        text = environment.get(variable.name, "").strip()
        if text:
            given[field] = _number(variable, text)
    return Settings(**given)  # type: ignore[arg-type]


def _number(variable: Variable, text: str) -> float:
    kind = "a whole number" if variable.whole else "a number"
    try:
        value = int(text) if variable.whole else float(text)
        # Written this way round so that "nan" is refused too.
        if not variable.low <= value <= variable.high:
            raise ValueError
    except ValueError:
        raise SettingError(
            f"{variable.name} must be {kind} from {variable.low:g} to {variable.high:g}, "
            f"not {text[:40]!r}. Set it to such a number, or unset it for the default."
        ) from None
    return value
