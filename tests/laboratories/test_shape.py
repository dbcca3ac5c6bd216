"""What is read off a curve, against what is known of the functions."""

import numpy as np
import pytest

from nnplay.engine.laboratory import QUESTIONS
from nnplay.laboratories.shape import shape

INF = np.inf
# Flat stretches by hand: where |f'| is under 1/20 of its largest value.
KNOWN = {
    "tanh": ([(-INF, -2.183), (2.183, INF)], [], []),  # 1 - tanh^2 = 0.05
    "sigmoid": ([(-INF, -4.357), (4.357, INF)], [], []),
    "relu": ([(-INF, 0)], [0], []),
    "leaky_relu": ([], [0], []),
    "relu6": ([(-INF, 0)], [0], []),
    "linear": ([], [], []),
    "hard_tanh": ([(-INF, -1), (1, INF)], [-1, 1], []),
    "hard_sigmoid": ([(-INF, -3), (3, INF)], [-3, 3], []),
    "hard_shrink": ([(-0.5, 0.5)], [], [-0.5, 0.5]),
    "threshold": ([(-INF, 0.5)], [], [0.5]),
    "step": ([(-INF, INF)], [], [0]),
    "exponential": ([(-INF, 0.004)], [], []),  # e^x = e^3 / 20
}


@pytest.mark.parametrize("name", KNOWN)
def test_flat_stretches_kinks_and_jumps(name: str) -> None:
    found = QUESTIONS["curves"](names=(name,), low=-5.5, high=5.5, points=2201)
    read = shape(found["x"], found["f"][name], found["slope"][name], found["kinks"][name])
    flat, kinks, jumps = KNOWN[name]
    assert len(read.flat) == len(flat)
    for given, wanted in zip(read.flat, flat, strict=True):
        assert given == pytest.approx(wanted, abs=0.011)
    assert read.kinks == pytest.approx(kinks, abs=1e-6)
    assert read.jumps == pytest.approx(jumps, abs=1e-6)
