r"""Schedules: the learning rate over the run, as a multiplier of the one that was set.

All are fractions of the whole run, so that they need no settings of their own. In the formulas s is the share
of the training steps already done, from 0 to 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi
from typing import Any


@dataclass(frozen=True)
class Schedule:
    """One schedule.

    `multiplier(step, total_steps)` is the factor of the learning rate at a step counted from 0. `keras` is a
    class in `keras.optimizers.schedules` ("" for none); called with `arguments(learning_rate, total_steps)`
    it gives learning_rate * multiplier(step, total_steps).
    """

    name: str
    keras: str
    label: str
    formula: str
    about: str
    multiplier: Callable[[int, int], float]
    arguments: Callable[[float, int], dict[str, Any]]


def _step_bounds(total_steps: int) -> tuple[int, int]:
    return total_steps // 2, total_steps * 3 // 4


def _step(step: int, total_steps: int) -> float:
    half, three_quarters = _step_bounds(total_steps)
    return 1.0 if step <= half else 0.1 if step <= three_quarters else 0.01


def _cosine(step: int, total_steps: int) -> float:
    return (1 + cos(pi * min(step, total_steps) / total_steps)) / 2


def _warmup(step: int, total_steps: int) -> float:
    rise = total_steps // 10
    return step / rise if step < rise else _cosine(step - rise, total_steps - rise)


SCHEDULES: dict[str, Schedule] = {
    "constant": Schedule(
        name="constant",
        keras="",
        label="Constant",
        formula=r"1",
        about="The same rate all along: the simplest, and enough for small networks.",
        multiplier=lambda step, total_steps: 1.0,
        arguments=lambda learning_rate, total_steps: {},
    ),
    "step": Schedule(
        name="step",
        keras="PiecewiseConstantDecay",
        label="Steps down",
        formula=r"\begin{cases} 1 & s \le \frac{1}{2} \\ \frac{1}{10} & \frac{1}{2} < s \le \frac{3}{4} \\"
        r" \frac{1}{100} & s > \frac{3}{4} \end{cases}",
        about="Large steps to get near, then a tenth at half and again at three quarters to settle.",
        multiplier=_step,
        arguments=lambda learning_rate, total_steps: {
            "boundaries": list(_step_bounds(total_steps)),
            "values": [learning_rate, learning_rate / 10, learning_rate / 100],
        },
    ),
    "exponential": Schedule(
        name="exponential",
        keras="ExponentialDecay",
        label="Exponential",
        formula=r"0.01^{s}",
        about="Shrinks by the same factor every step, down to a hundredth at the end.",
        multiplier=lambda step, total_steps: 0.01 ** (step / total_steps),
        arguments=lambda learning_rate, total_steps: {
            "initial_learning_rate": learning_rate,
            "decay_steps": total_steps,
            "decay_rate": 0.01,
        },
    ),
    "cosine": Schedule(
        name="cosine",
        keras="CosineDecay",
        label="Cosine",
        formula=r"\frac{1 + \cos(\pi s)}{2}",
        about="Stays high at first and glides to 0 at the end; a good default for a run of known length.",
        multiplier=_cosine,
        arguments=lambda learning_rate, total_steps: {
            "initial_learning_rate": learning_rate,
            "decay_steps": total_steps,
        },
    ),
    "warmup": Schedule(
        name="warmup",
        keras="CosineDecay",
        label="Warm-up, then cosine",
        formula=r"\begin{cases} 10 s & s < \frac{1}{10} \\"
        r" \frac{1}{2} \left(1 + \cos\left(\pi \frac{s - 0.1}{0.9}\right)\right)"
        r" & s \ge \frac{1}{10} \end{cases}",
        about="Rises from 0 over the first tenth: tames the start of deep networks and large rates.",
        multiplier=_warmup,
        arguments=lambda learning_rate, total_steps: {
            "initial_learning_rate": 0.0,
            "warmup_target": learning_rate,
            "warmup_steps": total_steps // 10,
            "decay_steps": total_steps - total_steps // 10,
        },
    ),
}
