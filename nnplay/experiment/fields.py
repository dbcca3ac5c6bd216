"""The settings of an experiment with their defaults, limits and words, each checked by itself.

A name is one of its registry (`CHOICES`), a number lies in its range, a notation can be read. Whether they go
together is not asked here. Each setting has one spelling in the end: the record holds that one.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from nnplay import catalog
from nnplay import data as datasets
from nnplay.experiment.numerals import Real, Switch, Whole
from nnplay.registry import UnknownName, look_up

# "auto" is the dataset's own habit.
STANDARDIZE: dict[str, bool | None] = {"auto": None, "on": True, "off": False}

# The registry that each named setting chooses from.
CHOICES: dict[str, Mapping[str, Any]] = {
    "data": datasets.DATASETS,
    "features": datasets.FEATURES,
    "standardize": STANDARDIZE,
    "activation": catalog.ACTIVATIONS,
    "output": {"auto": None, **catalog.ACTIVATIONS},
    "normalization": catalog.NORMALIZATIONS,
    "initializer": catalog.INITIALIZERS,
    "loss": catalog.LOSSES,
    "optimizer": catalog.OPTIMIZERS,
    "schedule": catalog.SCHEDULES,
    "regularizer": catalog.REGULARIZERS,
}
# These may name several of their registry, joined by '-'.
MANY = ("features", "activation")


class Fields(BaseModel):
    """All settings, flat, in the order of the sidebar."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    data: str = Field("spiral", title="Data", description="What the network learns from.")
    samples: Whole = Field(
        0,
        ge=0,
        le=10_000,
        title="Samples",
        description="Training and test samples together; 0 takes as many as the data usually has.",
    )
    classes: Whole = Field(
        3,
        ge=2,
        le=6,
        title="Classes",
        description="How many kinds of points there are, for data that can have several.",
    )
    steps: Whole = Field(
        datasets.USUAL_STEPS,
        ge=2,
        le=100,
        title="Time steps",
        description="Length of a sequence, for data that are sequences.",
    )
    label_noise: Real = Field(
        0.0,
        ge=0,
        le=0.5,
        title="Label noise",
        description="How unreliable the answers are: chance in the points' colours.",
    )
    position_noise: Real = Field(
        0.0, ge=0, le=0.5, title="Position noise", description="How far points stray from their place."
    )
    imbalance: Real = Field(
        0.0, ge=0, le=0.9, title="Class imbalance", description="Share of the other classes' points left out."
    )
    test_fraction: Real = Field(
        0.5, ge=0.05, le=0.9, title="Test share", description="Share of the points kept aside for testing."
    )
    features: tuple[str, ...] = Field(
        ("x1", "x2"), title="Inputs", description="What the network is given of each point."
    )
    standardize: str = Field(
        "auto",
        title="Standardise inputs",
        description="Shifts and scales each input so that its mean is 0 and its spread 1.",
    )

    # A text in the catalogue's notation and no list of numbers: a kind of layer that the catalogue learns
    # to read (convolution, recurrence, attention) needs nothing new here.
    hidden: str = Field(
        "8-8",
        max_length=1000,
        title="Hidden layers",
        description="Units of each layer, joined by '-'; for sequences also 'rnn8', 'lstm8' and 'gru8'. "
        "A layer may have its own normalisation and dropout: '8:batchnorm:dropout0.2'.",
    )
    activation: str = Field(
        "tanh",
        max_length=2000,
        title="Activation",
        description="What every hidden unit applies to its weighted sum; one for all, or one a layer.",
    )
    output: str = Field(
        "auto", title="Output", description="Activation of the last layer; 'auto' follows the loss."
    )
    dropout: Real = Field(
        0.0,
        ge=0,
        le=0.9,
        title="Dropout",
        description="Share of hidden outputs set to 0 at each step, in layers without their own.",
    )
    normalization: str = Field(
        "none",
        title="Normalisation",
        description="Rescales each hidden layer's sums before its activation, in layers without their own.",
    )
    initializer: str = Field(
        "glorot_uniform", title="Initial weights", description="How weights are drawn before training."
    )

    sigma_w: Real = Field(
        1.0,
        ge=0.01,
        le=10,
        title="Weight scale σ_w",
        description="For Gaussian initial weights: their variance is σ_w² over the number of inputs.",
    )
    sigma_b: Real = Field(
        0.0,
        ge=0,
        le=10,
        title="Bias scale σ_b",
        description="For Gaussian initial weights: how widely the biases are spread.",
    )
    recurrent_scale: Real = Field(
        1.0,
        ge=0,
        le=10,
        title="Recurrent scale g",
        description="Recurrent weights start as a random orthogonal matrix times g. Of a simple RNN g is the "
        "spectral radius; the matrix of an LSTM or a GRU holds the blocks of all gates side by side.",
    )
    residual: Switch = Field(
        False,
        title="Residual connections",
        description="Adds each hidden layer's input to its output, wherever they are equally wide.",
    )

    loss: str = Field("mse", title="Loss", description="The number that training makes smaller.")
    optimizer: str = Field(
        "adam", title="Optimizer", description="The rule by which the gradient becomes a step of the weights."
    )
    learning_rate: Real = Field(
        0.01,
        ge=1e-6,
        le=100,
        title="Learning rate",
        description="How far the weights move in a step; the first thing to try.",
    )
    schedule: str = Field(
        "constant", title="Schedule", description="How the learning rate changes over the run."
    )
    momentum: Real = Field(
        0.0, ge=0, le=0.999, title="Momentum", description="Share of the last step that the next one keeps."
    )
    nesterov: Switch = Field(
        False, title="Nesterov", description="Takes the gradient where the momentum is about to lead."
    )
    clip: str = Field(
        "none",
        max_length=40,
        title="Gradient clipping",
        description="Limits gradients: 'value0.5' each entry, 'norm1' each array, 'global1' all together.",
    )
    batch_size: Whole = Field(
        10, ge=0, le=1024, title="Batch size", description="Samples for one step; 0 takes all of them."
    )
    shuffle: Switch = Field(True, title="Shuffle", description="A new order of the samples every epoch.")
    regularizer: str = Field(
        "none", title="Regularisation", description="A price on large weights, added to the loss."
    )
    regularization_rate: Real = Field(
        # 20 is what TensorFlow Playground's largest L1 rate, 10, comes to.
        0.001,
        ge=0,
        le=20,
        title="Regularisation rate",
        description="How high the price on large weights is.",
    )
    seed: Whole = Field(
        1, ge=0, le=2**31 - 1, title="Seed", description="Same seed, same points, same weights, same run."
    )
    epochs: Whole = Field(
        1000, ge=1, le=100_000, title="Epochs", description="Passes over the training points; then it stops."
    )
    target_loss: Real = Field(
        0.0,
        ge=0,
        le=1e6,
        title="Stop at test loss",
        description="Stops when the test loss is as low as this; 0: never.",
    )
    patience: Whole = Field(
        0,
        ge=0,
        le=100_000,
        title="Patience",
        description="Stops after so many epochs without a better test loss; 0: never.",
    )

    @field_validator(*(name for name in CHOICES if name not in MANY))
    @classmethod
    def _name_exists(cls, name: str, info: ValidationInfo) -> str:
        setting = str(info.field_name)
        if setting == "data" and datasets.is_own(name):
            _own_is_there(name)
            return name
        look_up(CHOICES[setting], name, "dataset" if setting == "data" else setting)
        return name

    @field_validator("features", mode="before")
    @classmethod
    def _features_are_a_list(cls, value: Any) -> Any:
        return tuple(value.split("-") if value else ()) if isinstance(value, str) else value

    @field_validator("features")
    @classmethod
    def _features_exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            look_up(datasets.FEATURES, name, "input")
        if not names:
            raise ValueError(
                f"A network needs at least one input. Choose from: {', '.join(CHOICES['features'])}."
            )
        # Menu order and no repetition: the same choice is the same experiment.
        return tuple(name for name in datasets.FEATURES if name in names)

    @field_validator("hidden")
    @classmethod
    def _hidden_parses(cls, text: str) -> str:
        return catalog.format_layers(catalog.parse_layers(text))

    @field_validator("activation")
    @classmethod
    def _activations_exist(cls, text: str) -> str:
        names = [catalog.format_activation(*catalog.parse_activation(name)) for name in text.split("-")]
        return names[0] if len(set(names)) == 1 else "-".join(names)

    @field_validator("clip")
    @classmethod
    def _clip_parses(cls, text: str) -> str:
        return catalog.format_clip(catalog.parse_clip(text))


def _own_is_there(name: str) -> None:
    try:
        datasets.find(name)
    except UnknownName:
        raise ValueError(
            "This was made with somebody's own data, which no link holds and which are forgotten with "
            "the visit. "
            "Load them again under 'Your own data', or choose one of: "
            f"{', '.join(list(datasets.DATASETS)[:6])}..."
        ) from None
