"""Plain gradient descent on squared error in numpy float32: where a run overflows, worked out by hand."""

from dataclasses import dataclass
from typing import Any

import numpy as np

SLOPES: dict[str, Any] = {
    "linear": (lambda z: z, lambda z: np.ones_like(z)),
    "relu": (lambda z: np.maximum(z, np.float32(0)), lambda z: (z > 0).astype("float32")),
    "exponential": (np.exp, np.exp),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
}


@dataclass
class Step:
    """What one step met: sums before and outputs after each activation, the loss, gradients of kernels and
    biases, each a list with the layer nearest the input first."""

    sums: list[np.ndarray]
    outputs: list[np.ndarray]
    loss: np.float32
    kernels: list[np.ndarray]
    biases: list[np.ndarray]


def look(kernels: list[np.ndarray], biases: list[np.ndarray], names: list[str], x: Any, y: Any) -> Step:
    """Forwards and backwards through dense layers with the activations `names`, loss mean((out - y)^2)."""
    sums, outputs = [], []
    layer = x
    for kernel, bias, name in zip(kernels, biases, names, strict=True):
        sums.append(layer @ kernel + bias)
        layer = SLOPES[name][0](sums[-1])
        outputs.append(layer)
    error = outputs[-1] - y
    back = np.float32(2 / len(x)) * error
    steps_k, steps_b = [], []
    for place in reversed(range(len(kernels))):
        back = back * SLOPES[names[place]][1](sums[place])
        below = outputs[place - 1] if place else x
        steps_k.insert(0, below.T @ back)
        steps_b.insert(0, back.sum(axis=0))
        back = back @ kernels[place].T
    return Step(sums, outputs, np.mean(error**2), steps_k, steps_b)


def norm(arrays: list[np.ndarray]) -> np.ndarray:
    """L2 norm of all numbers together; it overflows when a square does."""
    return np.sqrt(sum(np.sum(array**2) for array in arrays))


def first_overflow(
    kernels: list[np.ndarray],
    biases: list[np.ndarray],
    names: list[str],
    batches: list[tuple[np.ndarray, np.ndarray]],
    rate: float,
    epochs: int,
) -> tuple[int, int, str]:
    """Where the first epoch whose loss or gradients overflow leaves the rails.

    Epoch and batch, from 1, of the first step in it that meets or leaves a number that is not finite, and
    the place: "sums 0", "outputs 2", "loss", "gradient 1" (layers from 0), or "step".
    """
    kernels, biases, rate = list(kernels), list(biases), np.float32(rate)
    with np.errstate(all="ignore"):
        for epoch in range(epochs):
            diverged, first = False, None
            for number, (x, y) in enumerate(batches, start=1):
                step = look(kernels, biases, names, x, y)
                norms = [norm(list(pair)) for pair in zip(step.kernels, step.biases, strict=True)]
                moved = [norm([rate * g]) for g in step.kernels]
                kernels = [w - rate * g for w, g in zip(kernels, step.kernels, strict=True)]
                biases = [w - rate * g for w, g in zip(biases, step.biases, strict=True)]
                watched = [step.loss * np.float32(len(x)), *norms]
                diverged |= not all(np.isfinite(value) for value in watched)
                if not first and not all(np.isfinite(v).all() for v in [*watched, *moved, *kernels, *biases]):
                    first = number, _place(step)
            if diverged and first:
                return epoch + 1, *first
    raise AssertionError("this run did not diverge")


def _place(step: Step) -> str:
    for place, (before, after) in enumerate(zip(step.sums, step.outputs, strict=True)):
        for name, values in (("sums", before), ("outputs", after)):
            if not np.isfinite(values).all():
                return f"{name} {place}"
    if not np.isfinite(step.loss):
        return "loss"
    for place in reversed(range(len(step.kernels))):
        if not np.isfinite(step.kernels[place]).all():
            return f"gradient {place}"
    return "step"
