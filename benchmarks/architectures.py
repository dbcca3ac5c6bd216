"""Two hundred architectures, one after another: does memory stay bounded, and is no run lost?

Each is compiled, trained some epochs and left; workers that have grown too large are replaced on the way.
"""

import time
from typing import Any

import psutil

from nnplay.experiment import make
from nnplay.jobs import Run, Runs, open_runs

EPOCHS = 5
AT_ONCE = 4  # so that replacements happen in the middle of other runs


def measure(count: int) -> dict[str, Any]:
    """Peak memory of this process and its workers (MB), workers replaced, and runs that did not finish."""
    peak = {"shared counted once": 0.0, "resident, added up": 0.0}
    seen: set[int] = set()
    done: list[Run] = []
    with open_runs() as runs:
        waiting = [
            make({"data": "spiral", "hidden": f"{2 + k % 20}-{2 + k // 20}", "epochs": EPOCHS})
            for k in range(count)
        ]
        under_way: list[Run] = []
        while waiting or under_way:
            while waiting and len(under_way) < AT_ONCE:
                under_way.append(_begin(runs, waiting.pop(0)))
            time.sleep(0.1)
            for run in under_way:
                runs.watch(run)
            done += [run for run in under_way if run.over]
            under_way = [run for run in under_way if not run.over]
            _note(peak, seen)
    lost = [run.status for run in done if run.status.word != "finished" or len(run.history) != EPOCHS]
    return {
        "architectures": count,
        "peak_megabytes": peak,
        "workers_started": len(seen),
        "lost": len(lost) + count - len(done),
    }


def _begin(runs: Runs, experiment: Any) -> Run:
    run = runs.create(experiment)
    run.want(("boundary",))
    runs.play(run)
    return run


def _note(peak: dict[str, float], seen: set[int]) -> None:
    shared = resident = 0
    for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        try:
            memory = process.memory_full_info()
        except psutil.Error:
            continue
        shared, resident = shared + memory.pss, resident + memory.rss
        if memory.rss > 300e6:  # it has TensorFlow: a worker
            seen.add(process.pid)
    peak["shared counted once"] = max(peak["shared counted once"], shared / 1e6)
    peak["resident, added up"] = max(peak["resident, added up"], resident / 1e6)


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    peak = ", ".join(f"{value:,.0f} ({name})" for name, value in report["peak_megabytes"].items())
    return (
        f"{report['architectures']} architectures: peak MB of this process and its workers {peak}; "
        f"{report['workers_started']} workers started, {report['lost']} runs lost"
    )
