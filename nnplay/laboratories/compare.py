"""The settings of the page that compares runs."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, field_validator

from nnplay import catalog
from nnplay.data.datasets import OWN, is_own
from nnplay.experiment import MAX_LINK_LENGTH, SETTINGS, Experiment, ExperimentError, make
from nnplay.experiment.links import write_link, write_value
from nnplay.experiment.numerals import Real, Switch, Whole
from nnplay.laboratories.laboratory import Laboratory

# The parts of the page: the label of each.
PARTS = {"kept": "Kept runs", "pair": "A against B", "seeds": "Over seeds"}
# What a curve can show, and on which samples.
MEASURES: Mapping[str, str] = {
    "loss": "Loss",
    **{name: entry.label for name, entry in catalog.METRIC_ENTRIES.items()},
}
GOALS = {
    # Not of "R²" and "RMSE".
    name: f"Test {label[:1].lower() + label[1:] if label[1:2].islower() else label}"
    for name, label in MEASURES.items()
}
SAMPLES = {"test": "Test", "training": "Training", "both": "Both"}
# Epochs per second of A and B; None for as fast as it goes.
SPEEDS: dict[str, float | None] = {"5": 5.0, "20": 20.0, "100": 100.0, "max": None}
# Two runs that differ in these are no two answers to one question.
NOT_COMPARED = ("epochs", "target_loss", "patience")
COMPARED = {name: entry.label for name, entry in SETTINGS.items() if name not in NOT_COMPARED}

# What is worth a try in B, where neither ten times as much nor the next name is.
SUGGESTED = {
    "hidden": ("8-8", "4"), "clip": ("norm1",), "features": ("x1-x2-x1x2", "x1"), "dropout": ("0.2",),
    "momentum": ("0.9",), "label_noise": ("0.2",), "position_noise": ("0.2",), "batch_size": ("50", "10"),
    "test_fraction": ("0.8",), "epochs": (), "residual": ("1",),
}  # fmt: skip


class CompareLab(Laboratory):
    """What the page that compares runs shows."""

    CHOICES: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "part": PARTS,
        "measure": MEASURES,
        "samples": SAMPLES,
        "differ": COMPARED,
        "speed": SPEEDS,
        "goal": GOALS,
    }

    part: str = Field("kept", title="Part", description="Which of the three views is open.")
    measure: str = Field("loss", title="Curves", description="What the curves show.")
    samples: str = Field("test", title="Samples", description="On which samples it is measured.")
    log: Switch = Field(False, title="Logarithmic", description="Equal factors are equally far apart.")

    base: str = Field(
        "",
        max_length=MAX_LINK_LENGTH,
        title="Experiment",
        description="The link of the experiment that A and B, or the seeds, share; empty: the playground's.",
    )
    differ: str = Field(
        "learning_rate", title="What differs", description="The one setting in which A and B differ."
    )
    a: str = Field("", max_length=1000, title="A", description="Its value in A, as a link writes it.")
    b: str = Field("", max_length=1000, title="B", description="Its value in B, as a link writes it.")
    speed: str = Field("20", title="Speed", description="Epochs per second, at the most.")

    seeds: Whole = Field(
        10, ge=2, le=50, title="Seeds", description="How often the experiment is repeated, each time with "
        "other data, other initial weights and another order.",
    )  # fmt: skip
    goal: str = Field("accuracy", title="Success by", description="What is held against the target.")
    target: Real = Field(
        0.95, ge=-1e6, le=1e6, title="Target", description="A run that ends at it or better is a success."
    )

    @field_validator("base")
    @classmethod
    def _base_is_an_experiment(cls, text: str) -> str:
        if not text:
            return ""
        try:
            return write_link(Experiment.from_link(text).differences())
        except ExperimentError as error:
            raise ValueError(" ".join(error.problems.values())) from None

    def link_with(self, experiment: Experiment | None) -> str:
        """The link of the page, with the experiment that is looked at, so that others see the same.

        Without the name of anybody's own data, as all links.
        """
        base = {"base": experiment.to_link()} if experiment else {}
        own = {name: OWN for name in ("a", "b") if is_own(getattr(self, name))}
        return write_link(self.differences() | base | own)


def with_value(base: Experiment, name: str, text: str) -> Experiment:
    """The experiment with one setting changed to what a link would write. Raises `ExperimentError`."""
    return make({**base.model_dump(), name: text})


def another(base: Experiment, name: str) -> str:
    """A value of this setting, as a link writes it, with which the experiment is another one and valid."""
    value, setting = getattr(base, name), SETTINGS[name]
    tries: list[Any] = [*SUGGESTED.get(name, ())]
    if isinstance(value, bool):
        tries.append(not value)
    elif isinstance(value, int | float):
        ends = (setting.low or 0, setting.high or 0)
        found = [value + 1] if name == "seed" else [10 * value, value / 10, 2 * value, *ends]
        tries += [int(each) if setting.whole else float(each) for each in found]
    else:
        names = [*setting.choices]
        after = names.index(value) + 1 if value in names else 0
        tries += names[after:] + names[:after]
    for each in tries:
        text = write_value(each)
        try:
            if with_value(base, name, text) != base:
                return text
        except ExperimentError:
            continue
    return write_value(value)
