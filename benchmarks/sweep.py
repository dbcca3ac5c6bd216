"""A sweep of 8 activations x 10 seeds x 200 epochs of the spiral (2-8-8-1, batch 10), beside `model.fit`.

Ours is the command `python -m nnplay sweep` itself, from the start of its process to its end, with no worker
and no compiled program there. `fit` trains a tenth, each activation with the first seed, one after another,
each with a network of its own, compiling counted as it is for ours, and is scaled up by ten.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from loky import ProcessPoolExecutor

from benchmarks.engine import fit_epochs
from nnplay.experiment import make

ACTIVATIONS = ("relu", "tanh", "sigmoid", "softsign", "elu", "gelu", "silu", "softplus")
EPOCHS, SEEDS = 200, 10
FIELDS = {"data": "spiral", "hidden": "8-8", "batch_size": 10, "epochs": EPOCHS}


def measure() -> dict[str, Any]:
    """Seconds of the sweep from cold, of `fit` on a tenth of it, and their ratio."""
    with tempfile.TemporaryDirectory() as empty:
        command = [sys.executable, "-m", "nnplay", "sweep", make(FIELDS).to_link(), "--json"]
        command += ["--over", f"activation={','.join(ACTIVATIONS)}", "--seeds", str(SEEDS)]
        start = time.perf_counter()
        environment = os.environ | {"NNPLAY_PROGRAMS": empty}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        ours = time.perf_counter() - start
    told = json.loads(done.stdout)
    ends = {run["end"] for run in told["runs"]}
    if ends != {"finished"}:
        raise RuntimeError(f"Some runs ended otherwise than finished: {ends}.")
    fit = 0.0
    with ProcessPoolExecutor(1, env={"NNPLAY_THREADS": "0"}) as theirs:
        # Starting TensorFlow is not counted for `fit`.
        theirs.submit(fit_epochs, make({**FIELDS, "hidden": "2"}), 1).result()
        for name in ACTIVATIONS:
            start = time.perf_counter()
            theirs.submit(fit_epochs, make({**FIELDS, "activation": name}), EPOCHS).result()
            fit += time.perf_counter() - start
    return {
        "unit": "seconds",
        "runs": len(told["runs"]),
        "epochs": EPOCHS,
        "cores": os.cpu_count(),
        "sweep from cold": ours,
        "fit, a tenth": fit,
        "fit, scaled": fit * SEEDS,
        "ratio": fit * SEEDS / ours,
    }


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    fit = f"{report['fit, a tenth']:.0f} s for a tenth of it, {report['fit, scaled']:.0f} s scaled up"
    return (
        f"sweep of {report['runs']} runs of {report['epochs']} epochs on {report['cores']} cores, from cold: "
        f"{report['sweep from cold']:.1f} s\n"
        f"model.fit: {fit}: {report['ratio']:.0f} times as long"
    )
