"""What a result, a lost worker or an error makes of a run."""

from nnplay.engine.state import ChunkResult, State
from nnplay.jobs.lanes import Worker
from nnplay.jobs.moment import Place, moment_of, remember
from nnplay.jobs.pace import Pace, learned, smoothed
from nnplay.jobs.record import VIEW, Measurement
from nnplay.jobs.run import Change, Flight, Run

# A run whose chunks end their worker so many times in a row is given up.
MOST_KILLS = 3


def take(run: Run, flight: Flight, result: ChunkResult, worker: Worker, now: float) -> None:
    """Add the result of a chunk to its run. Raises `ValueError` when it does not go on from where it was."""
    before, after = flight.state, result.state
    if before is None or flight.work.trains:
        if before and not result.stopped and _position(before) == _position(after):
            raise ValueError("The engine returned without training.")
        run.history.append(result.rows)
        run.snapshots.add(after)
        run.state = after
        run.stopped = result.stopped
    if before is not None and flight.work.trains:
        if not result.compiled:
            run.pace = learned(run.pace, before, after, result.seconds)
        epochs = after.epoch - before.epoch
        if result.compiled or run.worker is not worker:
            run.speed_time = now
        elif epochs:
            run.smooth_speed = smoothed(run.smooth_speed, epochs, now - run.speed_time)
            run.speed_time = now
        run.steps_epochs = max(0, run.steps_epochs - epochs)
        run.steps_batches = max(0, run.steps_batches - flight.steps)
    if flight.work.views:
        run.views = result.views
        run.views_asked = flight.work.views
        run.views_seconds = result.views_seconds
        if VIEW in result.views:
            run.record.take(after.epoch, after.batch, result.views[VIEW], now)
        # Made by settings that have been changed meanwhile: shown, but not the last word.
        current = flight.experiment is run.experiment
        run.views_at = (after.epoch, after.batch) if current else None
    run.worker = worker
    run.kills = 0
    if run.over or (run.until is not None and run.epoch >= run.until):
        run.halt()


def take_kept(run: Run, flight: Flight, result: ChunkResult, worker: Worker) -> None:
    """The run goes on by another experiment, with the weights that it has."""
    before = flight.state
    assert before is not None
    run.origin = run.experiment = run.trained = flight.experiment
    if run.next == flight.experiment:
        run.next = None
    run.generation += 1
    run.changes.append(Change(before.epoch, before.batch, flight.experiment, kept=True))
    run.state = result.state
    if before.batch == 0:
        run.snapshots.replace(run.state)
        run.moments.pop(run.epoch, None)
    run.pace = Pace()
    run.stopped = None
    run.failure = ""
    run.views, run.views_asked = result.views, flight.work.views
    run.views_at = (run.state.epoch, run.state.batch)
    run.worker = worker
    run.kills = 0
    if run.over:
        run.halt()


def take_look(run: Run, flight: Flight, result: ChunkResult, worker: Worker) -> None:
    """Add the result of a chunk on the way to a moment of the run's past."""
    place = flight.place
    assert place is not None
    run.worker = worker
    run.kills = 0
    if flight.work.trains and _position(place.state) == _position(result.state):
        raise ValueError(f"Epoch {run.looking} could not be reached again. Reset the run.")
    moved = flight.work.trains or flight.made_by
    place = Place(result.state if moved else place.state, place.done)
    if not moved:
        moment = moment_of(run, place, result.views)
        remember(run, moment)
        if VIEW in result.views:
            run.record.add(Measurement(place.state.epoch, place.state.batch, result.views[VIEW]))
        # Also when another epoch is looked at by now: what is dragged along shows where it passes.
        run.moment = moment
    else:
        run.replayed = place


def _position(state: State) -> tuple[int, int, int]:
    # With another batch size the epoch under way starts again, and may get to the same batch.
    return state.epoch, state.batch, state.batch_size


def lost(run: Run) -> None:
    """The worker went away with the run's chunk: it goes on from its last state, unless it is to blame."""
    replaced(run)
    if run.kills >= MOST_KILLS:
        fail(
            run,
            f"This experiment ended its worker process {MOST_KILLS} times in a row, perhaps for want of "
            "memory. Choose a smaller network or fewer samples.",
        )


def replaced(run: Run) -> None:
    """Say that another worker has taken over."""
    if run.state is not None:
        run.notes.append(f"The worker was replaced at epoch {run.epoch}; training went on from there.")


def refuse(run: Run, flight: Flight, message: str) -> None:
    """An error ends the run; on the way to its past, or of weights to be kept, only that attempt."""
    if flight.place:
        run.looking = run.moment = run.then = None
        run.notes.append(message)
    elif flight.made_by:
        run.next = None
        run.notes.append(message)
    else:
        fail(run, message)


def fail(run: Run, message: str) -> None:
    """An error ends the run."""
    run.failure = message
    run.halt()


def sentence(error: BaseException) -> str:
    """The first line of an error's message, with the kind of error when it is not one of our own making."""
    lines = str(error).strip().splitlines()
    kind = type(error).__name__
    if not lines:
        return f"{kind}."
    return (lines[0] if isinstance(error, ValueError) else f"{kind}: {lines[0]}")[:300]
