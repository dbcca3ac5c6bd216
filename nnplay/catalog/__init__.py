"""What exists, as data: one registry a module, each a literal dict in menu order.

An entry names its Keras counterpart as a string (nothing here imports Keras), and carries a label, a LaTeX
formula and one line on when to use it. Adding something is adding an entry.
"""

from nnplay.catalog.activation_notation import BadActivation, format_activation, parse_activation
from nnplay.catalog.activations import ACTIVATIONS, Activation
from nnplay.catalog.architectures import (
    BadLayers,
    format_layer,
    format_layers,
    parse_layers,
)
from nnplay.catalog.clipping import CLIPPINGS, BadClip, Clip, format_clip, parse_clip
from nnplay.catalog.initializers import INITIALIZERS, Initializer
from nnplay.catalog.layer_kinds import LAYER_KINDS, MAX_DROPOUT, Layer, LayerKind, Shape
from nnplay.catalog.losses import LOSSES, Loss, Mismatch, Pairing, losses_for, outputs_for, pair, put_right
from nnplay.catalog.metrics import METRIC_ENTRIES, METRICS, Metric
from nnplay.catalog.normalization import NORMALIZATIONS, Normalization
from nnplay.catalog.optimizers import OPTIMIZERS, Optimizer
from nnplay.catalog.regularizers import REGULARIZERS, Regularizer
from nnplay.catalog.schedules import SCHEDULES, Schedule
from nnplay.catalog.stack import BadStack, Stage, stack

__all__ = [
    "ACTIVATIONS", "CLIPPINGS", "INITIALIZERS", "LAYER_KINDS", "LOSSES", "MAX_DROPOUT", "METRICS",
    "METRIC_ENTRIES", "NORMALIZATIONS", "OPTIMIZERS", "REGULARIZERS", "SCHEDULES", "Activation",
    "BadActivation", "BadClip", "BadLayers", "BadStack", "Clip", "Initializer", "Layer", "LayerKind", "Loss",
    "Metric", "Mismatch", "Normalization", "Optimizer", "Pairing", "Regularizer", "Schedule", "Shape",
    "Stage", "format_activation", "format_clip", "format_layer", "format_layers", "losses_for", "outputs_for",
    "pair", "parse_activation", "parse_clip", "parse_layers", "put_right", "stack",
]  # fmt: skip
