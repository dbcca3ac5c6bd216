"""Whole epochs of training as one compiled TensorFlow program around real Keras objects.

`model.fit` spends nearly all its time between the steps of a small network. Here the loops over epochs
and batches are inside the program, together with validation, metrics and the norms of gradients and
updates; the state comes in as arrays and goes out as arrays. One and the same program runs whole epochs
and single batches, so how a run is cut into calls cannot change its numbers.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from nnplay.catalog import LAYER_KINDS
from nnplay.data import Split, encode_targets
from nnplay.engine.backend import tf
from nnplay.engine.build import Network, build
from nnplay.engine.order import order_of
from nnplay.engine.state import ROW_CAPACITY, State
from nnplay.experiment import Experiment

# Batches of an epoch on which gradient and update norms are measured, at the most (their mean is shown).
MEASURED_BATCHES = 32
# Test samples that go through the network at a time; more would only cost memory.
EVALUATION_BATCH = 1000
# Multiplications of one training step above which TensorFlow's own kernels beat XLA's on a CPU.
XLA_LIMIT = 1_000_000
# Hidden layers above which XLA's compiler takes too long: for 30 it takes 7 s and more, TensorFlow 2 s.
XLA_LAYERS = 16


@dataclass(frozen=True)
class Program:
    """A compiled program with the Keras objects whose variables it trains.

    `run(arrays, x, y, x_test, y_test, epoch, batch, end_epoch, end_batch, seed)` trains from (epoch, batch)
    to (end_epoch, end_batch) and returns the arrays of the new state and a (ROW_CAPACITY, columns) table
    whose first `end_epoch - epoch` rows are filled. Each array is an argument of its own: that costs 0.1 ms
    a call, but to take them out of one vector would cost a third of the time to compile.
    """

    network: Network
    columns: tuple[str, ...]
    batches: int
    run: Callable[..., tuple[list[tf.Tensor], tf.Tensor]]


@dataclass(frozen=True)
class Tensors:
    """The arrays of a `Split` as the program takes them."""

    x: tf.Tensor
    y: tf.Tensor
    x_test: tf.Tensor
    y_test: tf.Tensor


@lru_cache(maxsize=16)
def tensors(experiment: Experiment) -> Tensors:
    """Inputs and encoded targets of the experiment's data."""
    split, pairing = experiment.load_data(), experiment.pairing
    return Tensors(
        tf.constant(split.x_train),
        tf.constant(encode_targets(split.y_train, pairing.targets, split.classes)),
        tf.constant(split.x_test),
        tf.constant(encode_targets(split.y_test, pairing.targets, split.classes)),
    )


def batch_count(experiment: Experiment, split: Split) -> tuple[int, int]:
    """Size of a batch and number of batches in an epoch, the last partial one included."""
    samples = len(split.x_train)
    size = min(experiment.batch_size or samples, samples)
    return size, math.ceil(samples / size)


def uses_xla(experiment: Experiment) -> bool:
    """Whether XLA compiles the program: a rule by architecture alone, so that numbers never depend on timing.

    XLA wins wherever a step is small. It loses with dropout (its random numbers are slow there), with
    convolutions and pooling (2 in 28 x 28 pixels train 24 times slower than in a plain graph), once the
    matrix products are large enough for TensorFlow's own kernels, and with so many layers that its compiler
    takes longer than the run.

    Recurrent layers win most: a plain graph pays for every operation at every time step. Epochs of 500
    samples a second of processor time, XLA against plain: 16 units, 20 steps, batch 32: simple RNN 116 and
    22, LSTM 47 and 10, GRU 74 and 9; LSTM of 8, 50 steps, batch 10: 18 and 2.3; of 64, batch 32: 5.0 and
    2.9. The first call takes 6 to 12 s of it instead of 4 to 6 s.
    """
    slow = any(not LAYER_KINDS[layer.kind].xla for layer in experiment.layers)
    if slow or any(experiment.dropouts) or len(experiment.layers) > XLA_LAYERS:
        return False
    size, _ = batch_count(experiment, experiment.load_data())
    return experiment.parameters_estimate * size <= XLA_LIMIT


def is_compiled(experiment: Experiment) -> bool:
    """Whether this process has the program already."""
    return experiment.program_key() in _programs


def compile_program(experiment: Experiment) -> Program:
    """The program for this experiment; those that share a `program_key` share it."""
    key = experiment.program_key()
    if key not in _programs:
        # A compiled program is never freed by TensorFlow, so dropping old ones would save nothing: the
        # whole process is replaced when it outgrows its budget.
        _programs[key] = _program(experiment)
    return _programs[key]


