"""The parts of the sweep page: what is to be trained, the buttons, and what comes of it."""

from nnplay.ui.sweep.chosen import faults
from nnplay.ui.sweep.results import results
from nnplay.ui.sweep.running import buttons
from nnplay.ui.sweep.settings import settings

__all__ = ["buttons", "faults", "results", "settings"]
