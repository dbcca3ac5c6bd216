"""Activations compared: curves, signals by layer, races, and what a single neuron makes of the plane.

A function has the same colour and dash in every figure of every page, whatever it is compared with.
"""

from nnplay.figures.activations.curves import curves
from nnplay.figures.activations.depth import by_layer, by_pair, spread
from nnplay.figures.activations.looks import color, label, measuring
from nnplay.figures.activations.neuron import neuron
from nnplay.figures.activations.race import as_tile, race

__all__ = [
    "as_tile",
    "by_layer",
    "by_pair",
    "color",
    "curves",
    "label",
    "measuring",
    "neuron",
    "race",
    "spread",
]
