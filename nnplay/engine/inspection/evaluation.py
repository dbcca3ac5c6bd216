"""Loss and metrics of the model as it is, without training."""

from typing import Any

import numpy as np

from nnplay.data import encode_targets
from nnplay.engine.backend import tf
from nnplay.engine.build import Network, make_metrics
from nnplay.experiment import Experiment


def evaluation(experiment: Experiment, network: Network) -> dict[str, Any]:
    """`loss`, `val_loss` (penalties included), the metrics and their `val_`: floats.

    Unlike the rows of an epoch, all training samples are measured on the same weights.
    """
    split, targets = experiment.load_data(), experiment.pairing.targets
    penalty = float(tf.add_n(network.model.losses)) if network.model.losses else 0.0
    found: dict[str, Any] = {}
    for prefix, x, y in (("", split.x_train, split.y_train), ("val_", split.x_test, split.y_test)):
        wanted = tf.constant(encode_targets(y, targets, split.classes))
        predicted = network.observe(x)[1][-1]
        found[prefix + "loss"] = float(network.loss(wanted, predicted)) + penalty
        for metric in make_metrics(experiment):
            metric.update_state(wanted, predicted)
            found[prefix + metric.name] = float(np.asarray(metric.result()))
    return found
