"""How far back an answer reaches, against finite differences."""

import numpy as np

from nnplay.engine.build import build
from nnplay.engine.inspection import look
from nnplay.experiment import Experiment


def test_lags_are_the_slopes_of_the_answer_by_every_input() -> None:
    experiment = Experiment(data="adding", steps=4, samples=20, hidden="gru3-rnn2", seed=5)
    network = build(experiment, 1)
    found = look(experiment, network, ("lags",))["lags"]
    x = experiment.load_data().x_test.astype("float64")
    step = 1e-2
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape[1:]):
        moved = np.zeros(x.shape[1:])
        moved[place] = step
        up, down = (network.model(x + sign * moved).numpy()[:, 0] for sign in (1, -1))
        slopes[:, *place] = (up - down) / (2 * step)
    expected = np.sqrt((slopes**2).sum(axis=2).mean(axis=0))
    np.testing.assert_array_equal(found["lag"], range(4))
    np.testing.assert_allclose(found["gradient"][::-1], expected, rtol=2e-3)


def test_other_data_have_no_lags() -> None:
    experiment = Experiment(data="moons", samples=20, hidden="2")
    assert look(experiment, build(experiment, 1), ("lags",)) == {"lags": {}}
