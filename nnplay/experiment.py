"""The experiment: one flat, frozen, validated record that describes a run completely.

Everything a person can choose passes through here, whether it comes from a widget, a link, a
command line or a file; the code below trusts it. `SETTINGS` at the end is the same record seen as a
table (label, help, range, whether a running model takes it over), for the sidebar and the docs.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, Self
from urllib.parse import parse_qsl, quote, unquote

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from nnplay import catalog
from nnplay import data as datasets
from nnplay.registry import look_up

LINK_VERSION = "1"
MAX_LINK_LENGTH = 4000
MAX_PARAMETERS = 2_000_000


class ExperimentError(ValueError):
    """Settings that describe no experiment.

    `problems` maps each setting at fault to its sentence (the key "" holds what concerns the whole);
    `experiment` is what could be kept: the given settings with the faulty ones at their defaults.
    """

    def __init__(self, problems: Mapping[str, str], experiment: "Experiment | None" = None):
        self.problems = dict(problems)
        self.experiment = experiment
        super().__init__(" ".join(self.problems.values()))


class Experiment(BaseModel):
    """A run: data, network and training. Two equal experiments give the same numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=False)

    data: str = Field("spiral", title="Data", description="What the network learns from.")
    samples: int = Field(
        0,
        ge=0,
        le=5000,
        title="Samples",
        description="Training and test samples together; 0 takes as many as the data usually has.",
    )
    classes: int = Field(3, ge=2, le=6, title="Classes", description="For data that can have several.")
    label_noise: float = Field(
        0.0, ge=0, le=0.5, title="Label noise", description="How unreliable the answers are."
    )
    position_noise: float = Field(
        0.0, ge=0, le=0.5, title="Position noise", description="How far points stray from their place."
    )
    imbalance: float = Field(
        0.0, ge=0, le=0.9, title="Class imbalance", description="Share of the other classes' points left out."
    )
    test_fraction: float = Field(
        0.5, ge=0.05, le=0.9, title="Test share", description="Share of the points kept aside for testing."
    )
    features: tuple[str, ...] = Field(
        ("x1", "x2"), title="Inputs", description="What the network is given of each point."
    )
    standardize: str = Field(
        "auto", title="Standardise inputs", description="Shift and scale each input to mean 0, deviation 1."
    )

    hidden: str = Field(
        "8-8", max_length=1000, title="Hidden layers", description="Units of each layer, joined by '-'."
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
    dropout: float = Field(
        0.0, ge=0, le=0.9, title="Dropout", description="Share of hidden outputs set to 0 at each step."
    )
    normalization: str = Field(
        "none", title="Normalisation", description="Rescales each hidden layer's sums before its activation."
    )
    initializer: str = Field(
        "glorot_uniform", title="Initial weights", description="How weights are drawn before training."
    )

    loss: str = Field("mse", title="Loss", description="The number that training makes smaller.")
    optimizer: str = Field("adam", title="Optimizer", description="How a gradient becomes a step.")
    learning_rate: float = Field(
        0.01, ge=1e-6, le=100, title="Learning rate", description="Length of a step; the first thing to try."
    )
    schedule: str = Field(
        "constant", title="Schedule", description="How the learning rate changes over the run."
    )
    momentum: float = Field(
        0.0, ge=0, le=0.999, title="Momentum", description="Share of the last step that is kept."
    )
    nesterov: bool = Field(
        False, title="Nesterov", description="Take the gradient where the momentum is about to lead."
    )
    clip: str = Field(
        "none",
        max_length=40,
        title="Gradient clipping",
        description="Limits gradients: 'value0.5' each entry, 'norm1' each array, 'global1' all together.",
    )
    batch_size: int = Field(
        10, ge=0, le=1024, title="Batch size", description="Samples for one step; 0 takes all of them."
    )
    shuffle: bool = Field(True, title="Shuffle", description="A new order of the samples every epoch.")
    regularizer: str = Field(
        "none", title="Regularisation", description="A price on large weights, added to the loss."
    )
    regularization_rate: float = Field(
        0.001, ge=0, le=10, title="Regularisation rate", description="How high that price is."
    )
    seed: int = Field(
        1, ge=0, le=2**31 - 1, title="Seed", description="Same seed, same points, same weights, same run."
    )
    epochs: int = Field(
        1000, ge=1, le=100_000, title="Epochs", description="Passes over the training points; then it stops."
    )
    target_loss: float = Field(
        0.0, ge=0, le=1e6, title="Stop at test loss", description="0: do not stop for this."
    )
    patience: int = Field(
        0,
        ge=0,
        le=100_000,
        title="Patience",
        description="Stop after so many epochs without a better test loss; 0: never.",
    )

    # ---- validation: names are looked up in their registry, notations parsed, then the whole is checked

    @field_validator("data")
    @classmethod
    def _data_exists(cls, name: str) -> str:
        return look_up(datasets.DATASETS, name, "dataset").name

    @field_validator("features", mode="before")
    @classmethod
    def _features_are_a_list(cls, value: Any) -> Any:
        return tuple(part for part in value.split("-") if part) if isinstance(value, str) else value

    @field_validator("features")
    @classmethod
    def _features_exist(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names[:50]:
            look_up(datasets.FEATURES, name, "input")
        # Menu order and no repetition: the same choice is the same experiment.
        return tuple(name for name in datasets.FEATURES if name in names)

    @field_validator("hidden")
    @classmethod
    def _hidden_parses(cls, text: str) -> str:
        return catalog.format_layers(catalog.parse_layers(text))

    @field_validator("activation")
    @classmethod
    def _activations_exist(cls, text: str) -> str:
        names = text.split("-")
        for name in names:
            look_up(catalog.ACTIVATIONS, name, "activation")
        return names[0] if len(set(names)) == 1 else text

    @field_validator("standardize")
    @classmethod
    def _standardize_is_known(cls, value: str) -> str:
        return look_up({"auto": "auto", "on": "on", "off": "off"}, value, "choice for standardize")

    @field_validator("normalization", "initializer", "loss", "optimizer", "schedule", "regularizer")
    @classmethod
    def _name_exists(cls, name: str, info: Any) -> str:
        return look_up(_REGISTRIES[info.field_name], name, info.field_name).name

    @field_validator("output")
    @classmethod
    def _output_exists(cls, name: str) -> str:
        return name if name == "auto" else look_up(catalog.ACTIVATIONS, name, "output").name

    @field_validator("clip")
    @classmethod
    def _clip_parses(cls, text: str) -> str:
        return catalog.format_clip(catalog.parse_clip(text))

    @model_validator(mode="after")
    def _whole_fits(self) -> Self:
        layers, names = self.layers, self.activation.split("-")
        if len(names) not in (1, max(1, len(layers))):
            raise ValueError(
                f"Activation names {len(names)} layers but the network has {len(layers)} hidden ones. "
                "Give one activation for all layers, or one for each."
            )
        if not self.features and datasets.features_for(self.dataset):
            raise ValueError("A network needs at least one input. Choose one or more of the inputs.")
        self.pairing  # noqa: B018  raises Mismatch when loss, output and data do not go together
        if (count := self.parameters_estimate) > MAX_PARAMETERS:
            raise ValueError(
                f"The network would have about {count:,} weights; at most {MAX_PARAMETERS:,} are allowed. "
                "Use fewer layers or units."
            )
        return self

    # ---- what follows from the settings

    @property
    def dataset(self) -> datasets.Dataset:
        """The registry entry of the data."""
        return datasets.DATASETS[self.data]

    @property
    def task(self) -> str:
        """ "binary", "multiclass" or "regression"."""
        return datasets.task_of(self.dataset, self.classes)

    @property
    def layers(self) -> tuple[catalog.Layer, ...]:
        """The hidden layers, first = nearest the input."""
        return catalog.parse_layers(self.hidden)

    @property
    def activations(self) -> tuple[str, ...]:
        """One activation name for each hidden layer."""
        names = self.activation.split("-")
        return tuple(names) if len(names) == len(self.layers) else (names[0],) * len(self.layers)

    @property
    def pairing(self) -> catalog.Pairing:
        """Output activation, target encoding and number of output units that the loss leads to."""
        return catalog.pair(
            self.loss,
            self.task,
            self.output,
            unit_targets=self.dataset.unit_targets,
            classes=datasets.class_count(self.dataset, self.classes),
        )

    @property
    def input_names(self) -> tuple[str, ...]:
        """What each input of the network is: chosen features, or the table's columns."""
        return datasets.input_names(self.dataset, self.features)

    @property
    def parameters_estimate(self) -> int:
        """Weights and biases of the dense layers (normalisation not counted)."""
        sizes = [len(self.input_names), *(layer.units for layer in self.layers), self.pairing.units]
        return sum((a + 1) * b for a, b in pairwise(sizes))

    def load_data(self) -> datasets.Split:
        """The arrays, cached: the same settings give the same (shared, read-only) arrays."""
        return _load(
            self.data, self.samples, self.classes, self.label_noise, self.position_noise, self.imbalance,
            self.test_fraction, self.features, self.standardize, self.seed,
        )  # fmt: skip

    def program_key(self) -> str:
        """A stable text for what has to be compiled: equal keys share one compiled program.

        Not in it: the seed, the learning rate, the initial weights, the noise, which data it is (only
        its shape), and how long to train unless a schedule depends on it.
        """
        split = self.load_data()
        optimizer = catalog.OPTIMIZERS[self.optimizer]
        regularized = self.regularizer != "none" and self.regularization_rate > 0
        parts = {
            "shapes": [*split.x_train.shape, *split.x_test.shape, self.pairing.units],
            "hidden": self.hidden,
            "activations": self.activations,
            "output": [self.pairing.output, self.pairing.targets],
            "task": self.task,
            "dropout": self.dropout,
            "normalization": self.normalization,
            "loss": self.loss,
            "optimizer": self.optimizer,
            "momentum": [self.momentum, self.nesterov and optimizer.nesterov] if optimizer.momentum else 0,
            "schedule": [self.schedule, self.epochs] if self.schedule != "constant" else "constant",
            "clip": self.clip,
            "batch": self.batch_size,
            "shuffle": self.shuffle,
            "regularizer": [self.regularizer, self.regularization_rate] if regularized else "none",
        }
        return json.dumps(parts, separators=(",", ":"))

    def change(self, **fields: Any) -> "Experiment":
        """The same experiment with some settings changed, validated anew. Raises `ExperimentError`."""
        return make({**self.model_dump(), **fields})

    def needs_reset(self, other: "Experiment") -> tuple[str, ...]:
        """Settings in which `other` differs and that a running model cannot take over."""
        return tuple(
            name
            for name, setting in SETTINGS.items()
            if not setting.live and getattr(self, name) != getattr(other, name)
        )

    # ---- links and JSON

    def differences(self) -> dict[str, Any]:
        """The settings that are not at their default."""
        return {name: value for name, value in self.model_dump().items() if value != getattr(DEFAULT, name)}

    def to_link(self) -> str:
        """A readable query string: the version and what differs from the defaults."""
        pairs = [("v", LINK_VERSION), *((name, _text(value)) for name, value in self.differences().items())]
        return "&".join(f"{name}={quote(value, safe='-._~,')}" for name, value in pairs)

    @classmethod
    def from_link(cls, text: str) -> "Experiment":
        """Read a link (a query string or a whole address). Raises `ExperimentError`."""
        return from_pairs(split_link(text))

    def to_json(self) -> str:
        """All settings as JSON, defaults included."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> "Experiment":
        """Read what `to_json` wrote. Raises `ExperimentError`."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ExperimentError({"": f"This is not JSON: {error}. Give what 'to_json' wrote."}) from None
        if not isinstance(fields, dict):
            raise ExperimentError({"": "The JSON of an experiment is an object of settings, {...}."})
        return make(fields)


_REGISTRIES: dict[str, Mapping[str, Any]] = {
    "normalization": catalog.NORMALIZATIONS,
    "initializer": catalog.INITIALIZERS,
    "loss": catalog.LOSSES,
    "optimizer": catalog.OPTIMIZERS,
    "schedule": catalog.SCHEDULES,
    "regularizer": catalog.REGULARIZERS,
}


@lru_cache(maxsize=64)
def _load(
    name: str, samples: int, classes: int, label_noise: float, position_noise: float, imbalance: float,
    test_fraction: float, features: tuple[str, ...], standardize: str, seed: int,
) -> datasets.Split:  # fmt: skip
    return datasets.load(
        name, samples=samples or None, classes=classes, label_noise=label_noise,
        position_noise=position_noise, imbalance=imbalance, test_fraction=test_fraction, features=features,
        standardize={"auto": None, "on": True, "off": False}[standardize], seed=seed,
    )  # fmt: skip


def make(fields: Mapping[str, Any]) -> Experiment:
    """Build an experiment from untrusted settings. Raises `ExperimentError` naming every fault."""
    problems: dict[str, str] = {}
    known: dict[str, Any] = {}
    for name, value in fields.items():
        if name in Experiment.model_fields:
            known[name] = value
        else:
            try:
                look_up(Experiment.model_fields, str(name), "setting")
            except ValueError as error:
                problems[str(name)[:40]] = str(error)
    try:
        experiment = Experiment(**known)
    except ValidationError as error:
        problems |= {_setting(item): _sentence(item) for item in error.errors()}
        kept = {name: value for name, value in known.items() if name not in problems}
        try:
            experiment = Experiment(**kept)
        except ValidationError:
            experiment = DEFAULT
    if problems:
        raise ExperimentError(problems, experiment)
    return experiment


def _setting(item: Any) -> str:
    return str(item["loc"][0]) if item["loc"] else ""


def _sentence(item: Any) -> str:
    """What was wrong, what is allowed, what was given; in the words of the setting."""
    name = _setting(item)
    if item["type"] == "value_error":
        text = str(item["ctx"]["error"])
        return text if text.endswith(".") else text + "."
    if name in SETTINGS:
        setting = SETTINGS[name]
        given = repr(item["input"])[:40]
        if setting.low is not None:
            kind = "a whole number" if setting.whole else "a number"
            allowed = f"{kind} from {setting.low:g} to {setting.high:g}"
            return f"{setting.label} ({name}) must be {allowed}, not {given}."
        if setting.whole is None:
            return f"{setting.label} ({name}) must be 0 or 1, not {given}."
        return f"{setting.label} ({name}): {item['msg'][:1].lower()}{item['msg'][1:]}, not {given}."
    return str(item["msg"])


def settle(fields: Mapping[str, Any]) -> tuple[Experiment, list[str]]:
    """Like `make`, but a loss, output or activation list that does not fit the rest is put right.

    Returns the experiment and one sentence for each thing put right. What is plainly wrong (an unknown
    name, a number out of range) still raises `ExperimentError`.
    """
    fields, notes = dict(fields), []
    draft = {**DEFAULT.model_dump(), **fields}
    try:
        entry = look_up(datasets.DATASETS, draft["data"], "dataset")
        classes = int(draft["classes"])
        layers = catalog.parse_layers(str(draft["hidden"]))
    except (ValueError, TypeError):
        return make(fields), notes
    names = str(draft["activation"]).split("-")
    if len(names) > 1 and len(names) != len(layers):
        fields["activation"] = "-".join((names + [names[-1]] * len(layers))[: max(1, len(layers))])
        notes.append("The list of activations was fitted to the number of hidden layers.")
    if datasets.features_for(entry):
        wanted = draft["features"].split("-") if isinstance(draft["features"], str) else draft["features"]
        usable = [
            name for name in wanted if name not in datasets.FEATURES or name in datasets.features_for(entry)
        ]
        if len(usable) != len(wanted):
            fields["features"] = usable or datasets.features_for(entry)[:1]
            notes.append(f"{entry.label} has one input, x1: the inputs made from x2 were left out.")
    if draft["loss"] in catalog.LOSSES:
        task = datasets.task_of(entry, classes)
        loss, reason = catalog.put_right(draft["loss"], task, unit_targets=entry.unit_targets)
        if reason:
            fields["loss"], fields["output"] = loss, "auto"
            notes.append(reason)
        else:
            try:
                catalog.pair(
                    loss, task, draft["output"], unit_targets=entry.unit_targets,
                    classes=datasets.class_count(entry, classes),
                )  # fmt: skip
            except catalog.Mismatch as error:
                fields["output"] = "auto"
                notes.append(f"{error} The output was set to 'auto'.")
    return make(fields), notes


def split_link(text: str) -> list[tuple[str, str]]:
    """The key=value pairs of a query string or a whole address. Raises `ExperimentError`."""
    if len(text) > MAX_LINK_LENGTH:
        raise ExperimentError(
            {
                "": f"The link has {len(text):,} characters; at most {MAX_LINK_LENGTH:,} are allowed. Shorten it."
            }
        )
    query = text.strip().partition("?")[2] if "?" in text else text.strip()
    try:
        return parse_qsl(
            query, keep_blank_values=True, strict_parsing=bool(query), max_num_fields=100, errors="strict"
        )
    except ValueError:
        raise ExperimentError(
            {
                "": f"The link could not be read: {unquote(query)[:40]!r}. A link looks like 'data=xor&hidden=4-2'."
            }
        ) from None


def from_pairs(pairs: list[tuple[str, str]]) -> Experiment:
    """Read the key=value pairs of a link. Raises `ExperimentError` naming every fault."""
    fields: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, value in pairs:
        if name == "v":
            if value != LINK_VERSION:
                problems["v"] = (
                    f"The link is of version {value[:20]!r}; this nnplay reads version {LINK_VERSION}. "
                    "Open it with the nnplay that made it, or take the version out to try it here."
                )
        elif name in fields:
            problems[name[:40]] = f"{name[:40]!r} is given twice in the link. Give it once."
        else:
            fields[name] = value
    try:
        experiment = make(fields)
    except ExperimentError as error:
        raise ExperimentError(problems | error.problems, error.experiment) from None
    if problems:
        raise ExperimentError(problems, experiment)
    return experiment


def _text(value: Any) -> str:
    """A setting's value as a link writes it: the shortest text that reads back as the same value."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return "-".join(value)
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


class Setting(BaseModel):
    """One setting as a table's row: for widgets, messages and docs."""

    model_config = ConfigDict(frozen=True)
    name: str
    label: str
    help: str
    default: Any
    low: float | None  # range of a number; None for names and notations
    high: float | None
    whole: bool | None  # whole number? None: a switch
    live: bool  # a running model takes it over without a reset


# A running model can take these over: its weights and the optimizer's memory keep their shapes.
_LIVE = {
    "learning_rate", "schedule", "clip", "batch_size", "shuffle", "regularizer", "regularization_rate",
    "epochs", "target_loss", "patience",
}  # fmt: skip


def _row(name: str) -> Setting:
    field = Experiment.model_fields[name]
    limits = {type(item).__name__: item for item in field.metadata}
    return Setting(
        name=name,
        label=field.title or name,
        help=field.description or "",
        default=field.default,
        low=limits["Ge"].ge if "Ge" in limits else None,
        high=limits["Le"].le if "Le" in limits else None,
        whole=None if field.annotation is bool else field.annotation is int,
        live=name in _LIVE,
    )


SETTINGS: dict[str, Setting] = {name: _row(name) for name in Experiment.model_fields}
DEFAULT = Experiment()
