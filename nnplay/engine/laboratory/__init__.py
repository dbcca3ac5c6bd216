"""Laboratory questions: computed once, in a worker. `QUESTIONS` names what a page may ask.

Every function takes plain, hashable arguments and returns arrays and floats; the same arguments give the same
answer. A `ValueError` is a sentence for the person who asked.
"""

from collections.abc import Callable
from typing import Any

from nnplay.engine.laboratory.curves import curves, probe
from nnplay.engine.laboratory.first_batches import first_batches, gradient_at_start
from nnplay.engine.laboratory.mean_field import mean_field
from nnplay.engine.laboratory.moments import moments
from nnplay.engine.laboratory.neuron import neuron
from nnplay.engine.laboratory.phase_diagram import phase_diagram
from nnplay.engine.laboratory.propagation import propagate
from nnplay.engine.laboratory.through_time import through_time

__all__ = ["QUESTIONS"]

QUESTIONS: dict[str, Callable[..., Any]] = {
    "curves": curves,
    "probe": probe,
    "neuron": neuron,
    "propagate": propagate,
    "mean_field": mean_field,
    "phase_diagram": phase_diagram,
    "moments": moments,
    "through_time": through_time,
    "first_batches": first_batches,
    "gradient_at_start": gradient_at_start,
}
