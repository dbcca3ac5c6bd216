"""What a run does next, and on which lane: pure decisions over the records of the runs."""

from collections.abc import Container, Iterable
from dataclasses import replace

from nnplay.jobs.moment import batches_done
from nnplay.jobs.pace import Work, chunk_seconds, next_work
from nnplay.jobs.run import Run

# Views cost time in the worker: a running run has them made this often at most, and less often where
# more than `VIEWS_RUNS` runs share a lane, or the views of all would take more time than the training.
VIEWS_SECONDS = 0.15
VIEWS_RUNS = 4
# Pauses between views are so many times as long as the views take: most of the time is training.
VIEWS_PAUSE = 2.0
# Views that take longer are made by themselves: Pause would wait for them at the end of a chunk.
SLOW_VIEWS = 0.3
# With a speed limit a chunk is worth about so much of the clock: a tick of the page, which shows no more.
LIMITED_SECONDS = 0.2
# A chunk is at most such a part of the epochs done, from so many on: states are kept between chunks, and most
# happens at the beginning.
PARTS = 8
FEWEST = 4


def choose_lane(run: Run, runs: Iterable[Run], lanes: int, sweeping: Container[int] = ()) -> int:
    """The lane for a run about to go, of the first `lanes`.

    It keeps its lane, where its program is compiled, unless another has at least two fewer running;
    without one it takes the lane with the fewest running, then the fewest runs. A lane on which a sweep is
    `sweeping` counts as one with a run more.
    """
    running, members = [int(lane in sweeping) for lane in range(lanes)], [0] * lanes
    for other in runs:
        if other is not run and other.lane is not None and other.lane < lanes:
            members[other.lane] += 1
            running[other.lane] += other.going
    best = min(range(lanes), key=lambda lane: (running[lane], members[lane], lane))
    if run.lane is None or run.lane >= lanes:
        return best
    return best if running[run.lane] >= running[best] + 2 else run.lane


def next_for(run: Run, sharing: int, alone: float, now: float) -> Work | None:
    """The next chunk of a run that has none under way; None when there is nothing to do now.

    `sharing`: runs going on its lane; `alone`: seconds for a chunk of one that has its lane for itself.
    """
    if run.freed or run.failure:
        return None
    if run.state is None:
        # The first state alone, at first: it is soon there, and a snapshot of epoch 0.
        return Work(views=run.wanted) if run.prepared or run.going else None
    if run.going and not run.over and not waits(run, now):
        pause = max(VIEWS_SECONDS * max(1.0, sharing / VIEWS_RUNS), (1 + VIEWS_PAUSE) * run.views_seconds)
        due = now - run.views_time >= pause
        if due and run.stale and run.playing and run.views_seconds > SLOW_VIEWS:
            return Work(views=run.wanted)
        return _training(run, chunk_seconds(alone, sharing), due)
    if run.stale and not (run.going and not run.over):
        return Work(views=run.wanted)
    return None


def waits(run: Run, now: float) -> bool:
    """Whether its speed limit keeps a running run from its next chunk."""
    return run.playing and bool(run.limit or run.batch_limit) and now < run.due


def _training(run: Run, seconds: float, views_due: bool) -> Work:
    remaining = min(run.experiment.epochs, run.until or run.experiment.epochs) - run.epoch
    if run.steps_batches:
        work = Work(batches=run.steps_batches)
    elif run.playing and run.batch_limit:
        work = Work(batches=1)
    else:
        most = remaining if run.playing else min(remaining, run.steps_epochs)
        work = next_work(run.pace, seconds, most, run.experiment.batches)
        if run.playing and run.limit:
            work = replace(work, epochs=min(work.epochs, max(1, int(run.limit * LIMITED_SECONDS))))
        most = max(FEWEST, run.epoch // PARTS)
        if run.state and work.batches:
            # An epoch is ended, so that its state can be kept.
            most = run.experiment.batches - batches_done(run.state, run.experiment)
        work = replace(work, epochs=min(work.epochs, most), batches=min(work.batches, most))
    # What a run ends on is to be seen as well, and asking now saves a chunk for the views alone.
    last = not run.playing or bool(run.batch_limit) or work.epochs == remaining
    return replace(work, views=run.wanted if last or views_due else ())
