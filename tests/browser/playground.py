"""What browser tests do on the playground page: open it, read it, find the server behind it."""

import re
from typing import Any
from urllib.parse import urlsplit

import psutil
from playwright.sync_api import Page, expect

PLAY, PAUSE = "Play", "Pause"
# The numbers of the data drawn in each chart; changes with every redraw that shows something new.
POINTS = """() => [...document.querySelectorAll('.js-plotly-plot')].map(
  chart => (chart._fullData ?? []).map(trace => trace.x?.length ?? 0))"""


# All labelled numbers in one text.
NUMBERS = """() => [...document.querySelectorAll('*')]
  .map(node => node.shadowRoot?.querySelector('.nnplay-numbers')).find(Boolean)?.textContent"""


def opened(page: Page, address: str, link: str = "") -> Page:
    """The page, drawn and ready to play, as somebody sees it who was here before."""
    page.add_init_script(
        """localStorage.setItem("nnplay.marks", '["visited"]'); localStorage.setItem("nnplay.tour", "seen")"""
    )
    page.goto(f"{address}/?{link}" if link else address)
    expect(page.locator(".js-plotly-plot")).to_have_count(3, timeout=60_000)
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible(timeout=60_000)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).first.click()


def play(page: Page) -> None:
    """Press Play and wait for the first epochs."""
    press(page, PLAY)
    page.wait_for_function("() => " + EPOCH_OF_PAGE + " > 0", timeout=60_000)


# The numbers are in a shadow root: a component of its own.
EPOCH_OF_PAGE = """Number([...document.querySelectorAll('*')]
  .map(node => node.shadowRoot?.querySelector('.nnplay-numbers dd'))
  .find(Boolean)?.textContent.replace(/ .*/, '').replaceAll(',', '') ?? -1)"""


def epoch(page: Page) -> int:
    """The epoch that the page shows."""
    return int(page.evaluate("() => " + EPOCH_OF_PAGE))


def wait_for_epoch(page: Page, number: int) -> None:
    page.wait_for_function(f"() => {EPOCH_OF_PAGE} >= {number}", timeout=60_000)


def server_process(address: str) -> psutil.Process:
    """The Streamlit server at this address."""
    port = urlsplit(address).port
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or [])
        if "streamlit" in line and re.search(rf"server\.port[= ]{port}\b", line):
            return process
    raise LookupError(f"no server on port {port}")


def workers(address: str) -> list[psutil.Process]:
    """The processes that train for this server: those that have TensorFlow loaded."""
    return [child for child in server_process(address).children(recursive=True) if has_tensorflow(child)]


def has_tensorflow(process: psutil.Process) -> bool:
    try:
        return any("libtensorflow" in area.path for area in process.memory_maps())
    except psutil.Error:
        return False


def choose(page: Page, label: str, option: str) -> None:
    """Choose an option of a select box in the sidebar."""
    box: Any = page.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile(label))
    box.first.scroll_into_view_if_needed()
    # A list that opens closes again when anything scrolls: the scrolling is told in the next frame.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    box.first.click()
    page.get_by_role("option", name=option, exact=True).first.click()
