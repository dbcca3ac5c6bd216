"""What the gradients page says in words, measured: each claim with its experiment.

The claims, and where the page makes them:

- Depth: the slope of the sigmoid is at most 1/4, so its gradient falls below 4^-L through L layers of
  critical linear weights; tanh reaches 1.
- Depth, "often said, and wrong": vanishing is mainly ReLU's; exploding is mainly the sigmoid's and tanh's;
  tanh is simply more stable (three statements of the tutorials, each with the networks that show it).
- Phase diagram: below the critical line gradients vanish, above they explode, on it they stay.
- Remedies: the networks as they are do not learn; which remedies bring a gradient back, and which then learn.
- Through time: below 1/g vanishing is certain; the bound holds; an LSTM whose forget gate is open keeps more.
- Exploding: at a learning rate of 1 the network diverges, and clipping lets it learn; clipping is no remedy
  against vanishing.
- The answers to the page's own questions are what the page would measure.
"""

import numpy as np
import pytest

from nnplay.engine.chunk import train_chunk
from nnplay.engine.laboratory import QUESTIONS
from nnplay.laboratories import GradientLab
from nnplay.laboratories.remedies import after, before
from nnplay.ui.gradients import layers
from nnplay.ui.gradients.remedies import TRAINS
from nnplay.ui.gradients.said_wrong import BASE, SAID_WRONG

propagate, mean_field, through_time = (
    QUESTIONS[name] for name in ("propagate", "mean_field", "through_time")
)
SEEDS = (1, 2, 3)


def share(lab: GradientLab, **fields: object) -> float:
    """What the page measures: the gradient at the first layer over that at the last."""
    network = {name: getattr(lab.change(**fields), name) for name in layers.NETWORK}
    return layers.share(propagate(samples=layers.SAMPLES, bins=2, **network))


# ---- depth


def test_the_slope_of_the_sigmoid_is_at_most_a_quarter_and_that_of_tanh_reaches_1():
    slopes = QUESTIONS["curves"](("sigmoid", "tanh"), -4.0, 4.0, 801)["slope"]
    assert max(slopes["sigmoid"]) == pytest.approx(0.25, abs=1e-6)
    assert max(slopes["tanh"]) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
def test_through_sigmoids_the_gradient_falls_below_a_quarter_a_layer(seed):
    # sigma_w = 1 by itself keeps the length of a gradient: what is left is the slopes.
    assert share(GradientLab(depth=20), activation="sigmoid", sigma_w=1.0, seed=seed) < 1.1 * 0.25**19


@pytest.mark.parametrize("seed", SEEDS)
def test_vanishing_is_not_mainly_with_relu(seed):
    relu, sigmoid = (share(BASE, seed=seed, **fields) for fields in SAID_WRONG[0].networks.values())
    assert 0.1 < relu < 10
    assert sigmoid < 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_exploding_is_not_mainly_with_sigmoid_and_tanh(seed):
    sigmoid, tanh, relu, linear = (share(BASE, seed=seed, **f) for f in SAID_WRONG[1].networks.values())
    assert sigmoid < 1e-3, "the sigmoid vanishes even so"
    assert 1 < tanh < 1e-2 * relu, "tanh explodes, but its saturation slows it"
    assert linear > relu > 1e4


@pytest.mark.parametrize("seed", SEEDS)
def test_tanh_is_not_simply_stable(seed):
    critical, small, sigmoid = (share(BASE, seed=seed, **f) for f in SAID_WRONG[2].networks.values())
    assert critical > 0.05
    assert small < 1e-4, "tanh vanishes too"
    assert sigmoid < small


# ---- phase diagram


