"""The plan of a sweep: which settings take which values, with how many seeds; checked at one door."""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from typing import Any

from nnplay import data as datasets
from nnplay.experiment import SETTINGS, Experiment, ExperimentError, check_value, make
from nnplay.experiment.error import show
from nnplay.experiment.links import write_value
from nnplay.registry import look_up
from nnplay.sweep.ranges import Range, is_range, read_range

MOST_RUNS = 5000
MOST_SETTINGS = 8
MOST_VALUES = 100
MOST_SEEDS = 1000
# All the runs together; a thousand runs of 10,000 epochs are 10 million.
MOST_EPOCHS = 100_000_000
# A choice that was drawn already is drawn again, up to so many times for each that is wanted.
TRIES = 100
SEEDS = 2**31  # The seed after the last one is 0.


@dataclass(frozen=True)
class Combination:
    """One choice of values, by setting; `experiment` None where they do not go together: see `refusal`."""

    number: int
    values: Mapping[str, Any]
    experiment: Experiment | None
    refusal: str = ""

    @property
    def label(self) -> str:
        """The values as a link writes them: "relu, 8-8"."""
        return ", ".join(write_value(value) for value in self.values.values()) or "as it is"


@dataclass(frozen=True)
class Trial:
    """One run: the experiment of a combination with one seed. `number`: from 1, within the sweep."""

    number: int
    combination: Combination
    experiment: Experiment


@dataclass(frozen=True)
class Plan:
    """What is to be trained: `base` with each choice of values of `over`, each with `seeds` seeds.

    The seeds are that of `base` and those after it, unless `over` names some. `sample`: so many of the
    choices, drawn at random with the seed of `base`; 0: all of them. Made by `make_plan`, so it is valid.

    `ranges`: settings that are drawn from a range; then `drawn` has the choices, one value for each setting
    of `over`, and `over` the values that occur in them.
    """

    base: Experiment
    over: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    seeds: int = 1
    sample: int = 0
    ranges: Mapping[str, Range] = field(default_factory=dict)
    drawn: tuple[tuple[Any, ...], ...] = ()

    @property
    def choices(self) -> int:
        """How many choices of values there are in all, of ranges those that were drawn."""
        return len(self.drawn) or prod(map(len, self.over.values()))

    @property
    def taken(self) -> int:
        """How many of them are trained."""
        return len(self.drawn) or min(self.sample or self.choices, self.choices)

    @property
    def runs(self) -> int:
        """How many runs there are, those included that will be refused."""
        return self.taken * self.seeds

    @cached_property
    def combinations(self) -> tuple[Combination, ...]:
        """The choices that are taken, in the order of the grid, the last setting changing first."""
        settings = self.base.model_dump()
        if self.drawn:
            return tuple(
                _combination(settings, number, dict(zip(self.over, values, strict=True)))
                for number, values in enumerate(self.drawn, 1)
            )
        places: Iterable[int] = range(self.choices)
        if self.taken < self.choices:
            places = sorted(random.Random(self.base.seed).sample(range(self.choices), self.taken))
        return tuple(
            _combination(settings, number, self._values(place)) for number, place in enumerate(places, 1)
        )

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """All runs but the refused ones. Numbers go on over these, so a run has its place in the plan."""
        return tuple(
            Trial((combination.number - 1) * self.seeds + turn + 1, combination, experiment)
            for combination in self.combinations
            if combination.experiment
            for turn, experiment in enumerate(self._with_seeds(combination.experiment))
        )

    @cached_property
    def keys(self) -> dict[int, str]:
        """The key of each combination's program, by its number: seeds share it."""
        return {
            combination.number: combination.experiment.program_key()
            for combination in self.combinations
            if combination.experiment
        }

    @property
    def epochs(self) -> int:
        """Epochs of all runs together, if none stops early."""
        return sum(trial.experiment.epochs for trial in self.trials)

    def _values(self, place: int) -> dict[str, Any]:
        """The choice at this place of the grid, counted like digits of a number."""
        chosen = {}
        for name, values in reversed(list(self.over.items())):
            place, digit = divmod(place, len(values))
            chosen[name] = values[digit]
        return {name: chosen[name] for name in self.over}

    def _with_seeds(self, experiment: Experiment) -> list[Experiment]:
        # Nothing but the seed differs, and every seed goes with everything: not validated anew.
        seeds = ((experiment.seed + turn) % SEEDS for turn in range(self.seeds))
        return [experiment.model_copy(update={"seed": seed}) for seed in seeds]


