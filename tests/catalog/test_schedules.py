"""Schedules against the classes of Keras that they name, and against their own formulas."""

import keras
import numpy as np
import pytest

from nnplay.catalog.schedules import SCHEDULES, Schedule

every = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=list(SCHEDULES))


@every
@pytest.mark.parametrize("total_steps", [1, 2, 3, 7, 10, 25, 1000])
def test_multiplier_is_that_of_keras(schedule: Schedule, total_steps: int) -> None:
    steps = sorted(set(np.linspace(0, total_steps + 1, 30, dtype=int).tolist()))
    multipliers = [schedule.multiplier(step, total_steps) for step in steps]
    if schedule.keras:
        of_keras = getattr(keras.optimizers.schedules, schedule.keras)(**schedule.arguments(0.5, total_steps))
        expected = [float(of_keras(step)) / 0.5 for step in steps]
    else:
        assert schedule.arguments(0.5, total_steps) == {}
        expected = [1.0] * len(steps)
    np.testing.assert_allclose(multipliers, expected, atol=1e-6)


@every
def test_formula_gives_the_multiplier(schedule: Schedule, work_out) -> None:
    shares = np.arange(0, 1001) / 1000
    expected = [schedule.multiplier(step, 1000) for step in range(1001)]
    np.testing.assert_allclose(
        np.broadcast_to(work_out(schedule.formula, s=shares), shares.shape), expected, atol=1e-9
    )


@every
@pytest.mark.parametrize("total_steps", [1, 2, 50])
def test_never_more_than_the_rate_that_was_set(schedule: Schedule, total_steps: int) -> None:
    multipliers = [schedule.multiplier(step, total_steps) for step in range(total_steps)]
    assert min(multipliers) >= 0 and max(multipliers) == 1
