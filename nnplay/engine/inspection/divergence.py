"""Where a run left the rails: the epoch, the batch and the layer whose numbers were the first to overflow."""

import math
from bisect import bisect_left

import numpy as np

from nnplay.catalog import parse_activation
from nnplay.engine.backend import tf
from nnplay.engine.build import Network
from nnplay.engine.program import Program, advance, batch_of, tensors
from nnplay.engine.state import State, Stop
from nnplay.experiment import Experiment


def explain_divergence(experiment: Experiment, program: Program, start: State, stop: Stop) -> Stop:
    """`stop` with a message that names batch, layer and remedies.

    Training is deterministic: the run is repeated from `start` up to the fatal epoch, and that epoch is
    bisected for the first batch after which some number of the state is not finite.
    """
    eve = start
    if stop.epoch - 1 > start.epoch:
        eve, _ = advance(program, experiment, start, end_epoch=stop.epoch - 1)

    def broken_after(batches: int) -> bool:
        if batches <= eve.batch:
            return False
        if batches >= program.batches:
            return True
        after, _ = advance(program, experiment, eve, end_epoch=eve.epoch, end_batch=batches)
        return not after.is_finite

    batch = bisect_left(range(program.batches + 1), True, key=broken_after)
    before = eve
    if batch - 1 > eve.batch:
        before, _ = advance(program, experiment, eve, end_epoch=eve.epoch, end_batch=batch - 1)
    program.network.write(before.arrays)
    where = _first_to_overflow(experiment, program, batch - 1, stop.epoch - 1)
    when = f"Diverged in epoch {stop.epoch}, at batch {batch} of {program.batches}"
    return Stop(stop.reason, stop.epoch, f"{when}: {where} {_remedy(experiment)}")


def _first_to_overflow(experiment: Experiment, program: Program, batch: int, epoch: int) -> str:
    """The sentence that names the layer; the network holds the weights from before the fatal step."""
    network = program.network
    chosen = batch_of(experiment, epoch, batch)
    given = tensors(experiment)
    x, y = tf.gather(given.x, chosen), tf.gather(given.y, chosen)
    sums, outputs = network.observe(x)
    for place, (before, after) in enumerate(zip(sums, outputs, strict=True)):
        inside = len(network.kernels_of(network.weight_layers[place])) > 1
        for what, values in (("weighted sums", before), ("outputs", after)):
            if inside and what == "weighted sums":
                # They are inside, such as one at every step.
                continue
            if not np.all(np.isfinite(values)):
                return f"the {what} of {_layer(network, place)} were the first to overflow."
    with tf.GradientTape() as tape:
        loss = network.loss(y, network.model(x, training=True))
        penalty = tf.add_n(network.model.losses) if network.model.losses else tf.constant(0.0)
        total = loss + penalty
    if not np.isfinite(loss):
        return "every layer's outputs were still finite, but the loss itself overflowed."
    if not np.isfinite(total):
        return "the outputs and their loss were still finite, but the penalty on the weights overflowed."
    kernels = [network.kernels_of(layer) for layer in network.weight_layers]
    gradients = tape.gradient(total, kernels)
    for place in reversed(range(len(kernels))):
        if not all(np.all(np.isfinite(gradient)) for gradient in gradients[place]):
            return f"going backwards, the gradient of {_layer(network, place)} was the first to overflow."
    largest = int(np.argmax([float(tf.linalg.global_norm(gradient)) for gradient in gradients]))
    return f"the step was too long; the largest gradient was that of {_layer(network, largest)}."


def _layer(network: Network, place: int) -> str:
    last = len(network.weight_layers) - 1
    return "the output layer" if place == last else f"hidden layer {place + 1}"


def _remedy(experiment: Experiment) -> str:
    tries = [f"a learning rate of {experiment.learning_rate / 10:.2g}"]
    if experiment.regularizer != "none" and experiment.learning_rate * experiment.regularization_rate > 1:
        tries.append("a lower regularisation rate")
    if experiment.clip == "none":
        tries.append("gradient clipping")
    if experiment.initializer in ("too_large", "ones", "random_normal", "identity"):
        tries.append("initial weights made for this activation")
    if experiment.recurrent and experiment.recurrent_scale > 1:
        tries.append("a recurrent scale of at most 1")
    if any(parse_activation(name)[0].bounds[1] == math.inf for name in experiment.activations):
        tries.append("a bounded activation such as tanh")
    return f"Try {', or '.join(tries)}."
