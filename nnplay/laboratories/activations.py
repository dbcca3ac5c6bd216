"""The settings of the activations page."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from nnplay import catalog
from nnplay.experiment.numerals import Real, Switch, Whole
from nnplay.laboratories.laboratory import Laboratory, as_in_experiment
from nnplay.laboratories.size import refusal
from nnplay.laboratories.tasks import TASKS

# The parts of the page: the label of each.
PARTS = {"curves": "Curves", "depth": "Through depth", "race": "Race", "neuron": "Neuron"}
# Beside the catalogue's initialisers: for each activation the one that suits it.
SUITABLE = "suitable"
INITIALIZERS: Mapping[str, Any] = {SUITABLE: None, **catalog.INITIALIZERS}
# Half the width of the input axis on which curves are drawn.
REACH = 6.0
# Inputs that are pushed through the random networks.
SAMPLES = 256


class ActivationLab(Laboratory):
    """What the activations page shows."""

    CHOICES: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "part": PARTS,
        "initializer": INITIALIZERS,
        "task": TASKS,
    }

    part: str = Field("curves", title="Part", description="Which of the four views is open.")
    functions: str = Field(
        "tanh-relu-sigmoid-gelu",
        max_length=1000,
        title="Activations",
        description="The functions that are compared; a parameter is written as in 'elu~0.5'.",
    )
    probe: Real = Field(
        1.0, ge=-REACH, le=REACH, title="Input x", description="Where value and slope are read."
    )

    depth: Whole = Field(20, ge=1, le=60, title="Layers", description="How many hidden layers.")
    width: Whole = Field(128, ge=4, le=512, title="Units a layer", description="How wide each layer is.")
    initializer: str = as_in_experiment("initializer", SUITABLE)
    sigma_w: Real = as_in_experiment("sigma_w", 1.0)
    sigma_b: Real = as_in_experiment("sigma_b", 0.0)
    compare: Switch = Field(
        False, title="Which initial weights suit which function?", description="Measures every combination."
    )
    seed: Whole = as_in_experiment("seed", 1)

    task: str = Field("sine", title="Task", description="What the networks race on.")
    suited: Switch = Field(
        False,
        title="To each its own initial weights",
        description="Off: all start from the very same weights. On: each from the kind that suits it.",
    )
    races: Whole = Field(
        5, ge=2, le=20, title="Seeds", description="How many repetitions, each with other data and weights."
    )

    weight_1: Real = Field(1.0, ge=-5, le=5, title="Weight w₁", description="Of the input x₁.")
    weight_2: Real = Field(0.5, ge=-5, le=5, title="Weight w₂", description="Of the input x₂.")
    bias: Real = Field(0.0, ge=-5, le=5, title="Bias b", description="Added to the weighted sum.")

    @field_validator("functions")
    @classmethod
    def _functions_exist(cls, text: str) -> str:
        found: dict[str, str] = {}
        for part in filter(None, text.split("-")):
            entry, parameters = catalog.parse_activation(part)
            if entry.name in found:
                raise ValueError(f"The activation {entry.name!r} is named twice. Name each once.")
            found[entry.name] = catalog.format_activation(entry, parameters)
        if not found:
            raise ValueError("There is nothing to compare. Choose at least one activation.")
        # Menu order: the same choice is the same link.
        return "-".join(found[name] for name in catalog.ACTIVATIONS if name in found)

    @field_validator("width")
    @classmethod
    def _not_too_large(cls, width: int, info: ValidationInfo) -> int:
        # What is missing is wrong by itself; the default width goes with every depth and every function.
        chosen = info.data.get("functions", "tanh").split("-")
        factor = max(catalog.parse_activation(name)[0].units_factor for name in chosen)
        if sentence := refusal(info.data.get("depth", 1), width, SAMPLES, factor):
            raise ValueError(sentence)
        return width

    @property
    def names(self) -> tuple[str, ...]:
        """The chosen functions in the catalogue's notation, in menu order."""
        return tuple(self.functions.split("-"))
