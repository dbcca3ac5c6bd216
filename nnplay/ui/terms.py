"""Terms of the field explained on hover, wherever the page's sentences use them."""

from nnplay.ui.browser import component, install

CSS = """
.stElementContainer:has(.nnplay-terms) { display: none }
::highlight(nnplay-term) {
  text-decoration: underline dotted 1px; text-decoration-color: #8a93a3; text-underline-offset: 3px;
}
.nnplay-term-card {
  position: fixed; z-index: 1000002; max-width: min(20rem, calc(100vw - 16px)); padding: .5rem .7rem;
  font-size: .85rem; line-height: 1.4; pointer-events: none; border-radius: .375rem;
  color: var(--st-text-color); background: var(--st-background-color);
  border: 1px solid var(--st-border-color); box-shadow: 0 2px 10px rgb(0 0 0 / 15%);
}
"""

_terms = component("glossary", html='<i class="nnplay-terms"></i>', css=CSS, isolate_styles=False)


def explain_terms() -> None:
    """Call once a page run: marks the terms, and shows what they mean beside the pointer."""
    install()
    _terms(data={}, key="glossary")
