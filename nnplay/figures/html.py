"""Figures as one HTML page that needs nothing else: plotly.js is in it."""

from collections.abc import Mapping
from html import escape

from nnplay.figures.spec import Spec, as_figure

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body {{ font-family: sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
h2 {{ font-size: 1rem; font-weight: 500; margin: 2rem 0 .5rem }}</style></head>
<body><h1>{title}</h1><p>{words}</p>{figures}</body></html>
"""
# The camera in the bar over each figure saves a PNG, three times as fine as on the screen.
CONFIG = {"displaylogo": False, "responsive": True, "toImageButtonOptions": {"format": "png", "scale": 3}}


def figures_page(title: str, words: str, specs: Mapping[str, Spec]) -> str:
    """A page with these figures under their names."""
    from plotly.io import to_html

    parts: list[str] = []
    for name, spec in specs.items():
        code = to_html(
            as_figure(spec),
            config=CONFIG,
            full_html=False,
            include_plotlyjs=not parts,
            default_height="26rem",
        )
        parts.append(f"<h2>{escape(name)}</h2>{code}")
    return PAGE.format(title=escape(title), words=escape(words), figures="".join(parts))
