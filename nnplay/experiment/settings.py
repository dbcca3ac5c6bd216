"""The settings as a table: what a widget, a message or the docs need to know of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from nnplay.experiment.error import show
from nnplay.experiment.fields import CHOICES, MANY, Fields
from nnplay.experiment.formulas import FORMULAS

# A running model takes these over: its weights and the optimizer's memory keep their shapes. A dropout or
# momentum that stays above 0 is taken over as well, as `Experiment.needs_reset` knows.
LIVE = {
    "learning_rate", "schedule", "nesterov", "clip", "batch_size", "shuffle", "regularizer",
    "regularization_rate", "epochs", "target_loss", "patience",
}  # fmt: skip

# Of these the ratio of two values matters and not their difference: 0.01 is as far from 0.001 as from 0.1.
LOG = {
    "samples", "learning_rate", "batch_size", "regularization_rate", "sigma_w", "epochs", "target_loss",
    "patience",
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One setting.

    `low`, `high`: the range of a number, None for a name, a notation or a switch. `whole`: whether the number
    is a whole one; None for a switch. `choices`: the names to choose from, () where it is no name; with
    `many`, several of them joined by '-'. `live`: a running model takes a change over without a reset.
    `formula`: LaTeX, "" for none. `log`: whether the ratio of two values matters, not their difference.
    """

    name: str
    label: str
    help: str
    default: Any
    low: float | None
    high: float | None
    whole: bool | None
    choices: tuple[str, ...]
    many: bool
    live: bool
    formula: str = ""
    log: bool = False

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.low is not None and self.high is not None:
            # As short as it is exact: 0.5, 1e-06, 2147483647.
            low, high = (str(int(n)) if n == int(n) else repr(n) for n in (self.low, self.high))
            return f"{'a whole number' if self.whole else 'a number'} from {low} to {high}"
        if self.whole is None:
            return "0 or 1"
        return "a list of names" if self.name == "features" else "text"


def setting(
    name: str,
    field: FieldInfo,
    *,
    choices: Iterable[str] = (),
    many: bool = False,
    live: bool = True,
    formula: str = "",
    log: bool = False,
) -> Setting:
    """The row of a field of a pydantic record."""
    limits: dict[type, Any] = {type(item): item for item in field.metadata}
    return Setting(
        name=name,
        label=field.title or name,
        help=field.description or "",
        default=field.default,
        low=limits[Ge].ge if Ge in limits else None,
        high=limits[Le].le if Le in limits else None,
        whole=None if field.annotation is bool else field.annotation is int,
        choices=tuple(choices),
        many=many,
        live=live,
        formula=formula,
        log=log,
    )


SETTINGS: dict[str, Setting] = {
    name: setting(
        name,
        field,
        choices=CHOICES.get(name, ()),
        many=name in MANY,
        live=name in LIVE,
        formula=FORMULAS.get(name, ""),
        log=name in LOG,
    )
    for name, field in Fields.model_fields.items()
}


def sentence(fault: ErrorDetails, setting: Setting) -> str:
    """What was wrong, what is allowed and what was given, for a fault that pydantic found in this setting."""
    if fault["type"] == "value_error":
        # Raised by a registry or a notation, which has better words.
        text = str(fault["ctx"]["error"])
        return text if text.endswith(".") else text + "."
    given = show(fault["input"])
    if fault["type"] == "string_too_long":
        allowed = f"have at most {fault['ctx']['max_length']:,} characters; {given} has more"
    else:
        allowed = f"be {setting.allowed}, not {given}"
    return f"{setting.label} ({setting.name}) must {allowed}."
