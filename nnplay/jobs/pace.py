"""How much training fits into a chunk: learned from the chunks before, so that Pause stays quick."""

import math
from dataclasses import dataclass, replace

from nnplay.engine.state import ROW_CAPACITY, State

# A run whose epochs are longer than this is trained by batches, or Pause would wait for an epoch.
SLOW_EPOCH = 0.2
# A first measurement can be far off: no chunk is more than so many times the one before.
GROWTH = 8
# Below this the way to the worker and back costs more than the training.
SHORTEST_CHUNK = 0.02


@dataclass(frozen=True)
class Work:
    """What a chunk is asked for: so many epochs, or so many batches, and what to show after them."""

    epochs: int = 0
    batches: int = 0
    views: tuple[str, ...] = ()

    @property
    def trains(self) -> bool:
        """Whether the state moves."""
        return self.epochs > 0 or self.batches > 0


@dataclass(frozen=True)
class Pace:
    """Seconds an epoch and a batch take (None: not known yet).

    `epochs`, `batches`: how many the last chunk of its kind did. `spent`: seconds of the epoch
    under way, None when its beginning was not measured.
    """

    epoch_seconds: float | None = None
    batch_seconds: float | None = None
    epochs: int = 1
    batches: int = 1
    spent: float | None = None


def chunk_seconds(alone: float, runs: int) -> float:
    """Seconds for a chunk on a lane that `runs` runs share; `alone` for a run that has it for itself.

    A turn of all the runs then takes about four times `alone`, until the shortest chunk is reached.
    """
    return min(alone, max(SHORTEST_CHUNK, 4 * alone / max(1, runs)))


def next_work(pace: Pace, seconds: float, remaining: int, batches: int) -> Work:
    """Training for about `seconds`, at most `remaining` epochs of so many `batches`."""
    epoch_seconds, batch_seconds = pace.epoch_seconds, pace.batch_seconds
    if epoch_seconds is None:
        if batch_seconds is None:
            # An epoch of a large network may take minutes: a batch tells.
            return Work(batches=1)
        if batches * batch_seconds <= SLOW_EPOCH:
            return Work(epochs=1)
    elif epoch_seconds <= SLOW_EPOCH:
        return Work(epochs=_size(epoch_seconds, seconds, pace.epochs, min(remaining, ROW_CAPACITY)))
    return Work(batches=_size(batch_seconds, seconds, pace.batches, ROW_CAPACITY))


def learned(pace: Pace, before: State, after: State, seconds: float) -> Pace:
    """The pace after a chunk that took the run from `before` to `after` in `seconds` of training."""
    epochs = after.epoch - before.epoch
    if epochs == 0:
        batches = max(1, after.batch - before.batch)
        spent = seconds if before.batch == 0 else None if pace.spent is None else pace.spent + seconds
        return replace(
            pace, batch_seconds=_mean(pace.batch_seconds, seconds / batches), batches=batches, spent=spent
        )
    if before.batch == 0 and after.batch == 0:
        return replace(
            pace, epoch_seconds=_mean(pace.epoch_seconds, seconds / epochs), epochs=epochs, spent=None
        )
    if epochs == 1 and after.batch == 0 and pace.spent is not None:
        return replace(pace, epoch_seconds=pace.spent + seconds, epochs=1, spent=None)
    return replace(pace, spent=None)


def smoothed(speed: float, epochs: int, seconds: float) -> float:
    """Epochs per second, smoothed over about two seconds, after `epochs` more took `seconds`."""
    rate = epochs / max(seconds, 1e-6)
    share = 1 - math.exp(-seconds / 2)
    return rate if speed == 0 else speed + share * (rate - speed)


def _size(one: float | None, seconds: float, last: int, most: int) -> int:
    wanted = 1 if one is None else min(int(seconds / max(one, 1e-6)), GROWTH * last)
    return max(1, min(wanted, most))


def _mean(old: float | None, new: float) -> float:
    # A single slow chunk (another program, a page fault) must not turn the pace over.
    return new if old is None else (old + new) / 2
