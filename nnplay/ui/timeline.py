"""The time line: a slider over the states kept of a run, which moves every view to their epoch."""

import json
import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from nnplay.jobs import Run
from nnplay.ui import server, visit
from nnplay.ui.browser import component, install
from nnplay.ui.wording import changes_in_words

KEY = "timeline"
# A view of the past is a few milliseconds of a worker's time: waited for within the same run of the page.
PATIENCE = 0.15
# "Stop" takes as much room as "Watch again": the slider stands still.
CSS = """
.nnplay-time { display: flex; align-items: center; gap: .75rem; color: var(--st-text-color) }
.nnplay-time button {
  flex: none; padding: .2rem .7rem; font: inherit; font-size: .875rem; color: inherit; background: none;
  border: 1px solid var(--st-border-color); border-radius: var(--st-button-radius, .5rem); cursor: pointer;
}
.nnplay-time button:first-child { min-width: 6.75rem }
.nnplay-time button:hover:enabled { border-color: var(--st-primary-color); color: var(--st-primary-color) }
.nnplay-time button:disabled { opacity: .4; cursor: default }
.nnplay-time output {
  flex: none; min-width: 10.5rem; font-size: .875rem; font-variant-numeric: tabular-nums; text-align: right;
}
.nnplay-rail { position: relative; flex: 1; min-width: 6rem; height: 2rem }
.nnplay-rail input {
  position: absolute; inset: 0; width: 100%; margin: 0; cursor: pointer;
  accent-color: var(--st-primary-color);
}
.nnplay-rail i {
  position: absolute; bottom: 0; width: 7px; height: 7px; margin-left: -4px; transform: rotate(45deg);
  background: var(--st-text-color); opacity: .55;
}
@media (max-width: 640px) {
  .nnplay-time { flex-wrap: wrap }
  .nnplay-time button:first-child { min-width: 0 }
  .nnplay-rail { order: -1; flex-basis: 100% }
}
"""

_timeline = component("timeline", html='<div class="nnplay-time"></div>', css=CSS)


def timeline(name: str) -> None:
    """Where the time line is whose stops a feed brings as its part `name`."""
    install()
    _timeline(data={"place": name}, key=KEY, on_seek_change=_sought)


def timeline_bytes(run: Run) -> bytes:
    """What the slider shows: the epochs it stops at, where it is, and the marks on it."""
    at = run.looking
    shown = run.shown.epoch
    return json.dumps(
        {
            "id": run.id,
            "stops": run.stops,
            "at": at,
            "shown": shown,
            "marks": [[epoch, f"Epoch {epoch:,}: {text}"] for epoch, text in changes_in_words(run).items()],
        },
        separators=(",", ":"),
    ).encode()


def wait_for_moment(run: Run) -> None:
    """Give the worker the time that a view of the past usually takes."""
    end = time.monotonic() + PATIENCE
    while run.arriving and time.monotonic() < end:
        time.sleep(0.005)


def _sought() -> None:
    asked(st.session_state[KEY].get("seek"), visit.run())


def asked(request: object, run: Run) -> None:
    """Look at the epoch that the slider asks for; what makes no sense is not done."""
    if not isinstance(request, Mapping) or "epoch" not in request:
        return
    epoch: Any = request["epoch"]
    if request.get("film") and run.looking is None:
        # Meanwhile it was played on or reset: the film is over.
        return
    if isinstance(epoch, float) and epoch.is_integer():
        epoch = int(epoch)
    if epoch is None or (isinstance(epoch, int) and not isinstance(epoch, bool)):
        server.runs().look(run, epoch)