def make_plan(
    base: Experiment,
    over: Mapping[str, Sequence[Any]],
    *,
    seeds: int | str = 1,
    sample: int | str = 0,
    most: int = MOST_RUNS,
    most_epochs: int = MOST_EPOCHS,
) -> Plan:
    """A plan of untrusted settings and values, at most `most` runs. Raises `ExperimentError`.

    A value that is wrong by itself is a fault; values that only do not go together are not: each such choice
    is listed as refused.
    """
    problems: dict[str, str] = {}
    checked: dict[str, tuple[Any, ...]] = {}
    ranges: dict[str, Range] = {}
    if len(over) > MOST_SETTINGS:
        problems[""] = f"A sweep may go over {MOST_SETTINGS} settings; given are {len(over)}. Take some out."
    for name, values in list(over.items())[:MOST_SETTINGS]:
        try:
            found = _checked(name, values)
            checked[name] = () if isinstance(found, Range) else found
            ranges |= {name: found} if isinstance(found, Range) else {}
        except ValueError as error:
            problems[name] = str(error)
    counts = {}
    for name, given, low, high in (("seeds", seeds, 1, MOST_SEEDS), ("sample", sample, 0, most)):
        try:
            counts[name] = _count(name, given, low, high)
        except ValueError as error:
            problems[name] = str(error)
    if "seed" in over and counts.get("seeds", 1) > 1:
        problems["seeds"] = (
            "Seeds are given twice: as a setting with values, and as how many there are. Give one of them."
        )
    if ranges and not counts.get("sample", 1):
        name = next(iter(ranges))
        first, last = (write_value(end) for end in (ranges[name].low, ranges[name].high))
        problems["sample"] = (
            f"{SETTINGS[name].label} ({name}) is drawn at random from {first} to {last}: say how many "
            f"choices are drawn (sample), or how many steps it has, as in {name}={first}..{last}:5."
        )
    if problems:
        raise ExperimentError(problems)
    if counts["sample"] * counts["seeds"] > most and ranges:
        raise ExperimentError(
            {"": f"A sweep may have {most:,} runs; {counts['sample']:,} choices with {counts['seeds']} "
             f"seeds are {counts['sample'] * counts['seeds']:,}. Take fewer."}
        )  # fmt: skip
    plan = Plan(base, checked, seeds=counts["seeds"], sample=counts["sample"])
    if ranges:
        plan = _drawn(plan, ranges)
    if plan.runs > most:
        by = f"{plan.taken:,} choices of values with {plan.seeds} seeds" if plan.seeds > 1 else "all choices"
        raise ExperimentError(
            {"": f"A sweep may have {most:,} runs; {by} are {plan.runs:,}. Take fewer values or seeds, or a "
             "random sample of the choices."}
        )  # fmt: skip
    if plan.epochs > most_epochs:
        raise ExperimentError(
            {"epochs": f"The runs of a sweep may have {most_epochs:,} epochs together; these would have "
             f"{plan.epochs:,}. Take fewer epochs, values or seeds."}
        )  # fmt: skip
    return plan


def read_over(text: str) -> tuple[str, list[str]]:
    """Setting and values of "activation=relu,tanh". Raises `ExperimentError`."""
    name, equals, values = text.partition("=")
    if not equals or not name.strip():
        raise ExperimentError(
            {
                "": f"A sweep goes over KEY=VALUE,VALUE... or KEY=LOW..HIGH, such as "
                f"activation=relu,tanh or learning_rate=0.001..0.1:5, not {show(text)}."
            }
        )
    return name.strip(), [value.strip() for value in values.split(",")] if values.strip() else []


def _drawn(plan: Plan, ranges: Mapping[str, Range]) -> Plan:
    """The plan with its choices drawn, each setting by itself; no choice twice."""
    dice = random.Random(plan.base.seed)
    drawn: dict[tuple[Any, ...], None] = {}
    # Of few whole numbers there may be fewer choices than asked for.
    for _ in range(TRIES * plan.sample):
        if len(drawn) == plan.sample:
            break
        choice = [
            ranges[name].draw(dice) if name in ranges else dice.choice(values)
            for name, values in plan.over.items()
        ]
        drawn[tuple(choice)] = None
    columns = zip(*drawn, strict=True)
    over = {
        name: tuple(sorted(set(column))) if name in ranges else plan.over[name]
        for name, column in zip(plan.over, columns, strict=True)
    }
    return replace(plan, over=over, ranges=dict(ranges), drawn=tuple(drawn))


def _checked(name: str, values: Sequence[Any]) -> tuple[Any, ...] | Range:
    look_up(SETTINGS, name, "setting")
    label = f"{SETTINGS[name].label} ({name})"
    if not values:
        raise ValueError(f"{label} has no values to go over. Give at least one.")
    if len(values) > MOST_VALUES:
        raise ValueError(f"{label} may have {MOST_VALUES} values; given are {len(values):,}. Give fewer.")
    found: list[Any] = []
    given: list[Any] = []
    for value in values:
        if not is_range(value):
            given.append(value)
            continue
        span = read_range(name, value, MOST_VALUES)
        if not span.steps and len(values) > 1:
            raise ValueError(
                f"{label} has the range {show(value)} to be drawn from, and other values beside it. Give the "
                f"range alone, or its steps: {value}:5."
            )
        if not span.steps:
            return span
        given += span.grid()
    if len(given) > MOST_VALUES:
        raise ValueError(f"{label} may have {MOST_VALUES} values; given are {len(given):,}. Give fewer.")
    for value in given:
        right = check_value(name, value)
        if right in found:
            raise ValueError(f"{label} has the value {show(write_value(right))} twice. Give it once.")
        found.append(right)
    return tuple(found)


def _count(name: str, given: int | str, low: int, high: int) -> int:
    text = str(given).strip()
    # "" of an input field is nothing given.
    if not re.fullmatch(r"[0-9]{1,12}", text) or not low <= int(text) <= high:
        what = "How many seeds (seeds)" if name == "seeds" else "How many choices are drawn (sample)"
        raise ValueError(f"{what} must be a whole number from {low} to {high:,}, not {show(given)}.")
    return int(text)


def _combination(settings: Mapping[str, Any], number: int, values: dict[str, Any]) -> Combination:
    try:
        experiment = make({**settings, **values})
        if not datasets.is_here(experiment.data):
            label = experiment.dataset.label
            return Combination(
                number, values, None, f"{label} is not on this computer yet. Open it in the playground first."
            )
        return Combination(number, values, experiment)
    except ExperimentError as error:
        return Combination(number, values, None, " ".join(error.problems.values()))
