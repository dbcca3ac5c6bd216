"""Data that are not on the server yet: downloaded beside the pages, with what takes their place meanwhile."""

import threading
from dataclasses import dataclass

import streamlit as st

from nnplay.data import DATASETS, STAND_IN, NotHere, fetch, is_here, megabytes
from nnplay.ui.timer import on_timer

SECONDS = 0.5  # from one look at a download to the next


@dataclass(eq=False)
class Fetch:
    """A download under way or done: bytes so far and in all, and why it failed."""

    name: str
    done: int = 0
    total: int = 1
    failure: str = ""
    over: bool = False

    def run(self) -> None:
        """Download; called in a thread of its own."""
        try:
            fetch(self.name, self._tell)
        except NotHere as error:
            self.failure = str(error)
        self.over = True

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


@st.cache_resource(show_spinner=False)
def _fetches() -> dict[str, Fetch]:
    """The downloads of this server, by the names of the data: one for all visitors."""
    return {}


_lock = threading.Lock()


def begin(name: str) -> None:
    """Download a dataset, unless that is being done."""
    with _lock:
        found = _fetches().get(name)
        if is_here(name) or (found and not found.over):
            return
        job = _fetches()[name] = Fetch(name)
    threading.Thread(target=job.run, daemon=True, name=f"fetch-{name}").start()


def fetching(name: str) -> bool:
    """How far the download of this dataset is, drawn until it is here; whether it is."""
    if is_here(name):
        return True
    busy = _is_busy(name)
    on_timer(_progress, SECONDS if busy else None, name, busy)
    return False


def _is_busy(name: str) -> bool:
    job = _fetches().get(name)
    return job is not None and not job.over


def _progress(name: str, busy: bool) -> None:
    """`busy`: whether it was being downloaded when the page was drawn, and so has a timer."""
    if busy != _is_busy(name):
        st.rerun()
    job, label = _fetches().get(name), DATASETS[name].label
    stand_in = f"Meanwhile {DATASETS[STAND_IN].label} stand in for it."
    if job is not None and busy:
        size = f"{job.done / 1e6:.0f} of {megabytes(name)} MB"
        st.progress(min(1.0, job.done / job.total), f"{label} is being downloaded, once: {size}. {stand_in}")
        return
    failure = job.failure if job else ""
    st.warning(f"{label} is not here. {failure} {stand_in}", icon=":material/cloud_off:")
    st.button("Try again", key=f"fetch_{name}", on_click=begin, args=(name,))
