"""All datasets, in menu order, and those that visitors brought, for as long as somebody holds them."""

from weakref import WeakValueDictionary

from nnplay.data.chance import CHANCE
from nnplay.data.curves import CURVES
from nnplay.data.dataset import Dataset
from nnplay.data.images import IMAGES
from nnplay.data.lessons import LESSONS
from nnplay.data.planes import PLANES
from nnplay.data.sequences import SEQUENCES
from nnplay.data.signals import SIGNALS
from nnplay.data.surfaces import SURFACES
from nnplay.data.tables import TABLES
from nnplay.registry import look_up

DATASETS: dict[str, Dataset] = {
    **PLANES,
    **SURFACES,
    **CURVES,
    **TABLES,
    **IMAGES,
    **SIGNALS,
    **SEQUENCES,
    **LESSONS,
    **CHANCE,
}
# The name of a visitor's own dataset: this, and behind a hyphen what nobody can guess. In a link this alone.
OWN = "own"
_own: WeakValueDictionary[str, Dataset] = WeakValueDictionary()


def is_own(name: str) -> bool:
    """Whether a name is that of a visitor's own dataset."""
    return name.partition("-")[0] == OWN


def hold(dataset: Dataset) -> Dataset:
    """Let a visitor's own dataset be found by its name while anybody has it; returns the one to have.

    In a worker, which gets a copy with every task, that is the first that came.
    """
    return _own.setdefault(dataset.name, dataset)


def find(name: str) -> Dataset:
    """The dataset of this name, of the registry or a visitor's own. Raises `UnknownName`."""
    own = _own.get(name)
    return own if own else look_up(DATASETS, name, "dataset")
