"""A real browser on a real server: Debian's Chromium against `streamlit run app.py`, for tests marked
`browser`.

    def test_something(server, page):
        page.goto(server)

`@pytest.mark.page(width=400, height=800, dark=True)` says how `page` opens.
Pictures go to the folder in NNPLAY_SCREENSHOTS, if that is set: `screenshot(page, "narrow")`.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 60
# The tabs of a test, and the errors that their scripts made.
PAGES, ERRORS = pytest.StashKey[list[Page]](), pytest.StashKey[list[str]]()
# Machines are shared: what has to be seen may take its time; how long it takes is measured elsewhere.
expect.set_options(timeout=30_000)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "page(width=1280, height=900, dark=False): how the page fixture opens")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test tells what its pages show and what their scripts complained of."""
    report = yield
    if report.failed and report.when == "call":
        for page in item.stash.get(PAGES, []):
            try:
                text = page.locator("body, [data-testid=stMain]").last.inner_text(timeout=2000)
            except Error as error:
                text = str(error)
            report.sections.append((page.url, text[:2000] or "(blank)"))
        if errors := item.stash.get(ERRORS, []):
            report.sections.append(("the browser's console", "\n".join(errors)[:4000]))
    return report


@contextmanager
def running_server(script: Path = ROOT / "app.py", *flags: str) -> Iterator[str]:
    """Run `script` with Streamlit on a free port, in a process group of its own, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += [
        "--server.headless=true",
        "--server.address=127.0.0.1",
        "--server.fileWatcherType=none",
        *flags,
    ]
    # The test process must not pass its own Streamlit settings on.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        _wait_for_health(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        # The whole group: workers must not outlive the server.
        for hint, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 10)):
            try:
                os.killpg(process.pid, hint)
                process.wait(patience)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                pass


def _wait_for_health(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(
                f"The server ended with code {process.returncode} before it was ready; see its output above."
            )
        try:
            with urllib.request.urlopen(address, timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The server did not answer at {address} within {START_SECONDS} seconds.")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of one server for the whole test run."""
    with running_server() as address:
        yield address


@pytest.fixture
def fresh_server() -> Iterator[Callable[..., str]]:
    """`fresh_server(script, *flags)` starts a server nobody has visited yet; it ends with the test."""
    with ExitStack() as stack:
        yield lambda *arguments: stack.enter_context(running_server(*arguments))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """One browser with one profile: its cache of compiled scripts halves the time a page takes to open.

    What a page keeps (`sessionStorage`) is the tab's own.
    """
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None or not Path(chromium).exists():
        pytest.fail(
            "Browser tests need Chromium: `apt install chromium`, or set CHROMIUM to its path "
            f"(it is {os.environ.get('CHROMIUM')!r}); leave them out with `-m 'not browser'`."
        )
    with sync_playwright() as playwright:
        profile = tmp_path_factory.mktemp("profile")
        context = playwright.chromium.launch_persistent_context(profile, executable_path=chromium, args=FLAGS)
        yield context
        context.close()


@pytest.fixture
def open_page(browser: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """`open_page(width=, height=, dark=)` opens a tab, which is closed with the test."""
    pages = request.node.stash.setdefault(PAGES, [])
    errors = request.node.stash.setdefault(ERRORS, [])

    def opened(width: int = 1280, height: int = 900, dark: bool = False) -> Page:
        page = browser.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and errors.append(said.text))
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light")
        return page

    yield opened
    for page in pages:
        page.close()


@pytest.fixture
def page(open_page: Callable[..., Page], request: pytest.FixtureRequest) -> Page:
    """One tab, opened as the marker `page` says."""
    marker = request.node.get_closest_marker("page")
    return open_page(**(marker.kwargs if marker else {}))


@pytest.fixture(scope="session")
def screenshot() -> Callable[[Page, str], None]:
    """`screenshot(page, "name")` saves the whole page as name.png, if anybody asked for pictures."""
    folder = os.environ.get("NNPLAY_SCREENSHOTS")

    def save(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)

    return save


@pytest.fixture(scope="session")
def fits(screenshot: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    """`fits(page, "name")`: on a wide light screen and a narrow dark one nothing is wider than the screen."""

    def check(page: Page, name: str) -> None:
        for width, dark in ((1600, False), (400, True)):
            page.set_viewport_size({"width": width, "height": 2400})
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.wait_for_function("width => document.documentElement.clientWidth <= width", arg=width)
            # The charts follow the width of their places.
            page.wait_for_function(
                """() => [...document.querySelectorAll('.js-plotly-plot')].every(
                  chart => chart.getBoundingClientRect().right <= innerWidth + 1)"""
            )
            screenshot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
            main = page.get_by_test_id("stMain")
            assert main.evaluate("node => node.scrollWidth <= node.clientWidth + 1")

    return check
