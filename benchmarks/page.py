"""What a person waits for, in a real browser (Chromium): first picture, redraws, Pause, server load."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
ROUNDS = 5
SECONDS = 10.0
LINK = "epochs=100000"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
MOVED = """() => document.querySelectorAll('.js-plotly-plot')[1]?._fullData?.[0]?.x?.length > 0"""
COUNT = """() => {
  window.redraws = [];
  document.querySelectorAll('.js-plotly-plot').forEach((chart, k) => {
    window.redraws[k] = 0;
    chart.addEventListener('nnplay-drawn', () => { window.redraws[k] += 1; });
  });
}"""


def measure() -> dict[str, Any]:
    """Medians over ROUNDS: waits in seconds, redraws per second, CPU and memory of the server."""
    from playwright.sync_api import sync_playwright

    opened, cold, warm, pause, redraws, cpu, memory = [], [], [], [], [], [], []
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
                page.get_by_role("button", name="Play").click()
                pressed = time.perf_counter()
                page.wait_for_function(MOVED, timeout=60_000)
                cold.append(time.perf_counter() - pressed)
                opened.append(time.perf_counter() - start)
                page.get_by_role("button", name="Pause").click()
                page.get_by_text("Paused.").wait_for()
                page.close()

                page = browser.new_page(viewport={"width": 1600, "height": 1000})
                page.goto(f"{address}/?{LINK}")
                page.get_by_text("Ready. Press Play.").wait_for(timeout=60_000)
                page.wait_for_timeout(1500)
                start = time.perf_counter()
                page.get_by_role("button", name="Play").click()
                page.wait_for_function(MOVED, timeout=60_000)
                warm.append(time.perf_counter() - start)

                page.wait_for_timeout(1000)
                page.evaluate(COUNT)
                before, start = sum(server.cpu_times()[:2]), time.perf_counter()
                page.wait_for_timeout(SECONDS * 1000)
                seconds = time.perf_counter() - start
                counts = page.evaluate("() => window.redraws")
                redraws.append(min(counts) / seconds)
                cpu.append(1000 * (sum(server.cpu_times()[:2]) - before) / (counts[1] or 1))
                memory.append(server.memory_info().rss / 1e6)

                start = time.perf_counter()
                page.get_by_role("button", name="Pause").click()
                page.get_by_text("Paused.").wait_for()
                pause.append(time.perf_counter() - start)
                page.close()
        browser.close()
    return {
        "rounds": ROUNDS,
        "seconds from opening the page on a fresh server to the first moved chart": median(opened),
        "seconds from Play to the first moved chart, on a fresh server": median(cold),
        "seconds from Play to the first moved chart, warm": median(warm),
        "seconds from Pause to standing still": median(pause),
        "redraws per second of the slowest chart": median(redraws),
        "server CPU, ms a tick": median(cpu),
        "server memory, MB": median(memory),
    }


@contextmanager
def running_server() -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    process = subprocess.Popen(
        command + options, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
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
