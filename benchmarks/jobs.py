"""Many runs at once on the workers of one server, as a class of people would start them."""

import time
from statistics import median
from typing import Any

from nnplay.experiment import make
from nnplay.jobs import open_runs

SECONDS = 15.0
NETWORK = {"data": "spiral", "hidden": "8-8", "epochs": 100_000}


def measure(count: int) -> dict[str, Any]:
    """Epochs per second of each of `count` runs of the spiral (2-8-8-1), watched as a page watches them."""
    with open_runs() as runs:
        started = [runs.create(make({**NETWORK, "seed": seed})) for seed in range(count)]
        for run in started:
            run.want(("boundary",))
            runs.prepare(run)
        while any(run.state is None for run in started):
            time.sleep(0.05)
        for run in started:
            runs.play(run)
        _watch(runs, started, 3.0)
        before, start = [run.epoch for run in started], time.perf_counter()
        _watch(runs, started, SECONDS)
        seconds = time.perf_counter() - start
        rates = [(run.epoch - epoch) / seconds for run, epoch in zip(started, before, strict=True)]
    return {
        "unit": "epochs/s",
        "runs": count,
        "workers": runs.settings.workers,
        "seconds": seconds,
        "slowest": min(rates),
        "median": median(rates),
        "fastest": max(rates),
        "slowest_over_fastest": min(rates) / max(rates),
    }


def _watch(runs: Any, started: list[Any], seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for run in started:
            runs.watch(run)
        time.sleep(0.5)


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    return (
        f"{report['runs']} runs on {report['workers']} workers, {report['seconds']:.0f} s, epochs/s: "
        f"slowest {report['slowest']:.0f}, median {report['median']:.0f}, fastest {report['fastest']:.0f} "
        f"(slowest/fastest {report['slowest_over_fastest']:.2f})"
    )
