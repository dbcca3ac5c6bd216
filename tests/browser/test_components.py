"""The live chart and the tab's memory in a real browser, on an app as small as they allow."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nnplay.ui.browser import PLOTLY_JS, install, script, served_script

CHARTS = """
import sys, time
sys.path.insert(0, {root!r})
import numpy as np, streamlit as st
from nnplay.figures.boundary import boundary
from nnplay.figures.curves import loss_curves, metric_curves
from nnplay.ui.chart.component import live_chart

st.set_page_config(layout="wide")
dark = st.context.theme.type == "dark"
random = np.random.default_rng(0)
points = random.uniform(-6, 6, (250, 2)), random.integers(0, 2, 250)
axis = np.linspace(-6, 6, 64)

@st.fragment(run_every=0.2)
def tick():
    st.session_state.ticks = epochs = st.session_state.get("ticks", 0) + 1
    x, y = np.meshgrid(axis, axis)
    z = np.tanh(x * y / 5 + np.sin(epochs / 5))
    epoch = np.arange(1, 601)
    loss = np.exp(-epoch / 200) + 0.05 * np.sin(epochs / 5 + epoch / 50)
    left, right = st.columns(2)
    with left:
        plane = boundary(axis, axis, z, task="binary", train=points, test=points, dark=dark)
        live_chart(plane, key="map", height=480)
    with right:
        live_chart(loss_curves(epoch, loss, loss + 0.1, nothing=1.0, dark=dark), key="loss", height=240)
        live_chart(metric_curves(epoch, 1 - loss / 2, dark=dark), key="accuracy", height=240)
    st.write(f"tick {{epochs}}")

tick()
"""

MEMORY = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from nnplay.ui.tab_memory import tab_memory

st.session_state.runs = st.session_state.get("runs", 0) + 1
wanted = st.text_input("keep") or None
with st.container(key="around"):
    st.write("above")
    held = tab_memory(wanted, key="memory")
    st.write("below")
st.write(f"held {{held}} after {{st.session_state.runs}} runs")
"""

ROOT = Path(__file__).parents[2]
App = Callable[[str], str]


@pytest.fixture
def app(fresh_server: Callable[..., str], tmp_path: Path) -> App:
    """`app(source)` serves a script from a folder of its own."""

    def serve(source: str) -> str:
        (tmp_path / "static").mkdir(exist_ok=True)
        script = tmp_path / "app.py"
        script.write_text(source.format(root=str(ROOT)))
        return fresh_server(script)

    return serve


def charts_drawn(page: Page) -> None:
    expect(page.locator(".js-plotly-plot")).to_have_count(3, timeout=30_000)


@pytest.mark.parametrize(("width", "dark"), [(400, True), (1600, False)])
def test_a_live_chart_moves_without_a_flash_and_keeps_its_zoom(
    app: App,
    open_page: Callable[..., Page],
    screenshot: Callable[[Page, str], None],
    tmp_path: Path,
    dark: bool,
    width: int,
) -> None:
    address = app(CHARTS)
    install(tmp_path / "static")
    page = open_page(width=width, height=900, dark=dark)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    charts_drawn(page)
    page.wait_for_timeout(1000)
    before = page.evaluate(
        """() => {
        const chart = ".js-plotly-plot", charts = [...document.querySelectorAll(chart)];
        window.seen = {drawn: 0, removed: 0, jumps: 0};
        charts[1].addEventListener("nnplay-drawn", () => { window.seen.drawn += 1; });
        new MutationObserver(changes => {
            for (const change of changes) for (const node of change.removedNodes)
                if (node.nodeType === 1 && (node.matches(chart) || node.querySelector(chart)))
                    window.seen.removed += 1;
        }).observe(document.body, {childList: true, subtree: true});
        new ResizeObserver(() => { window.seen.jumps += 1; }).observe(charts[0]);
        Plotly.relayout(charts[1], {});
        return charts.map(chart => chart.offsetHeight);
    }"""
    )
    assert before == [480, 240, 240]
    # A zoom as a person makes it: a drag over the loss curve, which on a narrow page is out of view at first.
    loss = page.locator(".js-plotly-plot").nth(1)
    loss.scroll_into_view_if_needed()
    box = loss.locator(".nsewdrag").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.7 * box["height"], steps=5)
    page.mouse.up()
    page.wait_for_timeout(300)
    zoom = page.evaluate("document.querySelectorAll('.js-plotly-plot')[1].layout.xaxis.range")
    assert 100 < zoom[0] < zoom[1] < 500
    page.wait_for_function("window.seen.drawn >= 40", timeout=60_000)
    seen = page.evaluate("window.seen")
    assert seen["removed"] == 0
    assert seen["jumps"] <= 1
    assert page.evaluate("document.querySelectorAll('.js-plotly-plot')[1].layout.xaxis.range") == zoom
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert not problems
    screenshot(page, f"live-chart-{width}-{'dark' if dark else 'light'}")


