"""The sequences against their definitions, at the shortest length, an odd one and a long one."""

import numpy as np
import pytest

from nnplay.data import load
from nnplay.data.sequences import PERIODS, SEQUENCES, wave, wave_after

lengths = pytest.mark.parametrize("steps", [2, 7, 50])


def made(name, steps, samples=4000, **settings):
    usual = {"seed": 3, "label_noise": 0.0, "position_noise": 0.0, "classes": 4}
    return SEQUENCES[name].make(samples, steps=steps, **(usual | settings))


@lengths
def test_adding_asks_for_the_sum_of_the_two_marked_values(steps):
    sequences, targets = made("adding", steps)
    values, markers = sequences[:, :, 0], sequences[:, :, 1]
    assert set(np.unique(markers)) <= {0, 1}
    half = steps // 2
    assert (markers[:, :half].sum(axis=1) == 1).all() and (markers[:, half:].sum(axis=1) == 1).all()
    np.testing.assert_allclose(targets, (values * markers).sum(axis=1))
    assert values.min() >= 0 and values.max() < 1
    # The level of a network that learned nothing: the variance of the sum of two uniform numbers.
    assert targets.mean() == pytest.approx(1, abs=0.03)
    assert targets.var() == pytest.approx(1 / 6, rel=0.06)


@lengths
def test_recall_shows_the_symbol_at_the_first_step_alone(steps):
    sequences, symbols = made("recall", steps)
    np.testing.assert_array_equal(sequences[:, 0, :-1].argmax(axis=1), symbols)
    assert (sequences[:, 0].sum(axis=1) == 1).all() and not sequences[:, 1:, :-1].any()
    assert np.abs(sequences[:, 1:, -1]).max() <= 1
    assert set(symbols) == set(range(4))


@lengths
def test_parity_changes_with_every_bit(steps):
    sequences, odd = made("parity", steps)
    bits = sequences[:, :, 0].astype(int)
    np.testing.assert_array_equal(np.bitwise_xor.reduce(bits, axis=1), odd)
    assert odd.mean() == pytest.approx(0.5, abs=0.05)


@lengths
def test_a_wave_goes_on_as_it_began(steps):
    sequences, targets = made("wave", steps, 200)
    line = np.column_stack([sequences[:, :, 0], targets])
    # sin(a + w) + sin(a - w) = 2 cos(w) sin(a), and w = 2 pi / period is the same at every step.
    doubled = 2 * line[:, 1:-1]
    safe = np.abs(doubled) > 0.2
    cosines = np.where(safe, (line[:, 2:] + line[:, :-2]) / np.where(safe, doubled, 1), np.nan)
    slowest, fastest = (np.cos(2 * np.pi / period) for period in reversed(PERIODS))
    assert np.nanmin(cosines) >= fastest - 1e-6 and np.nanmax(cosines) <= slowest + 1e-6
    spread = np.nanmax(cosines, axis=1, initial=-2, where=safe) - np.nanmin(
        cosines, axis=1, initial=2, where=safe
    )
    assert spread.max() < 1e-6


@lengths
def test_what_comes_after_a_wave_is_the_wave(steps):
    longer, _ = wave(20, steps=steps + 40, seed=3, label_noise=0, position_noise=0, classes=0)
    for line in longer[:, :, 0]:
        # Three numbers make a sine: fewer values do not tell it.
        if steps > 3:
            np.testing.assert_allclose(wave_after(line[:steps], 40), line[steps:], atol=0.02)
        else:
            assert np.isfinite(wave_after(line[:steps], 40)).all()
    # What one caller has is another's, too.
    with pytest.raises(ValueError, match="read-only"):
        wave_after(line[:steps], 40)[0] = 1


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_length_is_what_was_asked_for_and_changes_no_other_data(name):
    assert load(name, steps=9, samples=40).x_train.shape[1:] == (9, len(SEQUENCES[name].inputs))
    np.testing.assert_array_equal(load("moons", steps=9).x_train, load("moons").x_train)
