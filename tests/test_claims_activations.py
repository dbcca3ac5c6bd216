"""Every claim that the activations page makes in words, and the experiment that shows it.

The tasks of the race make theirs in `TASKS[...].about`, the statements that are often said wrong theirs in
`SAID_WRONG`; each is measured here on Keras, the races over several seeds.
"""

from functools import lru_cache

import numpy as np
import pytest

from nnplay.catalog import ACTIVATIONS
from nnplay.engine.chunk import train_chunk
from nnplay.engine.laboratory import QUESTIONS
from nnplay.engine.state import ChunkResult
from nnplay.laboratories.tasks import TASKS, experiment
from nnplay.ui.activations.said_wrong import BASE, SAID_WRONG

SEEDS = (1, 2, 3)
seeds = pytest.mark.parametrize("seed", SEEDS)
# Where networks are trained to the end.
raced = pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed > 1 else []) for seed in SEEDS]
)


@lru_cache
def trained(task: str, function: str, seed: int) -> ChunkResult:
    one = experiment(TASKS[task], function, seed=seed, initializer="glorot_uniform")
    return train_chunk(one, None, epochs=one.epochs, views=("weights",))


def column(result: ChunkResult, name: str) -> np.ndarray:
    return result.rows.values[:, result.rows.names.index(name)]


def reached(task: str, function: str, seed: int) -> float:
    """Epochs to the task's target; infinite if it was never reached."""
    hits = np.flatnonzero(column(trained(task, function, seed), "val_loss") <= TASKS[task].target)
    return float(hits[0] + 1) if len(hits) else np.inf


# ---- the race


@pytest.mark.usefixtures("without_xla")
@raced
def test_sine_gelu_is_sooner_there_than_relu(seed: int) -> None:
    assert reached("sine", "gelu", seed) < reached("sine", "relu", seed)
    # "from straight lines": all of ReLU's bends are at a few places, GELU's are everywhere.
    x = np.linspace(-3, 3, 601)
    relu, gelu = (QUESTIONS["curves"]((name,), -3, 3, 601)["f"][name] for name in ("relu", "gelu"))
    assert np.sum(np.abs(np.diff(relu, 2)) > 1e-9) <= 2 < np.sum(np.abs(np.diff(gelu, 2)) > 1e-9)
    assert len(x) == len(relu)


@pytest.mark.usefixtures("without_xla")
@raced
def test_corners_the_sigmoid_gets_going_late_and_a_linear_network_never(
    seed: int,
) -> None:
    others = [reached("corners", name, seed) for name in ("tanh", "relu")]
    assert reached("corners", "sigmoid", seed) > max(others) and max(others) < np.inf
    assert column(trained("corners", "linear", seed), "val_loss").min() > 0.9


@pytest.mark.slow
@seeds
def test_deep_through_sigmoids_the_gradient_is_gone_before_it_reaches_the_first_layer(seed: int) -> None:
    def first_to_last(function: str) -> float:
        result = trained("deep", function, seed)
        return float(column(result, "grad_1")[0] / column(result, "grad_9")[0])

    assert first_to_last("sigmoid") < 1e-3
    assert min(first_to_last(name) for name in ("tanh", "relu", "selu")) > 100 * first_to_last("sigmoid")
    assert reached("deep", "sigmoid", seed) == np.inf
    # Of the others most get there, with any seed; which one does not differs.
    assert sorted(reached("deep", name, seed) for name in ("tanh", "relu", "selu"))[1] < np.inf


@pytest.mark.usefixtures("without_xla")
@raced
def test_step_only_the_output_layer_behind_it_learns(seed: int) -> None:
    one = experiment(TASKS["step"], "step", seed=seed, initializer="glorot_uniform")
    start = train_chunk(one, None, views=("weights",)).views["weights"]["kernels"]
    end = trained("step", "step", seed).views["weights"]["kernels"]
    moved = [not np.array_equal(before, after) for before, after in zip(start, end, strict=True)]
    assert moved == [False, False, True]
    assert reached("step", "step", seed) == np.inf
    assert reached("step", "tanh", seed) < np.inf