_programs: dict[str, Program] = {}


def advance(
    program: Program, experiment: Experiment, state: State, *, end_epoch: int, end_batch: int = 0
) -> tuple[State, np.ndarray]:
    """Train from `state` to the given position; the Keras objects then hold what the new state holds.

    Returns the state and the rows of the epochs finished on the way, (epochs, 1 + columns), the first
    column being the epoch's number.
    """
    if end_batch >= program.batches:
        end_epoch, end_batch = end_epoch + 1, 0
    given = tensors(experiment)
    where = (state.epoch, state.batch, end_epoch, end_batch, experiment.seed)
    values, table = program.run(
        [tf.constant(array) for array in state.arrays], given.x, given.y, given.x_test, given.y_test,
        *(tf.constant(place, tf.int32) for place in where),
    )  # fmt: skip
    done = end_epoch - state.epoch
    numbers = np.arange(state.epoch + 1, end_epoch + 1, dtype="float32")[:, None]
    rows = np.concatenate([numbers, table.numpy()[:done]], axis=1)
    arrays = tuple(value.numpy() for value in values)
    new = replace(state, arrays=arrays, epoch=end_epoch, batch=end_batch)
    return new, rows


def columns(experiment: Experiment, network: Network) -> tuple[str, ...]:
    """Names of the columns that a program measures; `epoch` is put before them."""
    metrics = [metric.name for metric in network.metrics]
    places = range(1, len(network.weight_layers) + 1)
    return (
        "loss", *metrics, "val_loss", *(f"val_{name}" for name in metrics), "lr",
        *(f"grad_{k}" for k in places), *(f"update_{k}" for k in places),
    )  # fmt: skip


