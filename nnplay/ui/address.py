"""The address bar: what a person puts there, and what the page itself writes into it.

The browser sends its address with every message, and that can be older than what the page has written
meanwhile: a tick on its way while a layer is added. Taken for a person's wish it would undo the change.
"""

from urllib.parse import urlencode

import streamlit as st

Pairs = list[tuple[str, str]]
ADDRESS = "address_{page}"  # (what the browser had last, what was written since and not yet seen there)


def arrived(page: str) -> Pairs | None:
    """The address, if a person has put it there since the last time or the visit has just begun; else None.

    A page that is returned to by the menu has no query, which is no wish either.
    """
    state, key = st.session_state, ADDRESS.format(page=page)
    pairs = _read()
    text = urlencode(pairs)
    seen, written = state.get(key, (None, ()))
    if text == seen:
        return None
    ours = text in written
    state[key] = (text, written[written.index(text) + 1 :] if ours else ())
    return None if ours or (seen is not None and not pairs) else pairs


def write(page: str, pairs: Pairs) -> None:
    """Put this into the address bar, if it is not there already: each write is an entry in the history."""
    if pairs != _read():
        state, key = st.session_state, ADDRESS.format(page=page)
        seen, written = state[key]
        state[key] = (seen, (*written, urlencode(pairs)))
        st.query_params.from_dict(dict(pairs))


def here() -> str:
    """Where this page is, without what it is asked for."""
    return (st.context.url or "").partition("?")[0].partition("#")[0].rstrip("/") + "/"


def _read() -> Pairs:
    return [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
