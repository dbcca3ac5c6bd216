"""The history of a run: one row of measurements an epoch, as a table that grows."""

import numpy as np

from nnplay.engine.state import Rows

# A run of 100,000 epochs of a network of two hidden layers fits; of one of ten it is thinned.
MOST_BYTES = 6_000_000
PER_LAYER = ("grad_", "update_")


class History:
    """A float32 table (epochs, columns) whose first column is the number of the epoch.

    One thread appends; any thread may read meanwhile and sees whole rows only.
    """

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ()
        self._table = np.empty((0, 0), np.float32)
        self._count = 0
        self._last = 0
        self.every = 1

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> np.ndarray:
        """All rows, (epochs, columns); a view that must not be written to."""
        # The count first: the table read after it holds at least so many rows.
        count = self._count
        rows = self._table[:count]
        rows.flags.writeable = False
        return rows

    @property
    def last_epoch(self) -> int:
        """Number of the last epoch recorded; 0 when there is none."""
        return self._last

    def append(self, rows: Rows) -> None:
        """Add rows, which must go on exactly where the table ends: epochs n+1, n+2, ...

        A table of more than MOST_BYTES is thinned to half of it: of every `every` epochs those rows stay,
        whole, in which the loss, a metric or the learning rate has its minimum or maximum; so do the first
        and the last.

        Raises `ValueError` on other columns, a gap or a repetition.
        """
        values = np.asarray(rows.values, np.float32)
        if len(values) == 0:
            return
        if self._count and tuple(rows.names) != self.names:
            raise ValueError(f"The history has the columns {self.names}, not {tuple(rows.names)}.")
        first = self.last_epoch + 1 if self._count else int(values[0, 0])
        if not np.array_equal(values[:, 0], np.arange(first, first + len(values))):
            raise ValueError(
                f"The history goes on with epoch {first}, one row an epoch; given: "
                f"{len(values)} rows from {values[0, 0]:g} to {values[-1, 0]:g}."
            )
        end = self._count + len(values)
        if end > len(self._table):
            # Half as much again each time: the copying stays linear in the number of rows.
            larger = np.empty((max(256, end, end * 3 // 2), values.shape[1]), np.float32)
            larger[: self._count] = self._table[: self._count].reshape(self._count, values.shape[1])
            self._table = larger
        self._table[self._count : end] = values
        self.names = tuple(rows.names)
        self._count, self._last = end, first + len(values) - 1
        if self._table[:end].nbytes > MOST_BYTES:
            self._thin()

    def _thin(self) -> None:
        """Make the table half as large, as `append` says."""
        rows = self.values
        measures = [k for k, name in enumerate(self.names) if k and not name.startswith(PER_LAYER)]
        buckets = max(1, len(rows) // 2 // (2 * max(1, len(measures))))
        self.every = -(-self._last // buckets)
        kept = rows[extremes_by(rows[:, 0] // self.every, rows[:, measures])].copy()
        # The count first: who reads in another thread sees fewer rows, never what is no row.
        self._count = len(kept)
        self._table = kept

    def until(self, epoch: int) -> "History":
        """The same history up to this epoch, as a table of its own."""
        rows = self.values
        kept = History()
        if len(rows):
            kept.names, kept.every = self.names, self.every
            kept._table = rows[: np.searchsorted(rows[:, 0], epoch, side="right")].copy()
            kept._count, kept._last = len(kept._table), min(epoch, self._last)
        return kept

    def sampled(self, points: int) -> Rows:
        """At most about so many of the rows, whole: those with the extremes of loss and metrics."""
        rows = self.values
        measures = [k for k, name in enumerate(self.names) if k and not name.startswith((*PER_LAYER, "lr"))]
        if len(rows) > points:
            rows = rows[extremes(rows[:, measures], max(1, points // (2 * max(1, len(measures)))))]
        return Rows(self.names, rows.copy())

    def row(self, epoch: int) -> dict[str, float]:
        """What was measured in this epoch, by the columns' names; empty where it has no row."""
        rows = self.values
        place = int(np.searchsorted(rows[:, 0], epoch)) if len(rows) else 0
        if place == len(rows) or rows[place, 0] != epoch:
            return {}
        return dict(zip(self.names, rows[place].tolist(), strict=True))

    def column(self, name: str) -> np.ndarray:
        """All values of one column, (epochs,). Raises `KeyError` naming the known columns."""
        return self.values[:, self._index(name)]

    def curve(self, names: tuple[str, ...] | list[str], points: int = 600) -> tuple[np.ndarray, np.ndarray]:
        """Epochs (rows,) and values (rows, names) for drawing, at most about `points` rows.

        Method: the rows are cut into buckets of equal width, and of each bucket those rows are kept, whole,
        in which one of the columns has its minimum or maximum (NaN and infinities count as neither); the
        first and the last row always. So every spike is seen and every point drawn was measured. At most
        max(points, 2 + 2 names) rows.
        """
        rows = self.values
        if not len(rows):
            return np.empty(0, np.float32), np.empty((0, len(names)), np.float32)
        columns = rows[:, [self._index(name) for name in names]]
        if len(rows) > points:
            keep = extremes(columns, max(1, (points - 2) // max(1, 2 * len(names))))
            return rows[keep, 0], columns[keep]
        return rows[:, 0].copy(), columns

    def _index(self, name: str) -> int:
        if name not in self.names:
            raise KeyError(f"No column {name!r} in the history. Known: {', '.join(self.names)}.")
        return self.names.index(name)


def extremes(columns: np.ndarray, buckets: int) -> np.ndarray:
    """Ascending indices of the first and last row and, in each bucket, of each column's minimum and maximum.

    `columns`: (rows, columns), at least one row.
    """
    rows, width = len(columns), -(-len(columns) // buckets)
    padded = np.full((-(-rows // width) * width, columns.shape[1]), np.nan, np.float32)
    padded[:rows] = columns
    cut = padded.reshape(-1, width, columns.shape[1])
    missing = ~np.isfinite(cut)
    starts = np.arange(0, rows, width)[:, None]
    lowest = starts + np.where(missing, np.inf, cut).argmin(axis=1)
    highest = starts + np.where(missing, -np.inf, cut).argmax(axis=1)
    kept = np.concatenate([lowest.ravel(), highest.ravel(), [0, rows - 1]])
    # The padding of the last bucket can win only when the bucket holds nothing but NaN and infinities.
    return np.unique(np.minimum(kept, rows - 1))


def extremes_by(groups: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """`extremes`, in each run of equal, ascending `groups` (rows,)."""
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    kept = [0, len(columns) - 1]
    for start, end in zip(starts, [*starts[1:], len(columns)], strict=True):
        part = columns[start:end]
        missing = ~np.isfinite(part)
        kept += (start + np.where(missing, np.inf, part).argmin(axis=0)).tolist()
        kept += (start + np.where(missing, -np.inf, part).argmax(axis=0)).tolist()
    return np.unique(kept)
