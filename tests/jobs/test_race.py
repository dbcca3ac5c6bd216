"""Races, on executors worked by hand: the numbers of single runs, heat after heat, nothing left behind."""

import numpy as np
import pytest
from fake_engine import Bench, Experiment, whole

from nnplay.jobs.race import Race


def start(name: str, seed: int) -> Experiment:
    return Experiment(
        epochs=30, rate=0.9 if name == "quick" else 0.99, name=f"{name}{seed}", batches=2 + seed
    )


def race(bench: Bench, begin=start, **more) -> Race:
    return Race(bench.runs, ("quick", "slow"), begin, 1, target=0.3, column="loss", **more)


def run_out(bench: Bench, one: Race) -> None:
    for _ in range(50):
        one.tick()
        bench.work()
    one.tick()


def test_every_heat_is_the_run_it_would_be_alone():
    bench = Bench(lanes=2)
    one = race(bench)
    one.play(3)
    run_out(bench, one)
    assert one.finished and not one.playing and not one.unsettled and one.progress == 1
    for name, heats in one.heats.items():
        assert [heat.seed for heat in heats] == [1, 2, 3]
        for heat in heats:
            alone = whole(start(name, heat.seed))[:, 1]
            np.testing.assert_array_equal(heat.losses, alone)
            under = np.flatnonzero(alone <= 0.3)
            assert heat.reached == (under[0] + 1 if len(under) else None)
            assert heat.end == "finished" and heat.final == pytest.approx(alone[-1])
    assert len(one.racers) == 2, "one run a racer, however many heats"


def test_more_heats_go_on_from_where_it_is():
    bench = Bench()
    one = race(bench)
    one.play()
    run_out(bench, one)
    first = {name: heats[0] for name, heats in one.heats.items()}
    one.play(2)
    run_out(bench, one)
    assert {name: heats[0] for name, heats in one.heats.items()} == first
    assert all(len(heats) == 2 for heats in one.heats.values())


def test_programs_are_compiled_a_few_at_a_time():
    bench = Bench(lanes=2)
    names = tuple("abcdef")
    one = Race(bench.runs, names, start, 1, target=0.3, column="loss")
    one.tick()
    assert sum(run.prepared for run in one.racers.values()) == 2
    run_out(bench, one)
    assert all(run.state is not None for run in one.racers.values()) and not one.unsettled


def test_pause_keeps_the_place_and_play_goes_on():
    bench = Bench()
    one = race(bench, lambda name, seed: start(name, seed).change(epochs=100_000))
    one.play()
    for _ in range(10):
        one.tick()
        bench.work(3)
    one.pause()
    bench.work()
    epochs = {name: run.epoch for name, run in one.racers.items()}
    assert all(0 < epoch < 100_000 for epoch in epochs.values()) and not one.unsettled
    one.tick()
    assert {name: run.epoch for name, run in one.racers.items()} == epochs
    one.play()
    bench.work(5)
    assert all(run.epoch >= epochs[name] for name, run in one.racers.items())
    assert any(run.epoch > epochs[name] for name, run in one.racers.items())


def test_who_diverges_has_lost_and_the_others_go_on():
    bench = Bench()
    one = race(bench, lambda name, seed: start(name, seed).change(diverge_at=5 if name == "slow" else 0))
    one.play(2)
    run_out(bench, one)
    assert [heat.end for heat in one.heats["slow"]] == ["diverged"] * 2
    assert all(heat.final == np.inf and heat.message and len(heat.losses) == 5 for heat in one.heats["slow"])
    assert [heat.end for heat in one.heats["quick"]] == ["finished"] * 2


def test_a_race_given_up_leaves_no_run_behind():
    bench = Bench()
    one = race(bench)
    one.play(3)
    bench.work(3)
    one.free()
    bench.work()
    assert all(bench.runs.get(run.id) is None for run in one.racers.values())


def test_the_first_heat_can_be_watched():
    bench = Bench()
    one = race(bench, seconds=3.0)
    assert all(run.limit == 10 for run in one.racers.values())


def in_step(bench: Bench, **changes) -> Race:
    """Two racers in step; `changes` of the slow one."""
    return race(
        bench,
        lambda name, seed: start(name, seed).change(epochs=60, **(changes if name == "slow" else {})),
        views=("map",),
        in_step=True,
        rate=20.0,
    )


def epochs_of(one: Race) -> list[int]:
    return [level.epoch for level in one.levels.values()]


def test_in_step_all_stand_at_the_same_epoch_and_are_shown_as_they_were_there():
    bench = Bench(lanes=2)
    one = in_step(bench)
    one.play()
    seen = []
    for _ in range(300):
        one.tick()
        # One hand works more than the other: whoever is first waits.
        bench.hands[0].work(2)
        bench.work(1)
        if one.levels and epochs_of(one) != seen[-1:]:
            assert len({*epochs_of(one)}) == 1
            shown = [level.views["map"][:2] for level in one.levels.values()]
            assert shown == [(epochs_of(one)[0], 0)] * 2
            seen.append(epochs_of(one)[0])
    assert len({*seen}) > 5 and seen == sorted(seen) and one.finished and epochs_of(one) == [60, 60]
    for name, run in one.racers.items():
        np.testing.assert_array_equal(run.history.values, whole(run.experiment)), name


def test_in_step_a_pause_leaves_all_at_the_same_epoch_also_after_a_lease_ran_out():
    bench = Bench(lanes=2)
    one = in_step(bench)
    one.play()
    for _ in range(12):
        one.tick()
        bench.work(2)
    one.pause()
    for _ in range(3):
        bench.work()
        one.tick()
    stood = epochs_of(one)
    assert len({*stood}) == 1 and 0 < stood[0] < 60 and not one.unsettled
    one.play()
    bench.clock.now += 1000
    bench.runs.tidy()
    bench.work()
    run_out(bench, one)
    assert epochs_of(one) == [60, 60] and one.finished


def test_in_step_who_diverges_is_left_behind():
    bench = Bench()
    one = in_step(bench, diverge_at=5)
    one.play()
    for _ in range(100):
        one.tick()
        bench.work(3)
    assert epochs_of(one) == [60, 5] and one.finished
