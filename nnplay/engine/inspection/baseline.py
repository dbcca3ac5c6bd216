"""What a network has that learned nothing: loss and metrics of the best constant answer."""

from typing import Any

import numpy as np

from nnplay.data import encode_targets
from nnplay.engine.backend import tf
from nnplay.engine.build import Network
from nnplay.engine.layers import activation
from nnplay.experiment import Experiment


def baseline(experiment: Experiment, network: Network) -> dict[str, Any]:
    """`loss` of the best answer found that ignores its input, and each metric's value for such an answer.

    The answer is what the output layer gives with all weights 0 and some bias, so it is within what this
    output can say. It is found on the training samples: for one output by a fine grid of biases; for
    several on the lines through the class shares, their logarithms, their log odds and the most frequent
    class, which hold the exact optimum of squared error and cross-entropy.
    """
    split, pairing = experiment.load_data(), experiment.pairing
    targets = encode_targets(split.y_train, pairing.targets, split.classes)
    classes = split.classes
    shares = np.bincount(split.y_train, minlength=classes) / len(targets) if classes else np.zeros(0)
    biases = _candidates(targets) if pairing.units == 1 else _class_candidates(shares)
    answers = activation(pairing.output)(tf.constant(biases, tf.float32))
    # Each sample's loss under each answer: (candidates, samples), by Keras's loss before it takes the mean.
    shape = (len(biases), len(targets))
    wanted = tf.tile(tf.constant(targets), [len(biases), 1])
    answered = tf.repeat(answers, len(targets), axis=0)
    each = np.reshape(network.loss.call(wanted, answered), shape)
    found: dict[str, Any] = {"loss": float(each.mean(axis=1).min())}
    if experiment.task == "regression":
        return found | {"r2": 0.0, "rmse": float(np.std(split.y_train))}
    return found | {"accuracy": float(shares.max())}


def _candidates(targets: np.ndarray) -> np.ndarray:
    """Biases of a single output, (candidates, 1)."""
    mean = float(targets.mean())
    reach = np.linspace(targets.min(), targets.max(), 101)
    # For an output that squashes: the bias whose tanh, or sigmoid, is the mean target.
    by_tanh = np.arctanh(np.clip(mean, -0.999, 0.999))
    share = np.clip(mean, 0.001, 0.999)
    by_sigmoid = np.log(share / (1 - share))
    exact = [mean, float(np.median(targets)), by_tanh, by_sigmoid]
    return np.concatenate([exact, reach, np.linspace(-8, 8, 161)])[:, None]


def _class_candidates(shares: np.ndarray) -> np.ndarray:
    """Biases of an output per class, (candidates, classes)."""
    logs = np.log(np.maximum(shares, 1e-6))
    # For softmax the logarithms give the shares themselves, for sigmoids their log odds do.
    odds = logs - np.log(np.maximum(1 - shares, 1e-6))
    lines = [shares, logs, odds, np.eye(len(shares))[shares.argmax()]]
    steps = np.linspace(0, 10, 101)  # 1 is among them
    return np.concatenate([np.outer(steps, line) for line in lines])
