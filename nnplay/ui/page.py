"""The frame of every page: title, layout, menu, and the messages on top."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from nnplay.ui import visit
from nnplay.ui.terms import explain_terms

# Script, label, icon: the menu, in its order.
PAGES = (
    ("app.py", "Playground", ":material/play_circle:"),
    ("pages/gallery.py", "Gallery", ":material/grid_view:"),
    ("pages/compare.py", "Compare", ":material/compare_arrows:"),
    ("pages/sweep.py", "Sweep", ":material/grid_on:"),
    ("pages/activations.py", "Activations", ":material/show_chart:"),
    ("pages/gradients.py", "Gradients", ":material/trending_down:"),
    ("pages/glossary.py", "Glossary", ":material/menu_book:"),
)

# From this server: a material icon would be asked of another one, from every browser.
ICON = str(Path(__file__).parent / "icon.svg")

# Less room above than Streamlit leaves, and choosers that wrap where they are too wide.
STYLE = """<style>
.stMainBlockContainer { padding-top: 3.75rem }
[data-testid="stSidebarHeader"] { height: 2.75rem; margin-bottom: 0 }
.stButtonGroup [role="radiogroup"] { flex-wrap: wrap; row-gap: .3rem }
[data-testid="stLayoutWrapper"]:has(> .st-key-about) { flex: 1 1 22rem }
@media (max-width: 640px) {
  [data-testid="stLayoutWrapper"]:has(> .st-key-about) { min-width: 100% !important }
}
</style>"""


def page(title: str) -> None:
    """Call this first on every page."""
    st.set_page_config(page_title=f"{title} · nnplay", page_icon=ICON, layout="wide")
    st.html(STYLE)
    visit.keep()
    explain_terms()
    st.sidebar.markdown("## nnplay")
    if len(PAGES) > 1:
        with st.sidebar:
            for script, label, icon in PAGES:
                st.page_link(script, label=label, icon=icon)


def messages(problems: Sequence[str], notes: Sequence[str] = ()) -> None:
    """What was refused and what was put right, until the next accepted change."""
    if problems:
        # Text from a link: shown as it is, never read as Markdown.
        st.error("Nothing was changed." if len(problems) == 1 else problems[0], icon=":material/error:")
        for problem in problems if len(problems) == 1 else problems[1:]:
            st.text(problem)
    if notes:
        st.info("\n\n".join(notes), icon=":material/info:")


def is_dark() -> bool:
    """Whether the person sees the dark theme."""
    return st.context.theme.type == "dark"
