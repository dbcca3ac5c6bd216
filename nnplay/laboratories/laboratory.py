"""What the settings of every laboratory page share: validation, links, errors; as the experiment has them.

A laboratory is a subclass with its fields, each with default, title and description; numbers are `Whole`,
`Real` or `Switch` of `nnplay.experiment.numerals` with `ge` and `le`. A field that is one name of a registry
is listed in `CHOICES`; other fields check themselves in field validators that raise ValueError.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from nnplay import catalog
from nnplay.experiment import SETTINGS, Setting, split_link
from nnplay.experiment.error import printable
from nnplay.experiment.links import collect, write_link
from nnplay.experiment.settings import sentence, setting
from nnplay.registry import UnknownName, look_up


def as_in_experiment(name: str, default: Any, *, ge: float | None = None, le: float | None = None) -> Any:
    """A field that is a setting of the experiment, with its words and, where none are given, its limits."""
    known = SETTINGS[name]
    return Field(
        default,
        ge=known.low if ge is None else ge,
        le=known.high if le is None else le,
        title=known.label,
        description=known.help,
    )


class LaboratoryError(ValueError):
    """Settings that a laboratory cannot have.

    `problems` maps each setting at fault to its sentence; `record` is what could be kept, with the faulty
    settings at their defaults.
    """

    def __init__(self, problems: Mapping[str, str], record: "Laboratory") -> None:
        self.problems = {printable(name): sentence for name, sentence in problems.items()}
        self.record = record
        super().__init__(" ".join(self.problems.values()))


class Laboratory(BaseModel):
    """The settings of a laboratory page; subclasses name them."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    # The registry that a field's name is from.
    CHOICES: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    # Those of them that are an activation, perhaps with its parameter, as in 'elu~0.5'.
    ACTIVATIONS: ClassVar[tuple[str, ...]] = ()

    @field_validator("*")
    @classmethod
    def _name_exists(cls, value: Any, info: ValidationInfo) -> Any:
        name = str(info.field_name)
        adjustable = name in cls.ACTIVATIONS
        if name in cls.CHOICES:
            plain = value.partition("~")[0] if adjustable else value
            look_up(cls.CHOICES[name], plain, cls.setting(name).label.lower())
        return catalog.format_activation(*catalog.parse_activation(value)) if adjustable else value

    @classmethod
    def setting(cls, name: str) -> Setting:
        """Label, help, default and range of a field."""
        return setting(name, cls.model_fields[name], choices=cls.CHOICES.get(name, ()))

    def change(self, **fields: Any) -> Self:
        """The same settings with some changed, validated anew. Raises `LaboratoryError`."""
        return type(self).make({**self.model_dump(), **fields})

    def differences(self) -> dict[str, Any]:
        """The settings that are not at their default."""
        return {
            name: value
            for name, value in self.model_dump().items()
            if value != type(self).model_fields[name].default
        }

    def to_link(self) -> str:
        """A readable query string: the version and what differs from the defaults."""
        return write_link(self.differences())

    @classmethod
    def from_link(cls, text: str) -> Self:
        """Read a link (a query string or a whole address). Raises `LaboratoryError` naming every fault."""
        return cls.from_pairs(split_link(text))

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[str, Any]]) -> Self:
        """Read the pairs of a link. Raises `LaboratoryError` naming every fault."""
        fields, problems = collect(pairs)
        try:
            record = cls.make(fields)
        except LaboratoryError as error:
            raise LaboratoryError(problems | error.problems, error.record) from None
        if problems:
            raise LaboratoryError(problems, record)
        return record

    @classmethod
    def make(cls, fields: Mapping[str, Any]) -> Self:
        """Settings from what is not trusted. Raises `LaboratoryError` naming every fault."""
        problems = cls._unknown(fields)
        known = {name: value for name, value in fields.items() if name not in problems}
        try:
            record = cls(**known)
        except ValidationError as error:
            for fault in error.errors():
                name = str(fault["loc"][0])
                problems[name] = sentence(fault, cls.setting(name))
            kept = {name: value for name, value in known.items() if name not in problems}
            try:
                record = cls.make(kept)
            except LaboratoryError as more:
                # A default in the place of what was wrong need not go with the rest.
                raise LaboratoryError(more.problems | problems, more.record) from None
        if problems:
            raise LaboratoryError(problems, record)
        return record

    @classmethod
    def _unknown(cls, fields: Mapping[str, Any]) -> dict[str, str]:
        problems = {}
        for name in fields:
            try:
                look_up(cls.model_fields, name, "setting")
            except UnknownName as error:
                problems[name] = str(error)
        return problems
