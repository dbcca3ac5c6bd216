"""A chart redrawn in place, for anything on a timer; `st.plotly_chart` re-creates its chart at every change.

plotly.js is copied once from the installed plotly package into the static folder next to app.py and loaded
once a page. A frame that arrives while another is being drawn replaces the one that waits, so the last is
always drawn.
"""

import logging
import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import streamlit as st

from nnplay.figures import Spec, encode

STATIC = Path(__file__).parents[2] / "static"
# The version is in the name: a browser's cache can never hold the wrong one.
PLOTLY_JS = f"plotly-{version('plotly')}.min.js"

CSS = """
.nnplay-chart { height: 100%; overflow: hidden }
.nnplay-chart p { color: inherit; opacity: .7; padding: 1rem; margin: 0 }
"""

JS = """
const CONFIG = {
  displaylogo: false,
  modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
  toImageButtonOptions: {filename: "nnplay", scale: 2},
};
const TOUCH = matchMedia("(pointer: coarse)").matches;
const charts = new WeakMap();

function script(url) {
  return new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = url;
    tag.onload = () => window.Plotly ? done(window.Plotly) : failed();
    tag.onerror = failed;
    document.head.append(tag);
  });
}

function plotly() {
  const url = base => new URL(base + "app/static/__PLOTLY_JS__", document.baseURI).href;
  window.nnplayPlotly ??= script(url("")).catch(() => script(url("../")));
  return window.nnplayPlotly;
}

function mount(parent) {
  const host = document.createElement("div");
  host.className = "nnplay-chart";
  parent.append(host);
  const chart = {host, next: null, last: null, busy: false, width: 0};
  chart.observer = new ResizeObserver(() => {
    if (host.clientWidth === chart.width && !chart.next) return;
    chart.next ??= chart.last;
    draw(chart);
  });
  chart.observer.observe(host);
  charts.set(parent, chart);
  return chart;
}

async function draw(chart) {
  if (chart.busy) return;
  chart.busy = true;
  const {host} = chart;
  try {
    const Plotly = await plotly();
    while (chart.next && host.isConnected && host.clientWidth) {
      chart.last = chart.next;
      chart.next = null;
      chart.width = host.clientWidth;
      const {data, layout} = JSON.parse(new TextDecoder().decode(chart.last));
      layout.width = chart.width;
      const family = getComputedStyle(host).fontFamily;
      layout.font = {...layout.font, family};
      layout.hoverlabel = {...layout.hoverlabel, font: {...layout.hoverlabel?.font, family}};
      if (TOUCH) layout.dragmode = false;
      await Plotly.react(host, data, layout, CONFIG);
      await new Promise(requestAnimationFrame);
    }
  } catch (error) {
    console.error(error);
    if (!window.Plotly) {
      const text = document.createElement("p");
      text.textContent = "This chart cannot be drawn: plotly.js did not arrive from the server. "
        + "Reload the page; if that does not help, the server needs enableStaticServing = true.";
      host.replaceChildren(text);
    }
  } finally {
    chart.busy = false;
  }
}

export default function ({data, parentElement}) {
  const chart = charts.get(parentElement) ?? mount(parentElement);
  chart.next = data;
  draw(chart);
  return () => {
    // Streamlit also calls this for an update that another overtook: then the chart is still on the page.
    if (chart.host.isConnected) return;
    chart.observer.disconnect();
    charts.delete(parentElement);
    window.Plotly?.purge(chart.host);
  };
}
"""

_chart = st.components.v2.component(
    "nnplay_live_chart", css=CSS, js=JS.replace("__PLOTLY_JS__", PLOTLY_JS), isolate_styles=False
)


def install_plotly_js(folder: Path = STATIC) -> Path:
    """Put plotly.js where the server serves it from, unless it is there, and return its path.

    Safe from several sessions at once: each writes a file of its own and renames it. In a read-only folder
    it logs a warning, and the charts say that they cannot be drawn.
    """
    target = folder / PLOTLY_JS
    if target.exists():
        return target
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("The charts need plotly.js from the package plotly: pip install plotly.")
    source = Path(found.origin).parent / "package_data" / "plotly.min.js"
    try:
        folder.mkdir(exist_ok=True)
        handle, copy = tempfile.mkstemp(prefix="plotly-copy-", suffix=".js", dir=folder)
        os.close(handle)
        shutil.copyfile(source, copy)
        os.chmod(copy, 0o644)
        os.replace(copy, target)
    except OSError as error:
        logging.getLogger(__name__).warning("plotly.js cannot be written to %s: %s", folder, error)
    return target


def live_chart(spec: Spec, *, key: str, height: int = 320) -> None:
    """Draw `spec` in place of what the chart `key` showed before: `height` pixels, as wide as its column.

    Its place is reserved before plotly.js has arrived; zoom and hidden traces survive while the figure's
    `uirevision` stays the same.
    """
    install_plotly_js()
    _chart(data=encode(spec | {"layout": spec["layout"] | {"height": height}}), key=key, height=height)
