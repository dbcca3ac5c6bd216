"""What was measured of the layers of a run: a series over the whole of it, ever sparser."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# The view that is kept; see `nnplay.engine.inspection.distributions`.
VIEW = "distributions"


@dataclass(frozen=True)
class Measurement:
    """One look at the layers, so many epochs and batches into the run: arrays by name, (layers, ...)."""

    epoch: int
    batch: int
    values: Mapping[str, Any]

    @property
    def nbytes(self) -> int:
        """Size of the arrays in bytes."""
        return sum(value.nbytes for value in self.values.values() if isinstance(value, np.ndarray))


class Record:
    """At most `limit` measurements and `max_bytes` bytes, at about equal distances over the whole run.

    The earliest is always kept. Whenever there is one too many the spacing doubles and those that are now
    too close to their predecessor go. They may come in any order: the past is measured when somebody asks.
    `latest` is the one that came last in the run, kept beside them; `latest_at` when it came.
    """

    def __init__(self, limit: int = 128, max_bytes: int = 1_000_000) -> None:
        self.limit = limit
        self.max_bytes = max_bytes
        self.spacing = 1
        self.latest: Measurement | None = None
        self.latest_at = float("-inf")
        self._kept: list[Measurement] = []

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def kept(self) -> list[Measurement]:
        """In the order of their epochs. Not to be changed."""
        return self._kept

    def take(self, epoch: int, batch: int, values: Mapping[str, Any], now: float) -> None:
        """The run has got so far, and this was measured there."""
        self.latest, self.latest_at = Measurement(epoch, batch, values), now
        self.add(self.latest)

    def add(self, measurement: Measurement) -> None:
        """Keep it if it is of an epoch's end, and far enough from its neighbours or in place of its like."""
        if measurement.batch or not self._wants(measurement.epoch, replace=True):
            return
        others = [kept for kept in self._kept if kept.epoch != measurement.epoch]
        place = bisect_left([kept.epoch for kept in others], measurement.epoch)
        kept = [*others[:place], measurement, *others[place:]]
        while len(kept) > 1 and not self._fits(kept):
            self.spacing *= 2
            kept = _thinned(kept, self.spacing)
        # One assignment: who reads in another thread sees the old list or the new one.
        self._kept = kept

    def wanted(self, epochs: Sequence[int]) -> list[int]:
        """Those of these epochs that would be kept, were they measured."""
        return [epoch for epoch in epochs if self._wants(epoch)]

    def at_or_before(self, epoch: int) -> Measurement | None:
        """The last one kept that is no later than `epoch`; None when there is none."""
        return next((kept for kept in reversed(self._kept) if kept.epoch <= epoch), None)

    def until(self, epoch: int) -> "Record":
        """The record of a run that goes on from the end of this epoch: without what came after it."""
        other = Record(self.limit, self.max_bytes)
        other.spacing = self.spacing
        other._kept = [kept for kept in self._kept if kept.epoch <= epoch]
        return other

    def _wants(self, epoch: int, replace: bool = False) -> bool:
        epochs = [kept.epoch for kept in self._kept]
        place = bisect_left(epochs, epoch)
        if place < len(epochs) and epochs[place] == epoch:
            return replace
        # One before all others is the new beginning.
        near = [*epochs[place - 1 : place], *epochs[place : place + 1]] if place else []
        return all(abs(other - epoch) >= self.spacing for other in near)

    def _fits(self, kept: list[Measurement]) -> bool:
        return len(kept) <= self.limit and sum(one.nbytes for one in kept) <= self.max_bytes


def _thinned(kept: list[Measurement], spacing: int) -> list[Measurement]:
    thinned = kept[:1]
    for one in kept[1:]:
        if one.epoch >= thinned[-1].epoch + spacing:
            thinned.append(one)
    return thinned
