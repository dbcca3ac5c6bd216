"""What somebody sees who was never here, in a Chromium that nobody looks over the shoulder of.

Playwright follows each of the hundred requests of a first visit, which makes it 0.4 s longer on two cores. So
this speaks the browser's DevTools protocol itself, and only asks for a script of its own in the page.
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PATIENCE = 60.0
SETTLED = 3.0
# Notes when each of these is so, in ms after the address was opened.
WATCH = """
window.seen = {};
(milestones => {
  const look = setInterval(() => {
    for (const [name, so] of milestones) if (!(name in seen) && so()) seen[name] = performance.now();
    if (Object.keys(seen).length == milestones.length) clearInterval(look);
  }, 30);
})([%s]);
"""


def seconds_until(address: str, milestones: dict[str, str]) -> dict[str, float]:
    """Seconds from opening the address to each milestone, a JavaScript function that says whether it is so.

    In a browser with an empty profile that has been open for some seconds. Raises `TimeoutError`.
    """
    watch = WATCH % ",".join(f"[{json.dumps(name)}, {so}]" for name, so in milestones.items())
    with _tab() as tab:
        _asked(tab, "Page.enable")
        _asked(tab, "Page.addScriptToEvaluateOnNewDocument", source=watch)
        _asked(tab, "Page.navigate", url=address)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            # Seldom: each question takes something from the page.
            time.sleep(SETTLED)
            seen = _asked(tab, "Runtime.evaluate", expression="JSON.stringify(window.seen)")
            found = json.loads(seen["result"]["value"])
            if len(found) == len(milestones):
                return {name: value / 1000 for name, value in found.items()}
    raise TimeoutError(f"{PATIENCE:.0f} seconds after opening {address} there is only {found}.")


@contextmanager
def _tab() -> Iterator[ClientConnection]:
    """The only tab of a new browser, at rest."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium", "--headless"]
        options = [f"--user-data-dir={profile}", "--remote-debugging-port=0", "--window-size=1600,1000"]
        browser = subprocess.Popen([*command, *FLAGS, *options, "about:blank"], stderr=subprocess.DEVNULL)
        try:
            port = _port(Path(profile, "DevToolsActivePort"))
            time.sleep(SETTLED)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                pages = [each for each in json.load(answer) if each["type"] == "page"]
            with connect(pages[0]["webSocketDebuggerUrl"], max_size=None) as tab:
                yield tab
        finally:
            browser.terminate()
            browser.wait()


def _port(file: Path) -> int:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.05)
    raise TimeoutError("Chromium did not say on which port it listens.")


def _asked(tab: ClientConnection, method: str, **parameters: Any) -> dict[str, Any]:
    tab.send(json.dumps({"id": 1, "method": method, "params": parameters}))
    while True:
        said = json.loads(tab.recv(timeout=PATIENCE))
        # The rest is events.
        if said.get("id") == 1:
            return dict(said["result"])
