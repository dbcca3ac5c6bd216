"""A short text that a browser tab keeps over reloads (sessionStorage) and that links do not carry.

A reload is a new Streamlit session, which does not know yet what the tab holds and must not overwrite it
unread. So for every session the tab reports once what it held before, and stores nothing until that session
has answered.
"""

import secrets
from collections.abc import Mapping

import streamlit as st

LONGEST = 4096

# Not displayed, so that it takes no room and no gap in the layout.
CSS = ".stElementContainer:has(.nnplay-tab-memory) { display: none }"

JS = """
const slots = new Map();

export default function ({data, parentElement, setStateValue}) {
  const name = "nnplay." + data.slot;
  let store;
  try { store = window.sessionStorage; } catch { return; }
  let slot = slots.get(name);
  if (slot?.session !== data.session) {
    const held = store.getItem(name);
    slot = {session: data.session, held: held?.length > data.longest ? null : held, reported: null};
    slots.set(name, slot);
  }
  const known = slot.held === null || slot.held === data.seen || slot.held === data.value;
  if (!known) {
    // Once a mount: what a page reported just before it was left may never have been read.
    if (slot.reported !== parentElement) setStateValue("report", {session: slot.session, held: slot.held});
    slot.reported = parentElement;
    return;
  }
  slot.held = null;
  if (data.value !== null) store.setItem(name, data.value);
}
"""

_memory = st.components.v2.component(
    "nnplay_tab_memory", html='<i class="nnplay-tab-memory"></i>', css=CSS, js=JS, isolate_styles=False
)


def tab_memory(value_to_store: str | None, key: str) -> str | None:
    """Keep `value_to_store` in this tab, and return what the tab held when this session began.

    None means "nothing, or not known yet": a reload's first run sees None, and a rerun follows by itself if
    the tab holds something. The run that learns of it stores nothing, so that the page can adopt the text
    (or not) first; from the next run on, `value_to_store` is kept (None keeps what is there). Call it once
    a run, outside fragments. The text comes from the browser: validate it.
    """
    session = st.session_state.setdefault(f"{key}_session", secrets.token_hex(8))
    seen = st.session_state.get(f"{key}_seen")
    value = value_to_store if value_to_store is None else value_to_store[:LONGEST]
    data = {"slot": key, "session": session, "seen": seen, "value": value, "longest": LONGEST}
    report = _memory(data=data, key=key, on_report_change=_nothing).report
    # After a lost connection the page hands the new session the report it made to the old one.
    if isinstance(report, Mapping) and report.get("session") == session and _fits(report.get("held")):
        st.session_state[f"{key}_seen"] = report["held"]
    return st.session_state.get(f"{key}_seen")


def _fits(held: object) -> bool:
    return isinstance(held, str) and len(held) <= LONGEST


def _nothing() -> None:
    """Streamlit asks for a callback before it hands a component's state over."""
