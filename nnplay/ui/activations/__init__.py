"""The parts of the activations page, one a module; `PART_VIEWS` maps the setting `part` to its view."""

from collections.abc import Callable

from nnplay.ui.activations.curves import curves
from nnplay.ui.activations.depth import depth
from nnplay.ui.activations.neuron import neuron
from nnplay.ui.activations.picker import picker
from nnplay.ui.activations.race import race
from nnplay.ui.activations.said_wrong import said_wrong

__all__ = ["PART_VIEWS", "picker", "said_wrong"]

PART_VIEWS: dict[str, Callable[[], None]] = {
    "curves": curves,
    "depth": depth,
    "race": race,
    "neuron": neuron,
}
