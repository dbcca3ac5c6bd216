"""The first steps of a training, batch by batch: where a network that explodes leaves the rails."""

from typing import Any

import numpy as np

from nnplay.engine.backend import tf
from nnplay.engine.build import build
from nnplay.engine.program import batch_count, batch_of, tensors
from nnplay.experiment import Experiment

MOST = 200


def first_batches(link: str, batches: int) -> dict[str, Any]:
    """Train the experiment of this link for so many batches (at most MOST) as an ordinary run does.

    "batch" (n,): 1, 2, ...; "loss" (n,) before each step; "gradient" (n, layers): norm of the gradient of a
    layer's weights and biases, before any clipping. Where a number is not finite that batch is the last row.
    """
    experiment = Experiment.from_link(link)
    _, per_epoch = batch_count(experiment, experiment.load_data())
    network, given = build(experiment, per_epoch), tensors(experiment)
    trainable = network.model.trainable_variables
    place = {id(variable): k for k, variable in enumerate(trainable)}
    groups = [[place[id(v)] for v in layer.trainable_variables] for layer in network.weight_layers]
    losses, norms = [], []
    for number in range(min(batches, MOST)):
        chosen = batch_of(experiment, number // per_epoch, number % per_epoch)
        x, y = tf.gather(given.x, chosen), tf.gather(given.y, chosen)
        with tf.GradientTape() as tape:
            loss = network.loss(y, network.model(x, training=True))
            total = tf.add_n([loss, *network.model.losses])
        gradients = tape.gradient(total, trainable)
        losses.append(float(total))
        norms.append([float(tf.linalg.global_norm([gradients[k] for k in group])) for group in groups])
        if not np.all(np.isfinite([losses[-1], *norms[-1]])):
            break
        network.optimizer.apply(gradients, trainable)
    return {"batch": np.arange(1, len(losses) + 1), "loss": np.array(losses), "gradient": np.array(norms)}
