"""The settings of the gradients page."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, field_validator

from nnplay import catalog
from nnplay.data import DATASETS
from nnplay.experiment import Experiment
from nnplay.experiment.numerals import Real, Switch, Whole
from nnplay.laboratories.laboratory import Laboratory, as_in_experiment
from nnplay.laboratories.memory import MEMORY_TASKS, memories
from nnplay.laboratories.remedies import REMEDIES, STARTS, TRAINING, deep
from nnplay.registry import look_up

# The parts of the page: the label of each.
PARTS = {
    "depth": "Depth",
    "phase": "Phase diagram",
    "remedies": "Remedies",
    "time": "Through time",
    "exploding": "Exploding",
}
# Mean-field theory is about functions of one number.
ACTIVATIONS = {name: entry for name, entry in catalog.ACTIVATIONS.items() if entry.elementwise}
# A deep network is trained to tell two kinds of points of a plane.
DATA = {name: entry for name, entry in DATASETS.items() if entry.classes == 2 and entry.extent == (-6.0, 6.0)}
# Activations of the simple recurrent layer, with the greatest slope of each.
RECURRENT_ACTIVATIONS = {"tanh": 1.0, "sigmoid": 0.25, "linear": 1.0, "relu": 1.0}

# Inputs that are pushed through the random networks.
SAMPLES = 128
# The network that is made to explode.
HOT_LAYERS, HOT_WIDTH = 8, 32


class GradientLab(Laboratory):
    """What the gradients page shows."""

    CHOICES: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "part": PARTS,
        "activation": ACTIVATIONS,
        "function": ACTIVATIONS,
        "initializer": catalog.INITIALIZERS,
        "normalization": catalog.NORMALIZATIONS,
        "data": DATA,
        "start": STARTS,
        "recurrent_activation": RECURRENT_ACTIVATIONS,
        "memory": MEMORY_TASKS,
    }
    ACTIVATIONS: ClassVar[tuple[str, ...]] = ("activation", "function")

    part: str = Field("depth", title="Part", description="Which of the five views is open.")

    activation: str = Field(
        "sigmoid", title="Activation", description="What every hidden unit applies to its weighted sum."
    )
    depth: Whole = Field(30, ge=2, le=100, title="Layers", description="How many hidden layers.")
    width: Whole = Field(
        64,
        ge=8,
        le=128,
        title="Units a layer",
        description="How wide each layer is. The theory is exact for infinitely wide ones.",
    )
    initializer: str = as_in_experiment("initializer", "gaussian")
    sigma_w: Real = as_in_experiment("sigma_w", 1.0, ge=0.1, le=5)
    sigma_b: Real = as_in_experiment("sigma_b", 0.0, le=3)
    normalization: str = as_in_experiment("normalization", "none")
    residual: Switch = as_in_experiment("residual", False)
    seed: Whole = as_in_experiment("seed", 1)
    data: str = Field("circle", title="Data", description="What the network is trained on.")
    rate: Real = Field(
        0.05, ge=1e-5, le=10, title="Learning rate", description="Of plain gradient descent (SGD)."
    )

    function: str = Field("tanh", title="Activation", description="Of every hidden unit.")
    point_w: Real = as_in_experiment("sigma_w", 2.0, ge=0.1, le=5)
    point_b: Real = as_in_experiment("sigma_b", 0.5, le=3)

    start: str = Field("sigmoid", title="The patient", description="The network that does not train.")
    remedies: str = Field(
        "relu-batch-layer-residual",
        max_length=200,
        title="Remedies",
        description="Each is switched on alone, against the same seed and the same data.",
    )

    recurrent_activation: str = Field(
        "tanh", title="Activation", description="Of the simple recurrent layer; LSTM and GRU have their own."
    )
    radius: Real = Field(
        1.0,
        ge=0.05,
        le=3,
        title="Spectral radius",
        description="Largest absolute eigenvalue of the recurrent matrix.",
    )
    orthogonal: Switch = Field(
        True,
        title="Orthogonal",
        description="A rotation times the radius; otherwise Gaussian weights, scaled to the radius.",
    )
    gate: Real = Field(
        1.0,
        ge=-2,
        le=6,
        title="Bias of the gate that keeps",
        description="An LSTM's forget gate (Keras starts it at 1), a GRU's update gate (Keras: 0).",
    )
    units: Whole = Field(64, ge=4, le=256, title="Units", description="How many numbers the layer remembers.")
    steps: Whole = Field(60, ge=5, le=200, title="Time steps", description="How long the sequence is.")
    limit: Real = Field(
        1.0, ge=0.01, le=100, title="Clipping limit", description="A longer gradient is shortened to this."
    )

    memory: str = Field("adding", title="Task", description="What the recurrent networks are to learn.")
    length: Whole = Field(
        40, ge=2, le=100, title="Length", description="Of the sequences that they are trained on, in steps."
    )
    size: Whole = Field(16, ge=1, le=64, title="Units", description="Of the recurrent layer that is trained.")
    clipped: Switch = Field(
        False,
        title="Clip gradients",
        description="Shorten each gradient to the clipping limit, all weights together.",
    )

    weights: Real = Field(2.0, ge=0.1, le=10, title="Weight scale σ_w", description="√2 is right for ReLU.")
    hot_rate: Real = Field(
        0.1, ge=1e-4, le=100, title="Learning rate", description="Of plain gradient descent (SGD)."
    )
    clip: str = Field(
        "global1",
        max_length=40,
        title="Clipping",
        description="'value0.5' each entry, 'norm1' each array, 'global1' all together.",
    )

    @field_validator("remedies")
    @classmethod
    def _remedies_exist(cls, text: str) -> str:
        chosen = [part for part in text.split("-") if part]
        for name in chosen:
            look_up(REMEDIES, name, "remedy")
        return "-".join(name for name in REMEDIES if name in chosen)

    @field_validator("clip")
    @classmethod
    def _clip_parses(cls, text: str) -> str:
        return catalog.format_clip(catalog.parse_clip(text))

    @property
    def chosen(self) -> tuple[str, ...]:
        """Names of the remedies that are compared."""
        return tuple(filter(None, self.remedies.split("-")))

    @property
    def at_point(self) -> Self:
        """The same settings with the network of the point chosen in the phase diagram: plain wide layers."""
        return self.change(
            activation=self.function,
            initializer="gaussian",
            sigma_w=self.point_w,
            sigma_b=self.point_b,
            normalization="none",
            residual=False,
        )

    @property
    def experiment(self) -> Experiment:
        """The network of the first two parts as an experiment, for training and for the playground."""
        return Experiment(
            **TRAINING,
            data=self.data,
            hidden=deep(self.depth, self.width),
            activation=self.activation,
            initializer=self.initializer,
            sigma_w=self.sigma_w,
            sigma_b=self.sigma_b,
            normalization=self.normalization,
            residual=self.residual,
            learning_rate=self.rate,
            seed=self.seed,
        )

    @property
    def memories(self) -> dict[str, Experiment]:
        """The recurrent networks that are trained on the task, by the label of their layer."""
        return memories(
            self.memory,
            units=self.size,
            steps=self.length,
            scale=self.radius,
            activation=self.recurrent_activation,
            clip=f"global{self.limit:g}" if self.clipped else "none",
            seed=self.seed,
        )

    def hot(self, clip: str) -> Experiment:
        """The network of the last part, with this clipping."""
        return Experiment(
            **TRAINING,
            data=self.data,
            hidden=deep(HOT_LAYERS, HOT_WIDTH),
            activation="relu",
            initializer="gaussian",
            sigma_w=self.weights,
            learning_rate=self.hot_rate,
            clip=clip,
            seed=self.seed,
        )
