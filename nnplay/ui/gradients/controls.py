"""Controls that several parts of the gradients page have."""

from nnplay.laboratories.gradients import DATA
from nnplay.ui import laboratory
from nnplay.ui.hand_over import to_playground
from nnplay.ui.laboratory import another_seed as seed

__all__ = ["data", "seed", "to_playground"]


def data() -> None:
    """What is trained on."""
    laboratory.choice("data", {name: entry.label for name, entry in DATA.items()})
