"""A moment of a run's past: what it was at the end of an earlier epoch, to look at and to go on from.

Not every state is kept. A moment between two that are is reached from the one before by training again:
the same experiment and state give the same numbers, and every change on the way is made where it was made.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nnplay.engine.state import State, Stop
from nnplay.engine.weights import set_weight
from nnplay.jobs.history import History
from nnplay.jobs.pace import Work, next_work

if TYPE_CHECKING:
    from nnplay.jobs.run import Change, Run

# Moments are kept with what was seen in them, so that scrubbing back shows it at once.
KEPT = 80
KEPT_BYTES = 4_000_000


@dataclass(frozen=True, eq=False)
class Moment:
    """A run as it was at the end of an earlier epoch. What draws a run draws a moment as well.

    `origin`, `experiment`: the network's and the one in force, then; `views`: made from the `state` then.
    `history` and `changes` are those of the whole run. `done`: how many of the changes were made by then.
    """

    id: str
    generation: int
    origin: Any
    experiment: Any
    state: State
    views: dict[str, Any]
    history: History
    changes: list["Change"]
    done: int
    stopped: Stop | None = None

    @property
    def epoch(self) -> int:
        """Epochs finished."""
        return self.state.epoch

    @property
    def set_by_hand(self) -> bool:
        """Whether the row of this epoch was measured on other weights or data than are shown."""
        return any(change.alters((self.epoch, 0)) for change in self.changes[: self.done])

    @property
    def going(self) -> bool:
        """The past stands still."""
        return False

    @property
    def speed(self) -> float:
        """The past stands still."""
        return 0.0


@dataclass(frozen=True)
class Place:
    """A state on the way through a run's past, and how many of its changes it has seen."""

    state: State
    done: int


@dataclass(frozen=True)
class Step:
    """What leads on from a place: `work` by `experiment` on its state.

    `made_by`: the experiment whose weights that state has, where they are kept for another one.
    """

    place: Place
    experiment: Any
    work: Work
    made_by: Any = None


def experiment_in_force(run: "Run", done: int) -> Any:
    """The experiment by which the run trained after so many of its changes."""
    found = [change.experiment for change in run.changes[:done] if not change.weight]
    return found[-1] if found else run.first


def origin_of(run: "Run", done: int) -> Any:
    """The experiment whose network and data the run had after so many of its changes."""
    found = [change.experiment for change in run.changes[:done] if change.kept]
    return found[-1] if found else run.first


def changes_until(run: "Run", epoch: int) -> int:
    """How many changes had been made at the end of this epoch."""
    return sum((change.epoch, change.batch) <= (epoch, 0) for change in run.changes)


def place_before(run: "Run", epoch: int) -> Place | None:
    """The nearest known state at or before the end of this epoch; None where the run has none yet."""
    states = [moment.state for at, moment in run.moments.items() if at <= epoch]
    if kept := run.snapshots.at_or_before(epoch):
        states.append(kept)
    if not states:
        return None
    state = max(states, key=lambda state: state.epoch)
    place = Place(state, changes_until(run, state.epoch))
    found = run.replayed
    # Within an epoch the count of batches can start again at a change.
    further = found and (state.epoch, place.done, 0) < (found.state.epoch, found.done, found.state.batch)
    if found and further:
        at = (found.state.epoch, found.state.batch, found.done)
        return found if at <= (epoch, 0, changes_until(run, epoch)) else place
    return place


def step_towards(run: "Run", epoch: int, seconds: float) -> Step | None:
    """The next piece of the way to the end of `epoch`: about `seconds` of training, or none when it is there.

    None where the run has no state at all.
    """
    place = place_before(run, epoch)
    if place is None:
        return None
    goal = (epoch, 0)
    while place.done < len(run.changes):
        change, experiment = run.changes[place.done], experiment_in_force(run, place.done)
        at = (change.epoch, change.batch)
        if at > goal:
            break
        if at != (place.state.epoch, batches_done(place.state, experiment)):
            goal = at
            break
        if change.kept:
            return Step(Place(place.state, place.done + 1), change.experiment, Work(), experiment)
        state = place.state
        if change.weight:
            state = set_weight(origin_of(run, place.done), state, change.weight)
        place = Place(state, place.done + 1)
    state, experiment = place.state, experiment_in_force(run, place.done)
    if (state.epoch, state.batch) == goal:
        work = Work()
    elif state.epoch == goal[0]:
        work = Work(batches=goal[1] - batches_done(state, experiment))
    else:
        work = next_work(run.pace, seconds, goal[0] - state.epoch, experiment.batches)
        if work.batches:
            left = experiment.batches - batches_done(state, experiment)
            work = replace(work, batches=min(work.batches, left))
    return Step(place, experiment, work)


def batches_done(state: State, experiment: Any) -> int:
    """Batches done of the epoch under way: with another batch size it starts again."""
    return state.batch if state.batch_size == getattr(experiment, "batch_size", state.batch_size) else 0


def remember(run: "Run", moment: Moment) -> None:
    """Keep the moment, and so many others as there is room for: the last ones."""
    run.moments.pop(moment.epoch, None)
    run.moments[moment.epoch] = moment
    sizes = {at: _size(moment) for at, moment in run.moments.items()}
    while len(sizes) > 1 and (len(sizes) > KEPT or sum(sizes.values()) > KEPT_BYTES):
        first = next(iter(sizes))
        del sizes[first], run.moments[first]


def moment_of(run: "Run", place: Place, views: dict[str, Any]) -> Moment:
    """The run at this place of its past."""
    before = run.moments.get(place.state.epoch)
    return Moment(
        id=run.id,
        # Another network, or other data, is another picture.
        generation=run.generation - sum(change.kept for change in run.changes[place.done :]),
        origin=origin_of(run, place.done),
        experiment=experiment_in_force(run, place.done),
        state=place.state,
        views={**(before.views if before else {}), **views},
        history=run.history,
        changes=run.changes,
        done=place.done,
    )


def go_back(run: "Run", moment: Moment) -> None:
    """Make the moment the run's present: what came after it is gone."""
    run.state = moment.state
    run.history = run.history.until(moment.epoch)
    run.snapshots = run.snapshots.until(moment.epoch)
    run.record = run.record.until(moment.epoch)
    if moment.origin != run.origin:
        run.origin = moment.origin
        run.experiment = moment.experiment
        run.generation += 1
    run.changes = run.changes[: moment.done]
    run.edits.clear()
    run.trained = moment.experiment
    run.stopped = None
    run.failure = ""
    run.kills = 0
    run.pace = replace(run.pace, spent=None)
    run.views = dict(moment.views)
    run.views_asked = tuple(moment.views)
    run.views_at = (moment.epoch, 0) if run.experiment == moment.experiment else None
    run.moments = {at: kept for at, kept in run.moments.items() if at < moment.epoch}
    run.replayed = run.looking = run.moment = run.until = None


def _size(moment: Moment) -> int:
    arrays: list[Any] = [*moment.views.values()]
    total = moment.state.nbytes
    while arrays:
        found = arrays.pop()
        if isinstance(found, dict):
            arrays += found.values()
        elif isinstance(found, list | tuple):
            arrays += found
        else:
            total += getattr(found, "nbytes", 0)
    return total
