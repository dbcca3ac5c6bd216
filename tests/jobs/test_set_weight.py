"""A weight set by hand: between two chunks, before the first or while playing, noted and repeatable."""

import numpy as np
import pytest
from fake_engine import Bench

from nnplay.engine import program
from nnplay.engine.weights import BadWeight, layer_places, set_weight
from nnplay.experiment import Experiment
from nnplay.jobs.work import train

EXPERIMENT = Experiment(data="circle", hidden="3", samples=40, epochs=12, batch_size=20)


@pytest.fixture(scope="module", autouse=True)
def plain_programs() -> object:
    """The compiler is beside the point: TensorFlow alone compiles in a quarter of XLA's time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "uses_xla", lambda experiment: False)
        patch.setattr(program, "_programs", {})
        yield


def bench_run() -> tuple[Bench, object]:
    bench = Bench(train=train)
    run = bench.runs.create(EXPERIMENT)
    run.limit = 1.0  # an epoch a chunk
    run.want(("weights",))
    return bench, run


def kernel(run) -> np.ndarray:
    return run.state.arrays[layer_places(run.origin)[0].kernel]


def play_to(bench: Bench, run, epoch: int) -> None:
    bench.runs.play(run)
    while run.epoch < epoch:
        bench.clock.now += 2
        bench.runs.watch(run)
        bench.work()
    bench.runs.pause(run)
    bench.work()


def replayed(run) -> np.ndarray:
    """All rows of the run, made again in one process from its origin and its changes."""
    state, rows = train(run.origin, None).state, []
    for change in [*run.changes, None]:
        end = change.epoch if change else run.epoch
        result = train(run.origin, state, epochs=end - state.epoch)
        state, rows = result.state, [*rows, result.rows.values]
        if change:
            state = set_weight(run.origin, state, change.weight)
    return np.concatenate(rows)


def test_before_the_first_epoch_and_while_playing():
    bench, run = bench_run()
    bench.runs.prepare(run)
    bench.runs.set_weight(run, 0, 1, 2, 0.5)  # no state yet: it waits for it
    assert run.state is None
    bench.work()
    assert kernel(run)[1, 2] == 0.5 and run.views["weights"]["kernels"][0][1, 2] == 0.5
    play_to(bench, run, 3)
    bench.runs.play(run)
    bench.runs.set_weight(run, 1, None, 0, -2.0)  # a chunk is under way
    bench.work()
    play_to(bench, run, 12)
    places = [(change.epoch, change.weight.layer, change.weight.unit_from) for change in run.changes]
    assert places[0] == (0, 0, 1) and places[1][1:] == (1, None) and 3 <= places[1][0] <= 4
    np.testing.assert_array_equal(run.history.values, replayed(run))


def test_at_rest_it_is_shown_at_once_and_the_kept_state_has_it():
    bench, run = bench_run()
    bench.runs.prepare(run)
    play_to(bench, run, 2)
    assert not run.set_by_hand
    for value in (0.25, -0.25):
        bench.runs.set_weight(run, 0, 0, 0, value)
        bench.work()
    assert run.set_by_hand and run.views["weights"]["kernels"][0][0, 0] == -0.25
    assert run.snapshots.at_or_before(2) is run.state
    assert [change.weight.value for change in run.changes] == [0.25, -0.25]
    bench.runs.change(run, EXPERIMENT.change(learning_rate=0.5))
    play_to(bench, run, 3)
    assert [bool(change.weight) for change in run.changes] == [True, True, False]
    bench.runs.reset(run)
    bench.work()
    assert run.changes == [] and kernel(run)[0, 0] != -0.25


def test_a_wrong_one_changes_nothing():
    bench, run = bench_run()
    bench.runs.prepare(run)
    bench.work()
    before = run.state
    with pytest.raises(BadWeight, match="no unit number 3"):
        bench.runs.set_weight(run, 0, 0, 3, 0.5)
    bench.work()
    assert run.state is before and run.changes == []
