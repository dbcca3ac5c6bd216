"""Assignments in links, and `opening`, the door for whatever a link brings.

    v=1&hidden=8&lock.data=circle&hide.loss=mse&title=...&task=...&goal=neurons:max:4&check=1a2b3c4d

Locked settings stand under their own key with their values, so that no other pair of the link can move them.
`check` is a sum over the assignment's own keys: it tells a link that was cut or edited on its way. Where the
experiment is no longer what the task opened with, `start.hidden=6` has what is to come back by starting over.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nnplay.assignment.goal import format_goal, parse_goal
from nnplay.assignment.record import CONTROLS, WEIGHTS, Assignment, faults, in_order
from nnplay.assignment.text import check_text, check_title
from nnplay.experiment import (
    AT,
    DEFAULT,
    SETTINGS,
    Experiment,
    ExperimentError,
    from_pairs_at,
    make,
    unpacked,
)
from nnplay.experiment.links import write_link
from nnplay.registry import UnknownName, look_up

TITLE, TASK, GOAL, CHECK = "title", "task", "goal", "check"
LOCK, HIDE, START = "lock.", "hide.", "start."


@dataclass(frozen=True)
class Opening:
    """What a link opens: the experiment, the epoch to train to (0: none), the assignment if it has one.

    `problems`: a sentence for each thing that was wrong; the rest is what could be kept.
    """

    experiment: Experiment
    epoch: int = 0
    assignment: Assignment | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


def link_with(assignment: Assignment, experiment: Experiment | None = None, epoch: int = 0) -> str:
    """The link of an experiment (None: what the assignment opens with) together with the assignment."""
    shown = assignment.experiment if experiment is None else experiment
    free = {name: value for name, value in shown.in_link().items() if name not in assignment.locked}
    own = _own_texts(assignment)
    start = {
        f"{START}{name}": getattr(assignment.experiment, name)
        for name in SETTINGS
        if name not in assignment.locked and getattr(shown, name) != getattr(assignment.experiment, name)
    }
    return write_link(free | ({AT: epoch} if epoch else {}) | start | own | {CHECK: _sum(own)})


def checksum(assignment: Assignment) -> str:
    """Eight characters that are another assignment's with hardly any probability."""
    return _sum(_own_texts(assignment))


def _own_texts(assignment: Assignment) -> dict[str, str]:
    own = {
        f"{HIDE if name in assignment.hidden else LOCK}{name}": assignment.written(name)
        for name in assignment.locked
    }
    texts = {TITLE: assignment.title, TASK: assignment.text, GOAL: format_goal(assignment.goal)}
    return own | {name: text for name, text in texts.items() if text}


def _sum(own: Mapping[str, str]) -> str:
    text = "".join(f"{len(name)} {name}{len(value)} {value}" for name, value in sorted(own.items()))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


def opening(pairs: Iterable[tuple[str, Any]]) -> Opening:
    """What the pairs of a link open."""
    try:
        pairs = [(name, str(value)) for name, value in unpacked(pairs)]
    except ExperimentError as error:
        return Opening(DEFAULT, problems=error.problems)
    own = [pair for pair in pairs if _is_own(pair[0])]
    start = [(name.removeprefix(START), value) for name, value in pairs if name.startswith(START)]
    others = [pair for pair in pairs if not _is_own(pair[0]) and not pair[0].startswith(START)]
    if not own:
        return _open(pairs)
    given = dict(own)
    check = given.pop(CHECK, "")
    if len(dict(own)) < len(own) or check != _sum(given):
        lost = (
            "The part of this link that sets the task was changed or cut since it was made, so it is opened "
            "without the task. Open the link again as it was given to you."
        )
        found = _open(others)
        return replace(found, problems={CHECK: lost} | dict(found.problems))
    try:
        fixed, parts = _read(given)
    except ExperimentError as error:
        found = _open(others)
        return replace(found, problems={**error.problems, **found.problems})
    return _with_task(others, fixed, parts, start)


def _is_own(name: str) -> bool:
    return name in (TITLE, TASK, GOAL, CHECK) or name.startswith((LOCK, HIDE))


def _open(pairs: list[tuple[str, str]]) -> Opening:
    try:
        return Opening(*from_pairs_at(pairs))
    except ExperimentError as error:
        return Opening(error.experiment or DEFAULT, problems=error.problems)


def _read(given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """The locked settings with their texts, and the other parts of the assignment."""
    problems: dict[str, str] = {}
    parts: dict[str, Any] = {}
    fixed: dict[str, str] = {}
    hidden = []
    for key, text in given.items():
        try:
            if key == TITLE:
                parts["title"] = check_title(text)
            elif key == TASK:
                parts["text"] = check_text(text)
            elif key == GOAL:
                parts["goal"] = parse_goal(text)
            else:
                name = key.partition(".")[2]
                look_up(CONTROLS, name, "control")
                if name in fixed:
                    raise ValueError(f"{CONTROLS[name]} is both locked and hidden. Give one.")
                fixed[name] = text
                hidden += [name] if key.startswith(HIDE) else []
        except (ValueError, UnknownName) as error:
            problems[key] = str(error)
    if problems:
        raise ExperimentError(problems)
    parts |= {"locked": in_order(list(fixed)), "hidden": in_order(hidden)}
    return fixed, parts


def _with_task(
    others: list[tuple[str, str]],
    fixed: Mapping[str, str],
    parts: dict[str, Any],
    start: list[tuple[str, str]],
) -> Opening:
    values = [(name, text) for name, text in fixed.items() if name != WEIGHTS]
    free = [(name, text) for name, text in others if name not in fixed]
    found = _open([*free, *values])
    if not _holds(found.experiment, values):
        # A free setting that does not go with a locked one: the locked ones stay, if they can be alone.
        alone = _open(values)
        if not _holds(alone.experiment, values):
            return found
        found = replace(alone, problems=found.problems)
    problems = dict(found.problems)
    for name, _ in others:
        if name in fixed:
            problems[name] = (
                f"{CONTROLS[name]} is locked by the task: it stays at {fixed[name]}, whatever else the link "
                f"asks for."
            )
    first, wrong = _started_with(found.experiment, fixed, start)
    problems |= wrong
    assignment = Assignment(first, **parts)
    if wrong := faults(assignment):
        return replace(found, problems=problems | wrong)
    return Opening(found.experiment, found.epoch, assignment, problems)


def _started_with(
    experiment: Experiment, fixed: Mapping[str, str], start: list[tuple[str, str]]
) -> tuple[Experiment, dict[str, str]]:
    """What the task opened with, and what was wrong with it: then it is taken to be the experiment of now."""
    try:
        for name, _ in start:
            look_up(SETTINGS, name, "setting")
            if name in fixed:
                raise ValueError(
                    f"{CONTROLS[name]} is locked by the task, and has no other value at its start."
                )
        if len(dict(start)) < len(start):
            raise ValueError(
                "A setting of the task's start is given twice. Open the link as it was given to you."
            )
        return (make({**experiment.model_dump(), **dict(start)}) if start else experiment), {}
    except ValueError as error:
        told = " ".join(error.problems.values()) if isinstance(error, ExperimentError) else str(error)
        return experiment, {START: f"What the task started with cannot be taken: {told}"}


def _holds(experiment: Experiment, values: list[tuple[str, str]]) -> bool:
    """Whether the experiment has these settings, given as texts."""
    try:
        return all(make({**experiment.model_dump(), name: text}) == experiment for name, text in values)
    except ExperimentError:
        return False
