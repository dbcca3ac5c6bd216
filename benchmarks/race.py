"""The race of eight activations over 200 epochs of the spiral (2-8-8-1), beside `model.fit` on the same.

Ours as the page runs it, but without the slow motion of the first heat: from the press of Play on warm
workers that have none of the programs, from a server just started, and as it is for a person who looks at the
page before Play: it has the programs made ahead. `fit` trains a twentieth of the epochs
of each, after one that is not counted, and is scaled up.
"""

import time
from typing import Any

from loky import ProcessPoolExecutor

from benchmarks.engine import fit_epochs
from nnplay.experiment import Experiment, make
from nnplay.jobs import Runs, open_runs
from nnplay.jobs.race import Race

RACERS = ("relu", "tanh", "sigmoid", "softsign", "elu", "gelu", "silu", "softplus")
EPOCHS, SHARE = 200, 20
FIELDS = {"data": "spiral", "hidden": "8-8", "epochs": EPOCHS}


def measure() -> dict[str, Any]:
    """Seconds to the first curve, to all curves and to the end, and of `fit`."""
    start = time.perf_counter()
    with open_runs() as runs:
        fresh = _race(runs, start, seed=1)
    with open_runs() as runs:
        # An experiment outside the race: then the workers are there, and have none of the race's programs.
        for unit in ("3", "4"):
            warm = runs.create(make({"data": "circle", "hidden": unit}))
            runs.prepare(warm)
            while warm.state is None:
                time.sleep(0.05)
        while runs.settings.workers > 1 and runs._lanes.open < runs.settings.workers:
            time.sleep(0.05)
        warm_workers = _race(runs, time.perf_counter(), seed=1)
        made_ahead = _race(runs, None, seed=2)
    with ProcessPoolExecutor(1, env={"NNPLAY_THREADS": "0"}) as theirs:
        seconds = 0.0
        for name in RACERS:
            theirs.submit(fit_epochs, _experiment(name, 1), 1).result()
            seconds += theirs.submit(fit_epochs, _experiment(name, 1), EPOCHS // SHARE).result()
    fit = seconds * SHARE
    return {
        "unit": "seconds",
        "racers": len(RACERS),
        "epochs": EPOCHS,
        "fresh server": fresh,
        "warm workers": warm_workers,
        "programs made ahead": made_ahead,
        "fit, scaled": fit,
        "ratio": fit / warm_workers["all done"],
    }


def _experiment(name: str, seed: int) -> Experiment:
    return make({**FIELDS, "activation": name, "seed": seed})


def _race(runs: Runs, start: float | None, seed: int) -> dict[str, float]:
    """Seconds since `start`; None: since Play, pressed when all racers stand ready."""
    race = Race(runs, RACERS, _experiment, seed=seed, target=0.0, views=("boundary",))
    while start is None and any(run.state is None for run in race.racers.values()):
        race.tick()
        time.sleep(0.02)
    start = start or time.perf_counter()
    race.play()
    marks: dict[str, float] = {}
    while not race.finished:
        drawn = sum(run.epoch > 0 for run in race.racers.values())
        for label, wanted in (("first curve", 1), ("all curves", len(RACERS))):
            if drawn >= wanted:
                marks.setdefault(label, time.perf_counter() - start)
        time.sleep(0.02)
        race.tick()
    return {"first curve": marks["first curve"], **marks, "all done": time.perf_counter() - start}


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    lines = [f"race of {report['racers']} activations, {report['epochs']} epochs, seconds:"]
    for label in ("fresh server", "warm workers", "programs made ahead"):
        marks = ", ".join(f"{mark} {seconds:.1f}" for mark, seconds in report[label].items())
        lines.append(f"  {label}: {marks}")
    lines.append(f"  model.fit one after another: {report['fit, scaled']:.0f} ({report['ratio']:.0f}x)")
    return "\n".join(lines)
