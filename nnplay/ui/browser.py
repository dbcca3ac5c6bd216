"""What runs in the browser: the page's JavaScript as one file beside plotly.js, and components made of it.

The text of a component's own script travels with each of its messages. So that is a few lines which load the
file, once a page, and the next time from the browser's cache.
"""

import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import streamlit as st

from nnplay.glossary import GLOSSARY, written

FOLDER = Path(__file__).parent
STATIC = FOLDER.parents[1] / "static"
# Each imports only from those before it.
MODULES = (
    "chart/arrays", "chart/moving", "chart/chart", "numbers", "sentences", "table", "timeline",
    "own_data/drawing",
    "network/activations", "network/forward", "network/statistics", "network/colors", "network/layout",
    "network/maps", "network/drawing", "network/pointer", "network/words", "network/card", "network/controls",
    "network/save", "network/picture", "network/main", "tiles", "one_sample/sketch", "theme", "glossary",
    "tour", "feed",
)  # fmt: skip
IMPORT = re.compile(r'^import \{[^}]*\} from "(\.[^"]*)\.js";\n', re.MULTILINE)
# The version is in the name: a browser's cache can never hold the wrong one.
PLOTLY_JS = f"plotly-{version('plotly')}.min.js"

LOADER = """
function load() {
  const url = base => new URL(base + "app/static/__FILE__", document.baseURI).href;
  return window["__FILE__"] ??= import(url("")).catch(() => import(url("../")));
}
export default function (given) {
  load().then(scripts => scripts.__NAME__(given), () => {
    given.parentElement.textContent = "This cannot be shown: a script did not arrive from the server. "
      + "Reload the page; if that does not help, the server needs enableStaticServing = true.";
  });
  return () => load().then(scripts => scripts.left.__NAME__?.(given.parentElement), () => {});
}
"""


def script(*, until: str = MODULES[-1], exports: bool = False) -> str:
    """The modules up to and including `until` in one scope; with the last one's exports if `exports`."""
    names = MODULES[: MODULES.index(until) + 1]
    texts = [IMPORT.sub("", (FOLDER / f"{name}.js").read_text("utf-8")) for name in names]
    plain = [re.sub(r"^export ", "", text, flags=re.MULTILINE) for text in texts]
    return "\n".join([*plain[:-1], texts[-1] if exports else plain[-1]])


@lru_cache(maxsize=1)
def served_script() -> tuple[str, str]:
    """Name and text of the file that the browser loads."""
    text = script(exports=True).replace("__PLOTLY_JS__", PLOTLY_JS).replace("__GLOSSARY__", _glossary())
    return f"nnplay-{hashlib.sha256(text.encode()).hexdigest()[:12]}.js", text


def _glossary() -> str:
    """The terms, [label, about, [forms]], for the script: so that no message has to carry them."""
    terms = [[term.label, term.about, written(term)] for term in GLOSSARY.values()]
    return json.dumps(terms, ensure_ascii=False, separators=(",", ":"))


def component(name: str, **options: Any) -> Callable[..., Any]:
    """A component whose script is the function `name` that feed.js exports; call it at import."""
    text = LOADER.replace("__FILE__", served_script()[0]).replace("__NAME__", name)
    return st.components.v2.component(f"nnplay_{name}", js=text, **options)


def install(folder: Path = STATIC) -> None:
    """Put plotly.js and our script where the server serves them from, unless they are there.

    Safe from several sessions at once: each writes a file of its own and renames it. In a read-only folder
    it logs a warning, and the page says that they did not arrive.
    """
    name, text = served_script()
    for target, content in ((folder / PLOTLY_JS, plotly_js), (folder / name, text.encode)):
        if not target.exists():
            _put(target, content())


def plotly_js() -> bytes:
    """The file that the package plotly comes with. Raises `ModuleNotFoundError`."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("The charts need plotly.js from the package plotly: pip install plotly.")
    return (Path(found.origin).parent / "package_data" / "plotly.min.js").read_bytes()


def _put(target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
        handle, copy = tempfile.mkstemp(prefix="copy-", suffix=".js", dir=target.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(copy, 0o644)
        os.replace(copy, target)
    except OSError as error:
        logging.getLogger(__name__).warning("%s cannot be written: %s", target, error)
