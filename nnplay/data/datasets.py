"""All datasets, in menu order."""

from nnplay.data.chance import CHANCE
from nnplay.data.curves import CURVES
from nnplay.data.dataset import Dataset
from nnplay.data.lessons import LESSONS
from nnplay.data.planes import PLANES
from nnplay.data.sequences import SEQUENCES
from nnplay.data.signals import SIGNALS
from nnplay.data.surfaces import SURFACES
from nnplay.data.tables import TABLES

DATASETS: dict[str, Dataset] = {
    **PLANES,
    **SURFACES,
    **CURVES,
    **TABLES,
    **SIGNALS,
    **SEQUENCES,
    **LESSONS,
    **CHANCE,
}
