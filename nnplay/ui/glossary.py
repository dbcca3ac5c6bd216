"""The glossary as a page: a search, and the terms it finds."""

import streamlit as st

from nnplay.glossary import GLOSSARY, find


def glossary() -> None:
    """All terms, or those that are searched for."""
    wanted = st.text_input(
        "Search",
        help="A word, or part of it.",
        key="glossary_search",
        placeholder="gradient",
        max_chars=60,
        label_visibility="collapsed",
    )
    found = find(wanted)
    if not found:
        st.text(f"Nothing here about “{wanted}”. Try a shorter word; there are {len(GLOSSARY)} terms.")
    left, right = st.columns(2, gap="large")
    half = (len(found) + 1) // 2
    for column, names in ((left, found[:half]), (right, found[half:])):
        for name in names:
            term = GLOSSARY[name]
            formula = f"\n\n${term.formula}$" if term.formula else ""
            column.markdown(f"**{term.label}.** {term.about}{formula}")
