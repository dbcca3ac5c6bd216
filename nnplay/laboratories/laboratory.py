"""What the settings of every laboratory page share: validation, links, errors; as the experiment has them.

A laboratory is a subclass with its fields, each with default, title and description; numbers are `Whole`,
`Real` or `Switch` of `nnplay.experiment.numerals` with `ge` and `le`. A field that is one name of a registry
is listed in `CHOICES`; other fields check themselves in field validators that raise ValueError.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails

from nnplay.experiment import Setting, split_link
from nnplay.experiment.error import printable, show
from nnplay.experiment.links import collect, write_link
from nnplay.registry import UnknownName, look_up


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

    @field_validator("*")
    @classmethod
    def _name_exists(cls, value: Any, info: ValidationInfo) -> Any:
        name = str(info.field_name)
        if name in cls.CHOICES:
            look_up(cls.CHOICES[name], value, cls.setting(name).label.lower())
        return value

    @classmethod
    def setting(cls, name: str) -> Setting:
        """Label, help, default and range of a field."""
        field = cls.model_fields[name]
        limits: dict[type, Any] = {type(item): item for item in field.metadata}
        return Setting(
            name=name,
            label=field.title or name,
            help=field.description or "",
            default=field.default,
            low=limits[Ge].ge if Ge in limits else None,
            high=limits[Le].le if Le in limits else None,
            whole=None if field.annotation is bool else field.annotation is int,
            choices=tuple(cls.CHOICES.get(name, ())),
            many=False,
            live=True,
        )

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
                name = str(fault["loc"][0]) if fault["loc"] else ""
                problems[name] = cls._sentence(name, fault)
            kept = {name: value for name, value in known.items() if name not in problems}
            # What is wrong with the whole cannot be kept by leaving parts out.
            raise LaboratoryError(problems, cls() if "" in problems else cls(**kept)) from None
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

    @classmethod
    def _sentence(cls, name: str, fault: ErrorDetails) -> str:
        """What was wrong, what is allowed and what was given."""
        if fault["type"] == "value_error" or not name:
            # Raised by a registry or a notation, which has better words.
            text = str(fault.get("ctx", {}).get("error", fault["msg"]))
            return text if text.endswith(".") else text + "."
        setting = cls.setting(name)
        given = show(fault["input"])
        if fault["type"] == "string_too_long":
            allowed = f"have at most {fault['ctx']['max_length']:,} characters; {given} has more"
        else:
            allowed = f"be {setting.allowed}, not {given}"
        return f"{setting.label} ({name}) must {allowed}."
