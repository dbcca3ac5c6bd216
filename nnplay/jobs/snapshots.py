"""States of a run kept from its past, ever sparser, to look back at or to go on from."""

from bisect import bisect_right

from nnplay.engine.state import State


class Snapshots:
    """At most `limit` states and `max_bytes` bytes, at about equal distances over the whole run.

    The first state is always kept, however large it is. Whenever there is one too many the
    spacing doubles and the states that are now too close to their predecessor go.
    """

    def __init__(self, limit: int = 64, max_bytes: int = 16_000_000) -> None:
        self.limit = limit
        self.max_bytes = max_bytes
        self.spacing = 1
        self._states: list[State] = []

    def __len__(self) -> int:
        return len(self._states)

    @property
    def epochs(self) -> list[int]:
        """Epochs at which a state is kept, ascending."""
        return [state.epoch for state in list(self._states)]

    @property
    def nbytes(self) -> int:
        """Size of all the states kept, in bytes."""
        return sum(state.nbytes for state in list(self._states))

    def add(self, state: State) -> None:
        """Keep `state` if it lies at the end of an epoch and far enough after the last one kept."""
        if state.batch == 0 and (not self._states or state.epoch >= self._states[-1].epoch + self.spacing):
            states = [*self._states, state]
            while len(states) > 1 and not self._fits(states):
                self.spacing *= 2
                states = _thinned(states, self.spacing)
            # One assignment: who reads in another thread sees the old list or the new one.
            self._states = states

    def replace(self, state: State) -> None:
        """Where a state of the same epoch is kept, keep `state` instead: a weight was set by hand there."""
        if state.batch == 0:
            self._states = [state if kept.epoch == state.epoch else kept for kept in self._states]

    def until(self, epoch: int) -> "Snapshots":
        """Those up to this epoch, at the spacing that there is."""
        kept = Snapshots(self.limit, self.max_bytes)
        kept.spacing = self.spacing
        kept._states = [state for state in self._states if state.epoch <= epoch]
        return kept

    def at_or_before(self, epoch: int) -> State | None:
        """The last state kept that is no later than `epoch`; None when there is none."""
        states = self._states
        index = bisect_right([state.epoch for state in states], epoch)
        return states[index - 1] if index else None

    def _fits(self, states: list[State]) -> bool:
        return len(states) <= self.limit and sum(state.nbytes for state in states) <= self.max_bytes


def _thinned(states: list[State], spacing: int) -> list[State]:
    kept = states[:1]
    for state in states[1:]:
        if state.epoch >= kept[-1].epoch + spacing:
            kept.append(state)
    return kept