@pytest.mark.parametrize(
    ("point", "low", "high"), [((0.5, 0.0), 0, 1e-5), ((1.0, 0.0), 0.05, 10), ((3.0, 0.0), 30, np.inf)]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_order_vanishes_chaos_explodes_and_the_line_between_keeps(point, low, high, seed):
    lab = GradientLab(function="tanh", point_w=point[0], point_b=point[1], depth=30, width=128, seed=seed)
    assert low <= share(lab.at_point) < high


def test_the_sigmoid_is_in_order_at_every_scale_shown():
    for sigma_w in (0.5, 1.0, 2.0, 5.0):
        for sigma_b in (0.0, 1.0, 3.0):
            assert mean_field("sigmoid", sigma_w, sigma_b)["phase"] == "ordered"


# ---- remedies

# Seed 1, circle: what the page shows. Which remedies let the network learn, and which do not.
OUTCOMES = {
    "sigmoid": {"": False, "relu": True, "tanh": True, "layer": False, "global": False, "slower": False},
    "tanh": {"": False, "suitable": True, "orthogonal": True, "residual": True, "global": False},
    "relu": {"": False, "suitable": True, "tanh": True},
}


# Trained each time: the fault itself, and a cure of it.
TOLD = [("sigmoid", "relu"), ("tanh", ""), ("tanh", "residual"), ("relu", ""), ("relu", "suitable")]
CASES = [
    pytest.param(start, remedy, marks=[] if (start, remedy) in TOLD else pytest.mark.slow)
    for start, known in OUTCOMES.items()
    for remedy in known
]


@pytest.mark.parametrize(("start", "remedy"), CASES)
def test_which_remedies_let_the_network_learn(start, remedy):
    experiment = before(start, seed=1, data="circle")
    if remedy:
        experiment = after(experiment, remedy)
    assert (_right(experiment) >= TRAINS) == OUTCOMES[start][remedy]


def _right(experiment) -> float:
    done = train_chunk(experiment, None, epochs=experiment.epochs)
    if done.stopped:
        return 0.0
    return float(done.rows.values[-1, done.rows.names.index("accuracy")])


def test_layer_normalisation_does_not_cure_the_sigmoid_but_batch_normalisation_does():
    lab = GradientLab(depth=30, width=32, activation="sigmoid", initializer="glorot_uniform")
    assert share(lab, normalization="layer") < 1e-8
    assert share(lab, normalization="batch") > 0.01


# ---- through time


@pytest.mark.parametrize(("activation", "g"), [("tanh", 1.0), ("sigmoid", 0.25)])
def test_below_1_over_g_vanishing_is_certain(activation, g):
    for seed in SEEDS:
        found = through_time("simple_rnn", activation, spectral_radius=0.9 / g, seed=seed)
        assert found["g"] == g and found["largest_singular"] < 1 / g
        assert np.all(np.diff(found["gradient"]) < 0) and found["gradient"][-1] < 0.9**59 * 1.001


def test_above_1_over_g_it_may_explode_but_need_not():
    last = [
        through_time("simple_rnn", activation, spectral_radius=radius)["gradient"][-1]
        for activation, radius in (("linear", 1.2), ("sigmoid", 4.4))
    ]
    assert last[0] > 1e3 and last[1] < 1e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_an_open_forget_gate_keeps_more_than_the_simple_layer(seed):
    simple, lstm = (
        through_time(cell, gate_bias=1.0, seed=seed)["gradient"][-1] for cell in ("simple_rnn", "lstm")
    )
    assert lstm > 10 * simple


# ---- exploding


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("fields", [{"weights": 2.0, "hot_rate": 0.1}, {"weights": 1.4, "hot_rate": 1.0}])
def test_clipping_keeps_it_on_the_rails_and_it_learns(fields):
    lab = GradientLab(**fields)
    plain = train_chunk(lab.hot("none"), None, epochs=100)
    assert plain.stopped and plain.stopped.reason == "diverged"
    assert "batch" in plain.stopped.message and "layer" in plain.stopped.message
    assert _right(lab.hot(lab.clip)) >= TRAINS


# ---- the page's questions: a surprising answer must stay the true one


def test_the_answers_to_the_questions():
    from nnplay.ui.gradients import depth, phase
    from nnplay.ui.gradients import through_time as in_time

    questions = {
        part.__module__.rpartition(".")[2]: __import__(part.__module__, fromlist=["QUESTION"]).QUESTION
        for part in (depth, phase, in_time)
    }
    assert 0.02 < share(GradientLab(**questions["depth"].setup)) <= 0.5
    lab = GradientLab(**questions["phase"].setup)
    assert mean_field(lab.function, lab.point_w, lab.point_b)["chi"] > 1.01
    setup = questions["through_time"].setup
    last = {
        cell: through_time(cell, gate_bias=setup["gate"], spectral_radius=setup["radius"])["gradient"][-1]
        for cell in ("simple_rnn", "lstm", "gru")
    }
    assert max(last, key=last.__getitem__) == "simple_rnn"
