"""What a view of one sample is: when it fits, what it asks of the engine, and how it is drawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nnplay.catalog import LAYER_KINDS
from nnplay.experiment import Experiment
from nnplay.figures.tiles import Group

# What the engine found, by the name of its view without the sample.
Found = Mapping[str, Any]


@dataclass(frozen=True)
class SampleView:
    """An entry of the chooser; `about` is a sentence or two for newcomers, `formula` what is measured.

    `needs`: the engine's views of a sample that it draws; `of_network`: those that no sample changes.
    `groups` draws them; `seconds`: so long, at least, from one measurement to the next while a network
    learns.
    """

    name: str
    label: str
    about: str
    formula: str
    fits: Callable[[Experiment], bool]
    needs: tuple[str, ...]
    groups: Callable[[Experiment, Found], Sequence[Group]]
    of_network: tuple[str, ...] = ()
    seconds: float = 0.3


def layer_title(experiment: Experiment, place: int) -> str:
    """ "3 · Max pooling": a hidden layer, from 1."""
    return f"{place} · {LAYER_KINDS[experiment.layers[place - 1].kind].label}"
