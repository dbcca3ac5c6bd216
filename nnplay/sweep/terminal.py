"""A sweep on a terminal: its progress in a line, its results as text."""

import math
from collections.abc import Iterable
from typing import Any

from nnplay.experiment.links import write_value
from nnplay.sweep.outcome import Outcome, Summary, summary, table
from nnplay.sweep.plan import Plan
from nnplay.sweep.sweep import Sweep

MOST_LINES = 40
BAR = 30


def progress(sweep: Sweep, remaining: float | None) -> str:
    """How far it is, and what is left by what was measured so far."""
    runs = sweep.plan.runs
    full = round(BAR * sweep.done / max(1, runs))
    left = "" if remaining is None else f"  about {duration(remaining)} left"
    ready = len(sweep.pieces.ready)
    waiting = f"  {ready} of {sweep.programs} networks compiled" if ready < sweep.programs else ""
    return f"[{'#' * full}{'.' * (BAR - full)}] {sweep.done:,} of {runs:,} runs{waiting}{left}"


def duration(seconds: float) -> str:
    """Seconds as people say them: "8 s", "3 min 20 s", "2 h 5 min"."""
    whole = math.ceil(max(0.0, seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def report(plan: Plan, outcomes: Iterable[Outcome]) -> str:
    """The combinations with the least median test loss first, and what was refused with the reason."""
    found = summary(plan, outcomes)
    trained = [entry for entry in found if entry.failed < entry.runs]
    metric = next((entry.metric_name for entry in trained if entry.metric_name), "metric")
    head = [*plan.over, "runs", "test loss", "quartiles", f"test {metric}", "diverged", "s a run"]
    lines = [_row(plan, entry) for entry in trained[:MOST_LINES]]
    text = _aligned([head, *lines], left=len(plan.over)) if trained else "No run was finished."
    if len(trained) > MOST_LINES:
        text += f"\n... and {len(trained) - MOST_LINES} more"
    bad = [entry for entry in found if entry.failed]
    for entry in bad[:MOST_LINES]:
        # Refused and failed ones have a sentence each.
        text += f"\n{_why(entry, outcomes)}"
    if len(bad) > MOST_LINES:
        text += f"\n... and {len(bad) - MOST_LINES} more that could not be trained"
    return text


def as_json(plan: Plan, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """Plan and table as plain values; what is no number is None."""
    rows = table(plan, outcomes).to_dict(orient="records")
    return {
        "link": plan.base.to_link(),
        "over": {name: [write_value(value) for value in values] for name, values in plan.over.items()},
        "ranges": {name: [span.low, span.high] for name, span in plan.ranges.items()},
        "seeds": plan.seeds,
        "sample": plan.sample,
        "runs": [{name: _plain(value) for name, value in row.items()} for row in rows],
    }


def _row(plan: Plan, entry: Summary) -> list[str]:
    low, middle, high = entry.loss
    return [
        *(write_value(entry.combination.values[name]) for name in plan.over),
        str(entry.runs),
        _number(middle),
        f"{_number(low)} to {_number(high)}",
        _number(entry.metric),
        f"{entry.diverged} of {entry.runs}" if entry.diverged else "-",
        _number(entry.seconds),
    ]


def _why(entry: Summary, outcomes: Iterable[Outcome]) -> str:
    bad = [
        outcome
        for outcome in outcomes
        if outcome.combination is entry.combination and outcome.end in ("refused", "failed")
    ]
    count = "" if len(bad) == 1 else f" ({len(bad)} runs)"
    return f"{bad[0].end}{count}: {entry.combination.label}: {bad[0].message}"


def _aligned(rows: list[list[str]], left: int) -> str:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "diverged" if value == math.inf else "-"


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        value = float(str(value)) if getattr(value, "dtype", None) == "float32" else value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return None if type(value).__name__ == "NAType" else value
