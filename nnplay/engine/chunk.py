"""A piece of a run as a pure function: experiment and state in, state and measurements out.

Nothing else goes in or out, so a run can be paused, moved to another process, rewound, branched or
repeated, and how it is cut into chunks never changes its numbers.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import psutil

from nnplay.engine import inspection
from nnplay.engine.backend import give_back_memory, trim_programs
from nnplay.engine.build import build
from nnplay.engine.carry import carried
from nnplay.engine.program import Program, advance, compile_program, is_compiled
from nnplay.engine.state import ROW_CAPACITY, ChunkResult, Rows, State, Stop
from nnplay.engine.stopping import diverged, improve, satisfied
from nnplay.experiment import Experiment


def train_chunk(
    experiment: Experiment,
    state: State | None,
    *,
    epochs: int = 0,
    batches: int = 0,
    views: Sequence[str] = (),
    made_by: Experiment | None = None,
) -> ChunkResult:
    """Train on from `state` for so many epochs, or else so many batches, and look at the model there.

    `state` None starts from the initial weights. With neither epochs nor batches the program is only
    compiled and the views are made. Never trains past `experiment.epochs`, nor more than ROW_CAPACITY
    epochs. Stops by itself where the run diverges or a stop condition is met; the state is then the one
    at the end of that very epoch.

    `made_by`: the experiment that `state` was made by, where it is of another network, optimizer or data,
    whose weights are kept; see `carried`.
    """
    compiled = not is_compiled(experiment)
    program = compile_program(experiment)
    if state and made_by:
        start = carried(experiment, program, initial_state(experiment, program), state, made_by)
    else:
        start = fit_to(experiment, program, state) if state else initial_state(experiment, program)
    end_epoch, end_batch = _end(experiment, program, start, epochs, batches)
    clock = time.perf_counter()
    after, table = advance(program, experiment, start, end_epoch=end_epoch, end_batch=end_batch)
    if after.batch and not after.is_finite:
        # Diverged half-way through an epoch: finish it, so that it is noticed and told as in any other cut.
        after, table = advance(program, experiment, start, end_epoch=end_epoch + 1)
    stopped, best, waited = _first_stop(experiment, start, program.columns, table)
    if stopped and (after.epoch, after.batch) != (stopped.epoch, 0):
        # The program ran past the stop; training is deterministic, so run again and end there.
        after, table = advance(program, experiment, start, end_epoch=stopped.epoch)
    seconds = time.perf_counter() - clock
    after = replace(after, best=best, waited=waited)
    if compiled:
        give_back_memory()
        trim_programs()
    clock = time.perf_counter()
    shown = inspection.look(experiment, program.network, views)
    views_seconds = time.perf_counter() - clock
    if stopped and stopped.reason == "diverged":
        stopped = inspection.explain_divergence(experiment, program, start, stopped)
    return ChunkResult(
        state=after,
        rows=Rows(("epoch", *program.columns), table),
        views=shown,
        stopped=stopped,
        seconds=seconds,
        memory=psutil.Process().memory_info().rss,
        compiled=compiled,
        views_seconds=views_seconds,
    )


def look_back(experiment: Experiment, states: Sequence[State], views: Sequence[str]) -> list[dict[str, Any]]:
    """The views of the model as it was in each of these states; nothing is trained."""
    program = compile_program(experiment)
    found = []
    for state in states:
        program.network.write(fit_to(experiment, program, state).arrays)
        found.append(inspection.look(experiment, program.network, views))
    return found


def initial_state(experiment: Experiment, program: Program) -> State:
    """The state before the first step: the weights that the experiment's seed gives."""
    # Built anew: the program's own Keras objects may have been made for another seed or initialiser.
    network = build(experiment, program.batches)
    return State(network.read(), batch_size=experiment.batch_size, learning_rate=experiment.learning_rate)


def fit_to(experiment: Experiment, program: Program, state: State) -> State:
    """The same state under settings that were changed in the middle of a run."""
    arrays = state.arrays
    variables = program.network.variables
    if [array.shape for array in arrays] != [tuple(variable.shape) for variable in variables]:
        raise ValueError("This state belongs to another network or optimizer. Reset the run to use it.")
    if state.learning_rate != experiment.learning_rate:
        place = next(i for i, v in enumerate(variables) if v is program.network.base_rate)
        rate = np.float32(experiment.learning_rate)
        arrays = (*arrays[:place], np.asarray(rate), *arrays[place + 1 :])
    batch = state.batch
    if state.batch_size != experiment.batch_size and batch:
        # Other batches: the epoch under way starts again, so that each sample counts once in its mean.
        kept = len(variables) - len(program.network.metric_variables) - len(program.network.sums)
        arrays = (*arrays[:kept], *(np.zeros_like(array) for array in arrays[kept:]))
        batch = 0
    return replace(
        state,
        arrays=arrays,
        batch=batch,
        batch_size=experiment.batch_size,
        learning_rate=experiment.learning_rate,
    )


def _end(
    experiment: Experiment, program: Program, start: State, epochs: int, batches: int
) -> tuple[int, int]:
    """Where to stop: (epochs finished, batches done of the next)."""
    if start.epoch >= experiment.epochs:
        return start.epoch, start.batch
    if epochs:
        return min(start.epoch + min(epochs, ROW_CAPACITY), experiment.epochs), 0
    more, batch = divmod(start.batch + batches, program.batches)
    if more >= ROW_CAPACITY:
        more, batch = ROW_CAPACITY, 0
    if start.epoch + more >= experiment.epochs:
        return experiment.epochs, 0
    return start.epoch + more, batch


def _first_stop(
    experiment: Experiment, start: State, columns: tuple[str, ...], table: np.ndarray
) -> tuple[Stop | None, float, int]:
    """The first stop in the table, with the best validation loss and the epochs waited until then."""
    best, waited = start.best, start.waited
    loss = columns.index("val_loss")
    for epoch, *values in table.tolist():
        best, waited = improve(values[loss], best, waited)
        stop = diverged(int(epoch), dict(zip(columns, values, strict=True))) or satisfied(
            int(epoch),
            values[loss],
            best,
            waited,
            target=experiment.target_loss,
            patience=experiment.patience,
        )
        if stop:
            return stop, best, waited
    return None, best, waited