def _program(experiment: Experiment) -> Program:
    split = experiment.load_data()
    samples, tests = len(split.x_train), len(split.x_test)
    size, batches = batch_count(experiment, split)
    whole, rest = divmod(samples, size)  # batches of full size; samples in the last, partial one
    network = build(experiment, batches)
    model, loss_function, optimizer = network.model, network.loss, network.optimizer
    trainable = model.trainable_variables
    place = {id(variable): i for i, variable in enumerate(trainable)}
    groups = [[place[id(v)] for v in layer.trainable_variables] for layer in network.weight_layers]
    kernels = [[place[id(v)] for v in network.kernels_of(layer)] for layer in network.weight_layers]
    depth = len(groups)
    names = columns(experiment, network)
    variables, sums = network.variables, network.sums
    # Measure each so-many-th batch, the last one included: where its step overflows, no later loss of the
    # epoch would show it.
    every = max(1, batches // MEASURED_BATCHES)
    measured = len(range(0, batches, every))

    def norms_of(groups: list[list[tf.Tensor]]) -> tf.Tensor:
        # One root of all sums: XLA takes 10 ms to compile each.
        sums = [tf.add_n([tf.reduce_sum(tf.square(tensor)) for tensor in group]) for group in groups]
        return tf.sqrt(tf.stack(sums))

    def train_on(x: tf.Tensor, y: tf.Tensor, batch: tf.Tensor, count: int) -> None:
        """One step on `count` samples, as `fit` does it, and what it adds to the epoch's sums."""
        with tf.GradientTape() as tape:
            predicted = model(x, training=True)
            loss = loss_function(y, predicted)
            if model.losses:
                loss += tf.add_n(model.losses)
        gradients = tape.gradient(loss, trainable)
        before = [[tf.identity(trainable[k].value) for k in group] for group in kernels]
        optimizer.apply(gradients, trainable)

        def norms() -> tf.Tensor:
            slopes = norms_of([[gradients[i] for i in group] for group in groups])
            steps = norms_of(
                [
                    [trainable[k].value - old for k, old in zip(group, olds, strict=True)]
                    for group, olds in zip(kernels, before, strict=True)
                ]
            )
            return tf.concat([slopes, steps / (norms_of(before) + 1e-12)], 0)

        due = (batches - 1 - batch) % every == 0
        sums[1].assign_add(norms() if every == 1 else tf.cond(due, norms, lambda: tf.zeros(2 * depth)))
        sums[0].assign_add(loss * count)
        for metric in network.metrics:
            metric.update_state(y, predicted)

    def evaluate(x: tf.Tensor, y: tf.Tensor) -> list[tf.Tensor]:
        """Loss (with penalties) and metrics on the test samples; leaves the metrics reset."""
        full, remainder = divmod(tests, EVALUATION_BATCH)

        def add(start: tf.Tensor, count: int, total: tf.Tensor) -> tf.Tensor:
            predicted = model(x[start : start + count], training=False)
            for metric in network.metrics:
                metric.update_state(y[start : start + count], predicted)
            return total + loss_function(y[start : start + count], predicted) * count

        total = tf.constant(0.0)
        if full:
            _, total = tf.while_loop(
                lambda i, _: i < full,
                lambda i, total: (i + 1, add(i * EVALUATION_BATCH, EVALUATION_BATCH, total)),
                (0, total),
            )
        if remainder:
            total = add(full * EVALUATION_BATCH, remainder, total)
        loss = total / tests
        if model.losses:
            loss += tf.add_n(model.losses)
        results = [loss, *(metric.result() for metric in network.metrics)]
        reset_metrics()
        return results

    def reset_metrics() -> None:
        for variable in network.metric_variables:
            variable.assign(tf.zeros_like(variable.value))

    def finish_epoch(x_test: tf.Tensor, y_test: tf.Tensor) -> tf.Tensor:
        """The epoch's row; the sums start again from 0."""
        train = [sums[0].value / samples, *(metric.result() for metric in network.metrics)]
        reset_metrics()
        test = evaluate(x_test, y_test)
        rate = tf.reshape(tf.cast(optimizer.learning_rate, tf.float32), ())
        scalars = tf.stack([tf.reshape(tf.cast(value, tf.float32), ()) for value in (*train, *test, rate)])
        row = tf.concat([scalars, sums[1].value / measured], 0)
        sums[0].assign(0.0)
        sums[1].assign(tf.zeros(2 * depth))
        return row

    def run(
        arrays: list[tf.Tensor],
        x: tf.Tensor,
        y: tf.Tensor,
        x_test: tf.Tensor,
        y_test: tf.Tensor,
        epoch: tf.Tensor,
        batch: tf.Tensor,
        end_epoch: tf.Tensor,
        end_batch: tf.Tensor,
        seed: tf.Tensor,
    ) -> tuple[list[tf.Tensor], tf.Tensor]:
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)

        def one_epoch(now: tf.Tensor, batch: tf.Tensor, rows: tf.Tensor) -> tuple[tf.Tensor, ...]:
            end = tf.where(now < end_epoch, batches, end_batch)
            order = order_of(samples, seed, now) if experiment.shuffle else tf.range(samples)

            def one_batch(batch: tf.Tensor) -> tf.Tensor:
                chosen = tf.slice(order, [batch * size], [size])
                train_on(tf.gather(x, chosen), tf.gather(y, chosen), batch, size)
                return batch + 1

            batch = tf.while_loop(
                lambda batch: batch < tf.minimum(end, whole), lambda batch: (one_batch(batch),), (batch,)
            )[0]
            if rest:

                def last_batch() -> tf.Tensor:
                    chosen = order[whole * size :]
                    train_on(tf.gather(x, chosen), tf.gather(y, chosen), tf.constant(whole), rest)
                    return tf.constant(batches)

                batch = tf.cond((batch == whole) & (end == batches), last_batch, lambda: batch)

            def finished() -> tuple[tf.Tensor, ...]:
                row = finish_epoch(x_test, y_test)
                return now + 1, tf.constant(0), tf.tensor_scatter_nd_update(rows, [[now - epoch]], [row])

            # An epoch that stops half-way keeps its number; the loop's condition then ends the program.
            return tf.cond(batch == batches, finished, lambda: (now, batch, rows))

        _, _, rows = tf.while_loop(
            lambda now, batch, _: (now < end_epoch) | ((now == end_epoch) & (batch < end_batch)),
            one_epoch,
            (epoch, batch, tf.zeros((ROW_CAPACITY, len(names)))),
        )
        return [variable.value for variable in variables], rows

    compiled = tf.function(run, jit_compile=uses_xla(experiment), autograph=False, reduce_retracing=False)
    return Program(network, names, batches, compiled)


def batch_of(experiment: Experiment, epoch: int, batch: int) -> tf.Tensor:
    """Places, in the training data, of the samples of one batch; both counts from 0."""
    split = experiment.load_data()
    samples = len(split.x_train)
    size, _ = batch_count(experiment, split)
    order = tf.range(samples)
    if experiment.shuffle:
        order = order_of(samples, tf.constant(experiment.seed), tf.constant(epoch))
    return order[batch * size : (batch + 1) * size]
