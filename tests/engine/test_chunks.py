"""How a run is cut into chunks, and where it is trained, never changes a bit of it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import runs
import tensorflow as tf

from nnplay.engine import program
from nnplay.engine.chunk import train_chunk
from nnplay.engine.order import order_of
from nnplay.engine.state import ROW_CAPACITY
from nnplay.experiment import Experiment

EPOCHS = 30
# 20 training samples: three batches an epoch, the last one with four samples.
PLAIN = Experiment(data="spiral", samples=40, hidden="4-3", batch_size=8, epochs=EPOCHS)
EXPERIMENTS = {
    "with XLA": PLAIN.change(normalization="batch", regularizer="l2", patience=1000),
    "dropout, without XLA": PLAIN.change(dropout=0.3, hidden="4"),
    "schedule and momentum": PLAIN.change(optimizer="sgd", momentum=0.9, schedule="warmup"),
}
every_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=list(EXPERIMENTS))
CUTS = {
    "the same again": [(EPOCHS, 0)],
    "ones": [(1, 0)] * EPOCHS,
    "sevens": [(7, 0)] * 5,
    "more than there is": [(100, 0)],
    "nothing between": [(0, 0), (10, 0), (0, 0), (20, 0), (0, 0)],
    "batches": [(0, 1)] * 3 * EPOCHS,
    "more batches than an epoch has": [(0, 7)] * 13,
    "mixed": [(0, 2), (3, 0), (0, 1), (0, 4), (1, 0), (0, 3), (12, 0), (0, 1), (0, 1), (50, 0)],
}


@every_experiment
def test_cuts_change_nothing(experiment: Experiment) -> None:
    whole, rows = runs.run(experiment, [(EPOCHS, 0)])
    assert (whole.state.epoch, whole.state.batch) == (EPOCHS, 0)
    assert rows[:, 0].tolist() == list(range(1, EPOCHS + 1))
    assert np.isfinite(rows).all()
    for name, cuts in CUTS.items():
        assert runs.digest(*runs.run(experiment, cuts)) == runs.digest(whole, rows), name


def test_program_shared_between_seeds_equals_a_fresh_process() -> None:
    """Here other seeds, rates and initial weights had the programs before; the other process is new."""
    experiments = [EXPERIMENTS[name].change(seed=2) for name in ("with XLA", "dropout, without XLA")]
    for experiment in experiments:
        for other in (experiment.change(seed=1), experiment.change(initializer="ones", learning_rate=0.5)):
            assert other.program_key() == experiment.program_key()
            train_chunk(other, None, epochs=2)
    fresh = subprocess.run(
        [sys.executable, runs.__file__],
        input="\n".join(experiment.to_json() for experiment in experiments),
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert fresh.stdout.split() == [runs.digest(*runs.run(e, [(EPOCHS, 0)])) for e in experiments]


def test_seeds_differ() -> None:
    experiment = EXPERIMENTS["with XLA"]
    _, rows = runs.run(experiment, [(2, 0)])
    _, other = runs.run(experiment.change(seed=2), [(2, 0)])
    assert not np.array_equal(rows, other)


def numpy_order(samples: int, seed: int, epoch: int) -> np.ndarray:
    """The definition, written a second time."""

    def mixed(x: np.ndarray) -> np.ndarray:
        x = (x ^ x >> np.uint32(16)) * np.uint32(0x7FEB352D)
        x = (x ^ x >> np.uint32(15)) * np.uint32(0x846CA68B)
        return x ^ x >> np.uint32(16)

    def word(number: int) -> np.ndarray:
        return np.array([number], np.uint32)

    keys = mixed(mixed(np.arange(samples, dtype=np.uint32)) + mixed(word(epoch) + mixed(word(seed))))
    return np.argsort(keys.view(np.int32), kind="stable")


def test_order_of_samples_is_the_same_in_xla_tensorflow_and_numpy() -> None:
    samples = 37
    for seed, epoch in [(0, 0), (1, 0), (1, 1), (2**31 - 1, 99_999)]:
        arguments = (tf.constant(seed), tf.constant(epoch))
        orders = [
            tf.function(lambda s, e: order_of(samples, s, e), jit_compile=xla)(*arguments).numpy()
            for xla in (True, False)
        ]
        orders.append(order_of(samples, *arguments).numpy())
        orders.append(numpy_order(samples, seed, epoch))
        assert sorted(orders[0]) == list(range(samples))
        np.testing.assert_array_equal(orders, [orders[0]] * 4)


def test_order_of_samples_depends_on_seed_and_epoch() -> None:
    orders = {
        tuple(order_of(37, tf.constant(seed), tf.constant(epoch)).numpy())
        for seed in range(5)
        for epoch in range(5)
    }
    assert len(orders) == 25


def test_batches_of_an_epoch_are_all_samples_once() -> None:
    batches = [program.batch_of(PLAIN, 4, batch).numpy() for batch in range(3)]
    assert [len(batch) for batch in batches] == [8, 8, 4]
    assert sorted(np.concatenate(batches)) == list(range(20))
    straight = [program.batch_of(PLAIN.change(shuffle=False), 4, batch).numpy() for batch in range(3)]
    np.testing.assert_array_equal(np.concatenate(straight), np.arange(20))


@pytest.mark.usefixtures("without_xla")
def test_never_more_rows_than_a_program_can_hold() -> None:
    experiment = PLAIN.change(batch_size=0, epochs=2000)
    result = train_chunk(experiment, None, epochs=2000)
    assert result.state.epoch == len(result.rows.values) == ROW_CAPACITY
    result = train_chunk(experiment, None, batches=2000)
    assert result.state.epoch == len(result.rows.values) == ROW_CAPACITY


def test_a_finished_run_stays_as_it_is() -> None:
    experiment = EXPERIMENTS["with XLA"]
    done, rows = runs.run(experiment, [(EPOCHS, 0)])
    more = train_chunk(experiment, done.state, epochs=3)
    assert len(more.rows.values) == 0
    assert runs.digest(more, rows) == runs.digest(done, rows)


@pytest.mark.usefixtures("without_xla")
def test_compiled_is_reported_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_programs", {})
    assert not program.is_compiled(PLAIN)
    assert [train_chunk(PLAIN, None, epochs=1).compiled for _ in range(2)] == [True, False]


def test_the_state_handed_in_is_left_alone() -> None:
    experiment = EXPERIMENTS["with XLA"]
    start = train_chunk(experiment, None).state
    before = [array.copy() for array in start.arrays]
    train_chunk(experiment, start, epochs=3)
    for array, copy in zip(start.arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


# Dropout's random numbers are slow under XLA; large products are quicker with TensorFlow's own kernels.
@pytest.mark.parametrize(
    ("changes", "xla"),
    [
        ({}, True),
        ({"dropout": 0.1}, False),
        ({"hidden": "512-512", "batch_size": 1}, True),
        ({"hidden": "512-512", "batch_size": 100}, False),
    ],
)
def test_xla_is_decided_by_architecture_alone(changes: dict[str, object], xla: bool) -> None:
    experiment = PLAIN.change(samples=0, **changes)
    other = {"seed": 5, "learning_rate": 0.5, "optimizer": "sgd", "epochs": 3, "initializer": "ones"}
    for same in (experiment, experiment.change(**other), experiment.change(loss="hinge", shuffle=False)):
        assert program.uses_xla(same) is xla
