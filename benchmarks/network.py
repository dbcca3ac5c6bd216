"""The network's picture in a real browser (Chromium): frames, the cost of each, bytes and server time a tick.

The picture stands alone on an empty page and gets other weights UPDATES times a second, as from a run.
"""

import base64
import json
import os
import shutil
import time
from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.ui.browser import script
from nnplay.ui.network.description import describe, encode_weights

NETWORKS = ("8-8", "8-8-8-8-8-8", "128-128-128")
UPDATES = 4
SECONDS = 8
NEURON_GRID = 24  # of the maps that a server would send (nnplay/engine/inspection/plane.py)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

RUN = """async ([description, texts, updates, seconds]) => {
%s
  const bytes = texts.map(text => Uint8Array.from(atob(text), c => c.charCodeAt(0)));
  document.body.innerHTML = "<div id=host style='width: 760px'></div>";
  const picture = new Picture(document.getElementById("host"), () => {});
  picture.describe(description);
  await new Promise(done => setTimeout(done, 200));
  let turn = 0, frames = 0, passes = 0;
  const compute = picture.compute.bind(picture);
  picture.compute = budget => { passes += 1; compute(budget); };
  const timer = setInterval(() => picture.take(bytes[turn++ %% bytes.length]), 1000 / updates);
  const took = await new Promise(done => {
    const start = performance.now();
    const look = now => {
      if (now - start >= 1000 * seconds) return done(now - start);
      frames += 1;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  clearInterval(timer);
  // The least of many: what it costs where nothing else runs.
  const least = act => {
    let found = Infinity;
    for (let k = 0; k < 40; k++) {
      const start = performance.now();
      act();
      found = Math.min(found, performance.now() - start);
    }
    return found;
  };
  return {
    "frames a second": 1000 * frames / took,
    "maps computed a second": 1000 * passes / took,
    "ms to compute all maps": least(() => compute(MOVING)),
    "ms to draw": least(() => draw(picture.context, picture)),
    "grid of a map": picture.grid,
  };
}"""


def measure() -> dict[str, Any]:
    """For each network the figures of `RUN`, bytes a tick, and milliseconds of the server."""
    from playwright.sync_api import sync_playwright

    report: dict[str, Any] = {}
    random = np.random.default_rng(0)
    body = script(until="network/main")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=FLAGS
        )
        for hidden in NETWORKS:
            experiment = Experiment(hidden=hidden)
            description = describe(experiment, "x")
            states = [_weights(description, random) for _ in range(5)]
            texts = [base64.b64encode(state).decode() for state in states]
            page = browser.new_page(viewport={"width": 800, "height": 700})
            found = page.evaluate(RUN % body, [description, texts, UPDATES, SECONDS])
            page.close()
            neurons = sum(layer["units"] for layer in description["layers"])
            report[hidden] = {
                **found,
                "bytes a tick, as weights": len(states[0]),
                "bytes a tick, as float32 maps": 4 * neurons * NEURON_GRID**2,
                "bytes a tick, as maps of one byte a point": neurons * NEURON_GRID**2,
                "ms of the server to encode a tick": _encoding(experiment),
            }
        browser.close()
    return report


def _weights(description: dict[str, Any], random: np.random.Generator) -> bytes:
    """A tick's bytes with drawn weights."""
    head = json.dumps({"id": "x", "dark": False, "epoch": 1, "batch": 0})
    parts = [
        random.normal(0, 1.5 / np.sqrt(layer["inputs"]), (layer["inputs"] + 1) * layer["sums"])
        for layer in description["layers"]
    ]
    return (head + " " * (-(len(head) + 1) % 4) + "\n").encode() + np.concatenate(parts).astype(
        "<f4"
    ).tobytes()


def _encoding(experiment: Experiment) -> float:
    """Milliseconds of `encode_weights`, the least of many."""
    from nnplay.engine.state import State
    from nnplay.engine.weights import layer_places

    arrays = [
        np.zeros(shape, np.float32)
        for place in layer_places(experiment)
        for shape in ((place.inputs, place.units), (place.units,))
    ]
    state, least = State(tuple(arrays)), float("inf")
    for _ in range(200):
        start = time.perf_counter()
        encode_weights(experiment, "x", state, False)
        least = min(least, time.perf_counter() - start)
    return 1000 * least


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    names = list(next(iter(report.values())))
    lines = ["".join(f"{head:>16}" for head in ("", *report)).replace(" " * 16, " " * 46, 1)]
    for name in names:
        lines.append(f"{name:<46}" + "".join(f"{found[name]:>16.4g}" for found in report.values()))
    return "\n".join(lines)
