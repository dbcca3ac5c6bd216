"""What a browser keeps over its visits (localStorage): short marks, that it was here, which step is done.

Marks are only ever added. They come from the browser, so only those that the page knows are taken.
"""

import secrets
from collections.abc import Iterable, Mapping

import streamlit as st

from nnplay.ui import session

KEY = "browser_marks"
VISITED = "visited"
MOST = 100

# Not displayed, so that it takes no room and no gap in the layout.
CSS = ".stElementContainer:has(.nnplay-marks) { display: none }"

JS = """
const name = "nnplay.marks";
let reported = null;

export default function ({data, parentElement, setStateValue}) {
  let store, held = [];
  try { store = window.localStorage; } catch { return; }
  try { held = JSON.parse(store.getItem(name)) ?? []; } catch { }
  if (!Array.isArray(held)) held = [];
  // Once a mount: what a page reported just before it was left may never have been read.
  if (!data.known && reported !== parentElement) {
    reported = parentElement;
    setStateValue("report", {session: data.session, held: held.slice(0, data.most)});
  }
  const all = [...new Set([...held, ...data.marks])];
  if (all.length > held.length) try { store.setItem(name, JSON.stringify(all)); } catch { }
}
"""

_marks = st.components.v2.component(
    "nnplay_marks", html='<i class="nnplay-marks"></i>', css=CSS, js=JS, isolate_styles=False
)


def known() -> frozenset[str] | None:
    """The marks of this browser; None while it has not told them yet, or keeps none."""
    found: frozenset[str] | None = st.session_state.get(session.MARKS)
    return found


def add(mark: str) -> None:
    """Keep a mark from now on; it reaches the browser with the next `keep_marks`."""
    st.session_state[session.NEW_MARKS] = st.session_state.get(session.NEW_MARKS, frozenset()) | {mark}
    if (held := known()) is not None:
        st.session_state[session.MARKS] = held | {mark}


def keep_marks(possible: Iterable[str]) -> None:
    """Learn what this browser kept, of what is `possible`, and let it keep what is new.

    Call it once a run of the page, outside fragments. A visit's first run does not know yet; the browser's
    report makes it run again.
    """
    state = st.session_state
    number = state.setdefault(session.MARKS_SESSION, secrets.token_hex(8))
    new = state.get(session.NEW_MARKS, frozenset())
    data = {
        "session": number,
        "known": known() is not None,
        "marks": sorted({VISITED} | new),
        "most": MOST,
    }
    report = _marks(data=data, key=KEY, on_report_change=_nothing).report
    # After a lost connection the page hands the new session the report it made to the old one.
    if known() is None and isinstance(report, Mapping) and report.get("session") == number:
        held = report.get("held")
        told = [mark for mark in held if isinstance(mark, str)] if isinstance(held, list) else []
        state[session.MARKS] = frozenset(told[:MOST]) & {VISITED, *possible} | new


def _nothing() -> None:
    """Streamlit asks for a callback before it hands a component's state over."""
