"""The experiment itself, and `make` and `from_pairs`, the doors for settings that are not trusted."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, replace
from typing import Any, Self

from pydantic import ValidationError, model_validator

from nnplay import catalog
from nnplay import data as datasets
from nnplay.experiment.draft import Draft, misfits
from nnplay.experiment.error import ExperimentError
from nnplay.experiment.fields import Fields
from nnplay.experiment.links import collect, split_json, split_link, write_link
from nnplay.experiment.settings import SETTINGS, sentence
from nnplay.registry import UnknownName, look_up


class Experiment(Draft):
    """A run: data, network and training. Two equal experiments give the same numbers.

    Frozen and hashable; whatever way it was made, every setting is valid and they go together. `hidden` is a
    text in the catalogue's layer notation ("8-8"), so that other kinds of layers need no other record.
    """

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if found := misfits(self):
            raise ValueError(" ".join(found.values()))
        return self

    def change(self, **fields: Any) -> "Experiment":
        """The same experiment with some settings changed, validated anew. Raises `ExperimentError`."""
        return make({**self.model_dump(), **fields})

    @property
    def batches(self) -> int:
        """Batches in an epoch, the last partial one included."""
        samples = len(self.load_data().x_train)
        return math.ceil(samples / min(self.batch_size or samples, samples))

    def cannot_keep_weights(self, other: "Experiment") -> str:
        """Why the weights of this experiment's network would not fit that of `other`; "" where they fit."""
        mine, its = self.input_shape, other.input_shape
        if mine != its:
            sizes = [" × ".join(map(str, shape)) for shape in (mine, its)]
            return (
                f"The weights cannot be kept: the inputs would be {sizes[1]} numbers instead of {sizes[0]}."
            )
        if self.pairing.units != other.pairing.units:
            return (
                f"The weights cannot be kept: there would be {other.pairing.units} outputs instead of "
                f"{self.pairing.units}."
            )
        widths = [
            [catalog.parse_activation(name)[0].units_factor for name in found.activations]
            for found in (self, other)
        ]
        layers = [
            [replace(layer, normalization="", dropout=None) for layer in found.layers]
            for found in (self, other)
        ]
        if layers[0] != layers[1] or self.normalizations != other.normalizations:
            return "The weights cannot be kept: they are those of other layers."
        if widths[0] != widths[1]:
            return "The weights cannot be kept: a gated activation needs twice as many as another one."
        if catalog.METRICS[self.task] != catalog.METRICS[other.task]:
            return "The weights cannot be kept: classes and numbers are not measured alike."
        return ""

    def needs_reset(self, other: "Experiment") -> tuple[str, ...]:
        """Settings in which `other` differs and that a running model cannot take over.

        Momentum and dropout are taken over unless they are switched on or off: what they need to remember
        is then part of the one state and not of the other. (A layer's own dropout stands in `hidden`.) So is
        the batch size, unless a schedule counts.
        """
        waiting = [
            name
            for name in SETTINGS
            if (value := getattr(other, name)) != getattr(self, name) and not self._takes_over(name, value)
        ]
        # What all layers have counts where a layer has no own: the two are judged together.
        together = {"hidden": other.hidden, "dropout": other.dropout}
        if _drops(self) == _drops(self.model_copy(update=together)):
            return tuple(name for name in waiting if name not in together)
        return tuple(waiting) if set(together) & set(waiting) else (*waiting, *together)

    def _takes_over(self, name: str, value: Any) -> bool:
        if name not in _REMEMBERS:
            return SETTINGS[name].live
        return _REMEMBERS[name](self) == _REMEMBERS[name](self.model_copy(update={name: value}))

    def program_key(self) -> str:
        """A stable text for what has to be compiled: equal keys share one compiled program.

        Not in it: the seed, the learning rate, the initial weights, the stop conditions, which data it is
        (only its shape), and how long to train unless a schedule depends on it.
        """
        split, pairing = self.load_data(), self.pairing
        optimizer = catalog.OPTIMIZERS[self.optimizer]
        schedule = catalog.SCHEDULES[self.schedule]
        penalty = catalog.REGULARIZERS[self.regularizer].rates and self.regularization_rate
        parts = {
            "shapes": [*split.x_train.shape, *split.x_test.shape, pairing.units],
            "task": self.task,
            "hidden": [astuple(replace(layer, normalization="", dropout=None)) for layer in self.layers],
            "activations": self.activations,
            "output": [pairing.output, pairing.targets],
            "dropouts": self.dropouts,
            "normalizations": self.normalizations,
            "residual": self.residual,
            "loss": self.loss,
            "optimizer": self.optimizer,
            "momentum": self.momentum_used,
            "nesterov": optimizer.nesterov and (self.nesterov or optimizer.usual_nesterov),
            "schedule": [self.schedule, self.epochs] if schedule.keras else "",
            "clip": self.clip,
            "batch": min(self.batch_size or len(split.x_train), len(split.x_train)),
            "shuffle": self.shuffle,
            "regularizer": [self.regularizer, penalty] if penalty else "",
        }
        return json.dumps(parts, separators=(",", ":"))

    def differences(self) -> dict[str, Any]:
        """The settings that are not at their default."""
        return {name: value for name, value in self.model_dump().items() if value != SETTINGS[name].default}

    def in_link(self) -> dict[str, Any]:
        """The settings that a link holds: those that differ from the defaults."""
        differences = self.differences()
        if datasets.is_own(self.data):
            # Not even their name: who opens a link is to find nobody's data.
            differences["data"] = datasets.OWN
        return differences

    def to_link(self) -> str:
        """A query string, readable unless it is very long: the version and what differs from the defaults."""
        return write_link(self.in_link())

    @classmethod
    def from_link(cls, text: str) -> "Experiment":
        """Read a link (a query string or a whole address). Raises `ExperimentError` naming every fault."""
        return from_pairs(split_link(text))

    def to_json(self) -> str:
        """All settings as JSON, defaults included."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str) -> "Experiment":
        """Read what `to_json` wrote. Raises `ExperimentError` naming every fault."""
        return from_pairs(split_json(text))


def _drops(experiment: Experiment) -> list[tuple[catalog.Layer, bool]]:
    """The layers but for their dropout, and which of them have one."""
    layers = (replace(layer, dropout=None) for layer in experiment.layers)
    return [(layer, rate > 0) for layer, rate in zip(layers, experiment.dropouts, strict=True)]


# Settings that a running model takes over as long as this stays as it is.
_REMEMBERS: dict[str, Callable[[Experiment], Any]] = {
    "momentum": lambda experiment: experiment.momentum_used > 0,
    "dropout": _drops,
    "hidden": _drops,
    # A schedule counts the steps of the whole run, and other batches would make it another number.
    "batch_size": lambda experiment: experiment.schedule != "constant" and experiment.batch_size,
}

DEFAULT = Experiment()


def make(fields: Mapping[str, Any]) -> Experiment:
    """Build an experiment from untrusted settings. Raises `ExperimentError` naming every fault."""
    problems = _unknown(fields)
    problems |= _faults({name: value for name, value in fields.items() if name not in problems})
    kept = {name: value for name, value in fields.items() if name not in problems}
    problems |= misfits(Draft(**kept), problems)
    if problems:
        raise ExperimentError(problems, _largest_part(kept))
    return Experiment(**kept)


def from_pairs(pairs: Iterable[tuple[str, Any]], own: str = "") -> Experiment:
    """Build an experiment from the pairs of a link. Raises `ExperimentError` naming every fault.

    `own`: the name of the visitor's own data, where the link was theirs. No link itself can name any.
    """
    fields, problems = collect(pairs)
    if datasets.is_own(str(fields.get("data", ""))):
        fields["data"] = own or datasets.OWN
    try:
        experiment = make(fields)
    except ExperimentError as error:
        raise ExperimentError(problems | error.problems, error.experiment) from None
    if problems:
        raise ExperimentError(problems, experiment)
    return experiment


def check_value(name: str, value: Any) -> Any:
    """The value as the record would hold it, if it is right by itself. Raises `ExperimentError`."""
    if problems := _unknown({name: value}) or _faults({name: value}):
        raise ExperimentError(problems)
    return getattr(Fields(**{name: value}), name)


def _unknown(fields: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each name that is no setting."""
    problems = {}
    for name in fields:
        try:
            look_up(SETTINGS, name, "setting")
        except UnknownName as error:
            problems[name] = str(error)
    return problems


def _faults(fields: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each setting that is wrong by itself."""
    try:
        Fields(**fields)
    except ValidationError as error:
        faults = {str(fault["loc"][0]): fault for fault in error.errors()}
        return {name: sentence(fault, SETTINGS[name]) for name, fault in faults.items()}
    return {}


def _largest_part(fields: Mapping[str, Any]) -> Experiment:
    """An experiment of these settings, each right by itself, without those that do not fit the others."""
    while found := misfits(Draft(**fields)):
        fewer = {name: value for name, value in fields.items() if name not in found}
        # A misfit that was not given comes of what was: then all of it goes.
        fields = fewer if len(fewer) < len(fields) else {}
    return Experiment(**fields)
