"""What a browser keeps over its visits (localStorage): short marks, that it was here, which step is done.

Marks are only ever added. They come from the browser, so only those that the page knows are taken. That it
was here is a cookie besides, which comes with the first request: so a first visit need not wait for a report.
"""

import secrets
from collections.abc import Iterable, Mapping

import streamlit as st

from nnplay.ui import session

KEY = "browser_marks"
VISITED = "visited"
COOKIE = "nnplay_visited"
MOST = 100

# Not displayed, so that it takes no room and no gap in the layout.
CSS = ".stElementContainer:has(.nnplay-marks) { display: none }"

JS = """
const name = "nnplay.marks", SECONDS = 400 * 24 * 3600;
let visit = {};

export default function ({data, parentElement, setStateValue}) {
  try { document.cookie = `${data.cookie}=1; path=/; max-age=${SECONDS}; samesite=lax`; } catch { }
  let store, held = [];
  try { store = window.localStorage; } catch {
    // It cannot know whether it was here: nothing is to start by itself at every visit.
    if (!data.told && visit.reported !== parentElement) {
      visit.reported = parentElement;
      setStateValue("report", {session: data.session, held: data.marks});
    }
    return;
  }
  try { held = JSON.parse(store.getItem(name)) ?? []; } catch { }
  if (!Array.isArray(held)) held = [];
  // What was here when the visit began: its own marks are no news to it.
  if (visit.session !== data.session) visit = {session: data.session, held};
  // Once a mount: what a page reported just before it was left may never have been read.
  if (!data.told && (data.awaited || visit.held.length) && visit.reported !== parentElement) {
    visit.reported = parentElement;
    setStateValue("report", {session: data.session, held: visit.held.slice(0, data.most)});
  }
  const all = [...new Set([...held, ...data.marks])];
  if (all.length > held.length) try { store.setItem(name, JSON.stringify(all)); } catch { }
}
"""

_marks = st.components.v2.component(
    "nnplay_marks", html='<i class="nnplay-marks"></i>', css=CSS, js=JS, isolate_styles=False
)


def known() -> frozenset[str] | None:
    """The marks of this browser; None while it has not told them yet.

    A browser that comes without our cookie has none, until it says otherwise.
    """
    found: frozenset[str] | None = st.session_state.get(session.MARKS)
    if found is None and _is_new():
        found = st.session_state[session.MARKS] = frozenset()
    return found


def _is_new() -> bool:
    # Without any header nobody has asked for a page: nothing is known.
    return bool(st.context.headers) and COOKIE not in st.context.cookies


def add(mark: str) -> None:
    """Keep a mark from now on; it reaches the browser with the next `keep_marks`."""
    st.session_state[session.NEW_MARKS] = st.session_state.get(session.NEW_MARKS, frozenset()) | {mark}
    if (held := known()) is not None:
        st.session_state[session.MARKS] = held | {mark}


def keep_marks(possible: Iterable[str]) -> None:
    """Learn what this browser kept, of what is `possible`, and let it keep what is new.

    Call it once a run of the page, outside fragments. The first run of a visit by a browser that was here
    does not know yet; the browser's report makes it run again.
    """
    state = st.session_state
    number = state.setdefault(session.MARKS_SESSION, secrets.token_hex(8))
    new = state.get(session.NEW_MARKS, frozenset())
    data = {
        "session": number,
        "cookie": COOKIE,
        "awaited": known() is None,
        "told": session.MARKS_TOLD in state,
        "marks": sorted({VISITED} | new),
        "most": MOST,
    }
    report = _marks(data=data, key=KEY, on_report_change=_nothing).report
    # After a lost connection the page hands the new session the report it made to the old one.
    if session.MARKS_TOLD in state or not isinstance(report, Mapping) or report.get("session") != number:
        return
    held = report.get("held")
    told = [mark for mark in held if isinstance(mark, str)] if isinstance(held, list) else []
    state[session.MARKS] = frozenset(told[:MOST]) & {VISITED, *possible} | new
    state[session.MARKS_TOLD] = None


def _nothing() -> None:
    """Streamlit asks for a callback before it hands a component's state over."""