@pytest.mark.usefixtures("without_xla")
@raced
def test_exponential_overflows_in_the_first_epoch_and_the_others_do_not(seed: int) -> None:
    stopped = trained("exponential", "exponential", seed).stopped
    assert stopped and stopped.reason == "diverged" and stopped.epoch == 1
    for name in ("tanh", "relu", "softplus"):
        assert trained("exponential", name, seed).stopped is None


@pytest.mark.parametrize("name", TASKS)
def test_all_racers_start_from_the_same_weights_and_data(name: str) -> None:
    task = TASKS[name]
    first, *others = (
        experiment(task, function, seed=1, initializer="glorot_uniform") for function in task.telling
    )
    for other in others:
        assert other.change(activation=first.activation) == first


# ---- what is often said wrong


def probe(names: tuple[str, ...], x: float) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = QUESTIONS["probe"](names, x)
    return found


def through(name: str, seed: int = 1, initializer: str = "") -> tuple[float, float, dict]:
    """Spread of the last layer against the first, gradient of the first against the last, and all of it."""
    found = QUESTIONS["propagate"](
        activation=name, depth=BASE.depth, width=BASE.width, samples=256,
        initializer=initializer or ACTIVATIONS[name].initializer, sigma_w=1.0, sigma_b=0.0,
        normalization="none", residual=False, seed=seed, bins=8,
    )  # fmt: skip
    return found["std"][-1] / found["std"][0], found["delta"][0] / found["delta"][-1], found


def test_the_statements_are_those_measured_here() -> None:
    assert [wrong.said.split()[0] for wrong in SAID_WRONG] == ["ReLU", "tanh", "Vanishing", "The"]


def test_relu_does_not_compress() -> None:
    for x in (0.5, 6.0, 1e6):
        found = probe(("relu", "tanh", "sigmoid"), x)
        assert found["relu"] == (x, 1.0)
        for name in ("tanh", "sigmoid"):
            value, slope = found[name]
            assert value <= 1 and slope < 1
    assert probe(("relu",), 1e6)["relu"][0] == 1e6


def test_tanh_is_steeper_and_centred_but_flatter_further_out() -> None:
    assert probe(("tanh", "sigmoid"), 0.0) == {"tanh": (0.0, 1.0), "sigmoid": (0.5, 0.25)}
    for x in (-6.0, -3.0, 3.0, 6.0):
        found = probe(("tanh", "sigmoid"), x)
        assert found["tanh"][1] < found["sigmoid"][1]


@seeds
def test_vanishing_is_for_saturating_functions_and_dead_units_for_relu(seed: int) -> None:
    _, relu, found = through("relu", seed)
    _, sigmoid, other = through("sigmoid", seed)
    assert relu > 0.1 and sigmoid < 1e-8
    assert found["dead"].max() > 0 and other["dead"].max() == 0


@seeds
def test_stacked_exponentials_explode(seed: int) -> None:
    spread, *_ = through("exponential", seed)
    assert not np.isfinite(spread) or spread > 1e6
    assert through("softplus", seed)[0] < 100


# ---- which weights suit


@seeds
@pytest.mark.parametrize(("name", "better", "worse"), [("relu", "he_normal", "glorot_uniform"),
                                                       ("relu", "he_normal", "lecun_normal"),
                                                       ("selu", "lecun_normal", "he_normal"),
                                                       ("gelu", "he_normal", "glorot_uniform")])  # fmt: skip
def test_suitable_weights_keep_the_spread_better(name: str, better: str, worse: str, seed: int) -> None:
    kept, lost = (abs(np.log(through(name, seed, kind)[0])) for kind in (better, worse))
    assert ACTIVATIONS[name].initializer == better
    assert kept < lost
