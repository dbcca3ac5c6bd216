"""The gradients of a training before its first step, and of its first steps, batch by batch."""

from typing import Any

import numpy as np

from nnplay.engine.backend import tf
from nnplay.engine.build import Network, build
from nnplay.engine.program import MEASURED_BATCHES, batch_count, batch_of, tensors
from nnplay.experiment import Experiment

MOST = 200


def first_batches(link: str, batches: int) -> dict[str, Any]:
    """Train the experiment of this link for so many batches (at most MOST) as an ordinary run does.

    "batch" (n,): 1, 2, ...; "loss" (n,) before each step; "gradient" (n, layers): norm of the gradient of a
    layer's weights and biases, before any clipping. Where a number is not finite that batch is the last row.
    """
    experiment = Experiment.from_link(link)
    _, per_epoch = batch_count(experiment, experiment.load_data())
    network = build(experiment, per_epoch)
    losses, norms = [], []
    for number in range(min(batches, MOST)):
        loss, lengths, gradients = _gradients(experiment, network, number // per_epoch, number % per_epoch)
        losses.append(loss)
        norms.append(lengths)
        if not np.all(np.isfinite([loss, *lengths])):
            break
        network.optimizer.apply(gradients, network.model.trainable_variables)
    return {"batch": np.arange(1, len(losses) + 1), "loss": np.array(losses), "gradient": np.array(norms)}


def gradient_at_start(link: str) -> np.ndarray:
    """Norm of the gradient of each layer's weights and biases before the first step, (layers,).

    As in the rows of a run: the mean over the batches of an epoch, some MEASURED_BATCHES of them at the most.
    """
    experiment = Experiment.from_link(link)
    _, batches = batch_count(experiment, experiment.load_data())
    network = build(experiment, batches)
    every = max(1, batches // MEASURED_BATCHES)
    measured = range((batches - 1) % every, batches, every)
    return np.mean([_gradients(experiment, network, 0, number)[1] for number in measured], axis=0)


def _gradients(
    experiment: Experiment, network: Network, epoch: int, batch: int
) -> tuple[float, list[float], list[Any]]:
    """On one batch, both counts from 0: the loss, the norm of each layer's gradient, and the gradient."""
    given, chosen = tensors(experiment), batch_of(experiment, epoch, batch)
    trainable = network.model.trainable_variables
    place = {id(variable): k for k, variable in enumerate(trainable)}
    groups = [[place[id(v)] for v in layer.trainable_variables] for layer in network.weight_layers]
    x, y = tf.gather(given.x, chosen), tf.gather(given.y, chosen)
    with tf.GradientTape() as tape:
        loss = network.loss(y, network.model(x, training=True))
        total = tf.add_n([loss, *network.model.losses])
    gradients = tape.gradient(total, trainable)
    norms = [float(tf.linalg.global_norm([gradients[k] for k in group])) for group in groups]
    return float(total), norms, gradients
