"""What a person waits for, in a real browser (Chromium): first picture, redraws, Pause, server load."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from benchmarks.first_visit import FLAGS, seconds_until

ROOT = Path(__file__).parents[1]
ROUNDS = 5
SECONDS = 10.0
LINK = "epochs=100000"
MOVED = """() => document.querySelectorAll('.js-plotly-plot')[1]?._fullData?.[0]?.x?.length > 0"""
# The number of epochs in the row over the network's picture, which is in a shadow root.
LEARNS = """() => [...document.querySelectorAll('[data-testid^=stBidi], [data-testid^=stBidi] *')]
  .map(node => node.shadowRoot?.querySelector('.nnplay-numbers dd')).find(Boolean)?.textContent > 0"""
FIRST_VISIT = {"a network that learns": LEARNS, "the first moved chart": MOVED}
PAUSED = """() => document.querySelector('[data-testid=stMain]').textContent.includes('Paused.')"""
# Seconds from the click on a button, as the page gets it, until something is so.
FROM_CLICK = """([name, there]) => {
  window.waited = new Promise(done => document.addEventListener('click', event => {
    if (!event.target.closest('button')?.textContent.includes(name)) return;
    const start = performance.now(), so = eval(there);
    const look = () => so() ? done((performance.now() - start) / 1000) : requestAnimationFrame(look);
    look();
  }, {capture: true}));
}"""
# All that moves on one page, one sample layer by layer where there is that view; the link and its charts.
EVERYTHING = {
    "six layers of 8": (f"hidden=8-8-8-8-8-8&{LINK}", 4),
    "a network that sees": (
        "data=digits&hidden=conv6k3same-pool2-rows-12-attention2h-flatten&activation=relu"
        f"&loss=categorical_crossentropy&{LINK}", 4,
    ),
}  # fmt: skip
COUNT = """() => {
  window.redraws = [];
  document.querySelectorAll('.js-plotly-plot').forEach((chart, k) => {
    window.redraws[k] = 0;
    chart.addEventListener('nnplay-drawn', () => { window.redraws[k] += 1; });
  });
  window.frames_seen = 0;
  const frame = () => { window.frames_seen += 1; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}"""
# The least that a page on a timer costs: one component, as many bytes as a tick of the playground.
EMPTY = """
import streamlit as st
show = st.session_state.setdefault("show", st.components.v2.component("empty", js="export default () => {}"))
st.fragment(lambda: show(data=bytes(50_000), key="empty"), run_every=0.2)()
"""


def measure() -> dict[str, Any]:
    """Medians over ROUNDS: waits in seconds, redraws per second, CPU and memory of the server."""
    from playwright.sync_api import sync_playwright

    found: dict[str, list[float]] = {}

    def note(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)

    def clicked(page: Any, name: str, there: str) -> float:
        page.evaluate(FROM_CLICK, [name, there])
        page.get_by_role("button", name=name).click()
        return float(page.evaluate("() => window.waited"))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=FLAGS
        )
        for _ in range(ROUNDS):
            with running_server() as (address, server):
                # Cold: the clock starts when the address is opened on a server that nobody has visited.
                start = time.perf_counter()
                page = browser.new_page()
                page.goto(f"{address}/?{LINK}")
                page.get_by_role("button", name="Play").wait_for()
                note(
                    "seconds from Play to the first moved chart, on a fresh server",
                    clicked(page, "Play", MOVED),
                )
                note(
                    "seconds from opening the page on a fresh server to the first moved chart", _since(start)
                )
                clicked(page, "Pause", PAUSED)
                page.close()

                page = browser.new_page(viewport={"width": 1600, "height": 1000})
                page.goto(f"{address}/?{LINK}")
                page.get_by_text("Ready. Press Play.").wait_for(timeout=60_000)
                page.wait_for_timeout(1500)
                note("seconds from Play to the first moved chart, warm", clicked(page, "Play", MOVED))
                page.wait_for_timeout(1000)
                page.evaluate(COUNT)
                start = time.perf_counter()
                used = _cpu_over(server, page)
                seconds = time.perf_counter() - start
                counts = page.evaluate("() => window.redraws")
                note("redraws per second of the slowest chart", min(counts) / seconds)
                note("frames per second", page.evaluate("() => window.frames_seen") / seconds)
                note("server CPU, ms a tick", 1000 * used / (counts[1] or 1))
                note("server memory, MB", server.memory_info().rss / 1e6)
                note("seconds from Pause to standing still", clicked(page, "Pause", PAUSED))
                page.close()

                # A browser that was never here: the run starts by itself.
                for name, seconds in seconds_until(address, FIRST_VISIT).items():
                    note(f"seconds from opening on a first visit to {name}", seconds)

                for name, (link, charts) in EVERYTHING.items():
                    page = browser.new_page(viewport={"width": 1600, "height": 2400})
                    page.goto(f"{address}/?{link}")
                    page.get_by_test_id("stMain").get_by_text("Weights", exact=True).first.click()
                    page.get_by_role("button", name="Play").click()
                    page.wait_for_function(
                        "n => document.querySelectorAll('.js-plotly-plot').length == n", arg=charts
                    )
                    page.wait_for_function(MOVED)
                    page.wait_for_timeout(2000)
                    page.evaluate(COUNT)
                    used = _cpu_over(server, page)
                    redraws = page.evaluate("() => window.redraws")
                    note(
                        f"server CPU, ms a tick with everything visible, {name}",
                        1000 * used / (redraws[1] or 1),
                    )
                    page.close()
        with tempfile.TemporaryDirectory() as folder:
            # With the same configuration.
            shutil.copytree(ROOT / ".streamlit", Path(folder, ".streamlit"))
            script = Path(folder, "app.py")
            script.write_text(EMPTY)
            with running_server(script) as (address, server):
                page = browser.new_page()
                page.goto(address)
                page.wait_for_timeout(3000)
                ticks = SECONDS / 0.2
                note(
                    "server CPU, ms a tick of an empty Streamlit page", 1000 * _cpu_over(server, page) / ticks
                )
        browser.close()
    return {"rounds": ROUNDS} | {name: median(values) for name, values in found.items()}


def _since(start: float) -> float:
    return time.perf_counter() - start


def _cpu_over(server: psutil.Process, page: Any) -> float:
    """Seconds of CPU that the server uses while the page is left alone for SECONDS."""
    before = sum(server.cpu_times()[:2])
    page.wait_for_timeout(SECONDS * 1000)
    return float(sum(server.cpu_times()[:2]) - before)


@contextmanager
def running_server(script: Path = ROOT / "app.py") -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    options = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    process = subprocess.Popen(
        command + options, cwd=script.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    return "\n".join(f"{name:<75} {value:.3g}" for name, value in report.items())
