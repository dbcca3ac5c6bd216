"""`python -m nnplay sweep`: a plan from the command line, trained to its end or to Ctrl-C, and printed."""

import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import loky

from nnplay import data as datasets
from nnplay.experiment import Experiment, ExperimentError
from nnplay.experiment.error import show
from nnplay.jobs.settings import VARIABLES, Settings, read_settings
from nnplay.sweep.cluster import open_cluster
from nnplay.sweep.outcome import csv as as_csv
from nnplay.sweep.plan import Plan, make_plan, read_over
from nnplay.sweep.sweep import Sweep
from nnplay.sweep.sweeps import Sweeps, open_here
from nnplay.sweep.terminal import as_json as json_of
from nnplay.sweep.terminal import duration, progress, report

# Each takes half a gigabyte and more: further ones only when they are asked for.
USUAL_WORKERS = 8
REDRAW_SECONDS = 0.2
# What a shell says of a command that was interrupted.
INTERRUPTED = 130


def run(
    base: Experiment,
    over: Sequence[str],
    *,
    seeds: str = "1",
    sample: str = "0",
    csv: str | None = None,
    as_json: bool = False,
    workers: str = "",
    scheduler: str = "",
) -> int:
    """Train the sweep and print it; returns the exit code. Raises `ValueError` for bad input."""
    plan = make_plan(base, _values(over), seeds=seeds, sample=sample)
    if not plan.trials:
        raise ExperimentError({"": f"No choice can be trained. {plan.combinations[0].refusal}"})
    settings = _settings(workers, len(plan.trials))
    if scheduler and datasets.is_own(base.data):
        raise ExperimentError({"data": "Own data stay on this machine. Leave --scheduler out."})
    if csv:
        _check_writable(csv)
    with open_cluster(scheduler, settings) if scheduler else open_here(settings) as sweeps:
        sweep = sweeps.start(plan)
        stopped = _follow(sweeps, sweep)
        seconds = sweeps.seconds(sweep)
    if csv:
        Path(csv).write_text(as_csv(plan, sweep.outcomes), "utf-8")
    _say(plan, sweep, seconds, as_json=as_json)
    if sweep.fault:
        print(f"nnplay: {sweep.fault}", file=sys.stderr)
        return 1
    return INTERRUPTED if stopped else 0


def _follow(sweeps: Sweeps, sweep: Sweep) -> bool:
    """Draw the progress until it is over; whether it was interrupted."""
    live, width = sys.stderr.isatty(), 0
    try:
        if not live:
            runs, programs = sweep.plan.runs, sweep.programs
            print(f"{runs:,} runs, {programs:,} networks to compile", file=sys.stderr, flush=True)
        while not sweep.over:
            if live:
                text = progress(sweep, sweeps.remaining_seconds(sweep))
                print(f"\r{text:<{width}}", end="", file=sys.stderr, flush=True)
                width = len(text)
            sweeps.wait(REDRAW_SECONDS)
        interrupted = False
    except KeyboardInterrupt:
        sweeps.cancel(sweep)
        interrupted = True
    if live:
        print(f"\r{progress(sweep, None):<{width}}", file=sys.stderr)
    return interrupted


def _say(plan: Plan, sweep: Sweep, seconds: float, *, as_json: bool) -> None:
    done = sweep.done
    whole = "" if done == plan.runs else f" of {plan.runs:,}"
    said = f"{done:,}{whole} runs in {duration(seconds)}, {sweep.programs:,} networks compiled"
    if as_json:
        told = {**json_of(plan, sweep.outcomes), "cancelled": sweep.cancelled, "wall_seconds": seconds}
        print(json.dumps(told))
    else:
        print(report(plan, sweep.outcomes))
        print(f"{said}{'; stopped, what is done is kept' if sweep.cancelled else ''}")


def _values(over: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in over:
        name, values = read_over(text)
        if name in found:
            raise ExperimentError({name: f"--over {name} is given twice. Give all its values at once."})
        found[name] = values
    return found


def _settings(workers: str, runs: int) -> Settings:
    settings = read_settings()
    if not workers and not os.environ.get(VARIABLES["workers"].name, "").strip():
        return replace(settings, workers=min(loky.cpu_count(), USUAL_WORKERS, runs))
    if workers:
        high = int(VARIABLES["workers"].high)
        if not re.fullmatch(r"[0-9]{1,4}", workers) or not 1 <= int(workers) <= high:
            raise ExperimentError(
                {"": f"--workers must be a whole number from 1 to {high}, not {show(workers)}."}
            )
        settings = replace(settings, workers=int(workers))
    return replace(settings, workers=min(settings.workers, runs))


def _check_writable(path: str) -> None:
    """Now, and not after an hour of training."""
    try:
        with open(path, "a", encoding="utf-8"):
            pass
    except OSError as error:
        raise ExperimentError(
            {"": f"The file {show(path)} cannot be written: {error.strerror}. Choose another."}
        ) from None