def test_a_chart_without_its_scripts_says_so(app: App, page: Page) -> None:
    address = app(CHARTS)
    page.goto(address)
    expect(page.get_by_text("a script did not arrive").first).to_be_visible(timeout=30_000)


def test_scripts_are_put_in_place_once_by_many(tmp_path: Path) -> None:
    folder = tmp_path / "static"
    starts = [threading.Thread(target=install, args=(folder,)) for _ in range(8)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert {path.name for path in folder.iterdir()} == {PLOTLY_JS, served_script()[0]}
    written = [path.stat().st_mtime_ns for path in sorted(folder.iterdir())]
    install(folder)
    assert [path.stat().st_mtime_ns for path in sorted(folder.iterdir())] == written


def test_a_tab_remembers_over_a_reload_and_no_other_tab_does(
    app: App, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    address = app(MEMORY)
    page.goto(address)
    expect(page.get_by_text("held None after 1 runs")).to_be_visible()
    page.get_by_label("keep").fill("token one")
    page.get_by_label("keep").press("Enter")
    expect(page.get_by_text("held None after 2 runs")).to_be_visible()
    for _ in range(2):
        # The reloaded session learns of it in one more run, and no loop follows.
        page.reload()
        expect(page.get_by_text("held token one after 2 runs")).to_be_visible()
        page.wait_for_timeout(500)
        expect(page.get_by_text("held token one after 2 runs")).to_be_visible()
    page.get_by_label("keep").fill("token two")
    page.get_by_label("keep").press("Enter")
    expect(page.get_by_text("after 3 runs")).to_be_visible()
    page.wait_for_timeout(300)
    page.reload()
    expect(page.get_by_text("held token two after 2 runs")).to_be_visible()
    other = page.context.new_page()
    other.goto(address)
    expect(other.get_by_text("held None after 1 runs")).to_be_visible()


def test_a_new_session_does_not_overwrite_what_it_has_not_read(app: App, page: Page) -> None:
    address = app(MEMORY.replace("or None", 'or "fresh token"'))
    page.add_init_script(
        "sessionStorage.getItem('nnplay.memory') ?? sessionStorage.setItem('nnplay.memory', 'old')"
    )
    page.goto(address)
    expect(page.get_by_text("held old after 2 runs")).to_be_visible()
    page.wait_for_timeout(500)
    assert page.evaluate("sessionStorage.getItem('nnplay.memory')") == "old"
    page.get_by_label("keep").fill("adopted")
    page.get_by_label("keep").press("Enter")
    expect(page.get_by_text("after 3 runs")).to_be_visible()
    page.wait_for_function("sessionStorage.getItem('nnplay.memory') === 'adopted'")


def test_memory_takes_no_room(app: App, page: Page) -> None:
    page.goto(app(MEMORY))
    above, below = page.get_by_text("above", exact=True), page.get_by_text("below", exact=True)
    expect(below).to_be_visible()
    page.wait_for_timeout(500)
    first, second = above.bounding_box(), below.bounding_box()
    assert first is not None and second is not None
    # One gap of the layout (1 rem), not two.
    assert second["y"] - first["y"] - first["height"] < 24


LATE = """messages => {
%s
  const seen = [];
  serve("epoch", bytes => seen.push(new TextDecoder().decode(bytes)));
  const message = text => new TextEncoder().encode(text);
  const place = {parentElement: document.body, setTriggerValue() {}};
  for (const text of messages) feed({data: message(text), ...place});
  return seen;
}"""


def test_what_comes_too_late_does_not_overwrite_what_is_newer(page: Page) -> None:
    # The second was made before the first; the last by a page whose messages have no order.
    messages = [
        '{"parts":{"epoch":1},"turn":2}\n2',
        '{"parts":{"epoch":1},"turn":1}\n1',
        '{"parts":{"epoch":1},"turn":3}\n3',
        '{"parts":{"epoch":1}}\n4',
    ]
    assert page.evaluate(LATE % script().replace("__GLOSSARY__", "[]"), messages) == ["2", "3", "4"]
