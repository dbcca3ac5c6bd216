"""The playground as people see it: a network that learns live, and goes on learning whatever is touched."""

import re
import time
from collections.abc import Callable

import pytest
from playground import (
    PAUSE,
    PLAY,
    choose,
    epoch,
    has_tensorflow,
    opened,
    play,
    press,
    server_process,
    wait_for_epoch,
    workers,
)
from playwright.sync_api import Page, WebSocketRoute, expect

from nnplay.data import DATASETS
from nnplay.experiment import DEFAULT

LONG = "epochs=100000"
# Counts, from now on: redraws of each chart, charts taken out of the page, and frames without a map.
WATCH = """() => {
  window.seen = {redraws: [0, 0, 0], removed: 0, blank: 0, jumps: 0};
  const charts = [...document.querySelectorAll('.js-plotly-plot')];
  charts.forEach((chart, k) => {
    chart.addEventListener('nnplay-drawn', () => { window.seen.redraws[k] += 1; });
  });
  const name = '.js-plotly-plot';
  const isChart = node => node.nodeType === 1 && (node.matches(name) || node.querySelector(name));
  new MutationObserver(changes => {
    for (const change of changes)
      for (const node of change.removedNodes) if (isChart(node)) window.seen.removed += 1;
  }).observe(document.body, {childList: true, subtree: true});
  const tops = charts.map(chart => chart.getBoundingClientRect().top);
  const look = () => {
    const now = [...document.querySelectorAll('.js-plotly-plot')];
    if (now.length < 3 || !now[0].querySelector('.hm image, .heatmaplayer image')) window.seen.blank += 1;
    const moved = (chart, k) => Math.abs(chart.getBoundingClientRect().top - tops[k]) > 1;
    if (now.some(moved)) window.seen.jumps += 1;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@pytest.mark.page(width=1600, height=1000)
def test_ten_seconds_of_training_redraw_in_place(server: str, page: Page, screenshot: Callable[..., None]):
    pushed: list[int] = []
    page.on(
        "websocket",
        lambda line: "/stream/" in line.url and line.on("framereceived", lambda frame: pushed.append(1)),
    )
    opened(page, server, LONG)
    resting = page.get_by_role("button", name="Play").first.bounding_box()
    play(page)
    # As wide as each other: a row that wraps with one of them only would move the whole page.
    pause = page.get_by_role("button", name="Pause").first
    assert pause.bounding_box() == resting
    assert pause.evaluate("b => [...b.querySelectorAll('*')].every(n => n.scrollWidth <= n.clientWidth + 1)")
    page.wait_for_timeout(1000)
    page.evaluate(WATCH)
    start, before = epoch(page), len(pushed)
    page.wait_for_timeout(10_000)
    seen = page.evaluate("() => window.seen")
    screenshot(page, "playground-running")
    assert epoch(page) > start
    assert seen["removed"] == 0 and seen["blank"] == 0 and seen["jumps"] == 0
    # How many a second is a measurement (`python -m nnplay bench --page`); that all move is not.
    assert all(count >= 5 for count in seen["redraws"]), seen
    # Without runs of the page's script: what moves is pushed.
    assert len(pushed) - before > max(seen["redraws"]) / 2


def test_where_only_the_pages_own_line_gets_through_the_page_learns_all_the_same(server: str, page: Page):
    attempts: list[str] = []

    def refuse(socket: WebSocketRoute) -> None:
        attempts.append(socket.url)
        socket.close()

    page.route_web_socket(re.compile("/stream/"), refuse)
    opened(page, server, LONG)
    play(page)
    page.evaluate(WATCH)
    # Less than from one run of the script to the next where the stream gets through.
    page.wait_for_timeout(4000)
    seen = page.evaluate("() => window.seen")
    assert all(count >= 5 for count in seen["redraws"]) and seen["removed"] == seen["blank"] == 0, seen
    # After 1, 2 and 4 seconds, and not at every tick.
    assert 1 <= len(attempts) <= 4, attempts


def test_a_zoom_survives_updates(server: str, page: Page):
    opened(page, server, LONG)
    play(page)
    wait_for_epoch(page, 30)
    drag = page.locator(".js-plotly-plot").nth(1).locator(".nsewdrag").first
    drag.scroll_into_view_if_needed()
    place = drag.bounding_box()
    assert place
    x, y = place["x"], place["y"]
    page.mouse.move(x + 40, y + 30)
    page.mouse.down()
    page.mouse.move(x + place["width"] - 60, y + place["height"] - 30, steps=4)
    page.mouse.up()
    read = "() => [...document.querySelectorAll('.js-plotly-plot')][1]._fullLayout.xaxis.range"
    zoomed = page.evaluate(read)
    now = epoch(page)
    wait_for_epoch(page, now + 60)
    assert page.evaluate(read) == zoomed
    assert (
        page.evaluate(
            "() => [...document.querySelectorAll('.js-plotly-plot')][1]._fullLayout.xaxis.autorange"
        )
        is False
    )


def test_pause_stops_and_play_goes_on(server: str, page: Page):
    opened(page, server, LONG)
    play(page)
    press(page, PAUSE)
    expect(page.get_by_text("Paused.")).to_be_visible()
    page.wait_for_timeout(600)
    stopped = epoch(page)
    page.wait_for_timeout(1500)
    assert epoch(page) == stopped
    press(page, PLAY)
    wait_for_epoch(page, stopped + 20)


def test_keys_play_step_and_reset(server: str, page: Page):
    opened(page, server, LONG)
    page.keyboard.press("e")
    wait_for_epoch(page, 1)
    # While it takes its step the space bar pauses it.
    expect(page.get_by_text("Paused.")).to_be_visible()
    expect(page.get_by_role("button", name=PLAY)).to_be_visible()
    page.keyboard.press("Space")
    wait_for_epoch(page, 20)
    page.keyboard.press("Space")
    expect(page.get_by_text("Paused.")).to_be_visible()
    page.keyboard.press("0")
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible()
    assert epoch(page) == 0


def test_touched_controls_do_not_stop_a_run(server: str, page: Page):
    opened(page, server, LONG)
    play(page)
    choose(page, "Optimizer", "SGD")
    expect(page.get_by_text("Takes effect at Reset: Optimizer.")).to_be_visible()
    choose(page, "Data", "Circle")
    expect(page.get_by_text("Takes effect at Reset: Data, Optimizer.")).to_be_visible()
    page.get_by_text("More about training").click()
    page.get_by_text("Logarithmic loss").click()
    now = epoch(page)
    wait_for_epoch(page, now + 30)
    press(page, "Reset and apply")
    expect(page.get_by_text("Takes effect at Reset")).to_have_count(0)
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible(timeout=20_000)
    assert "data=circle" in page.url and "optimizer=sgd" in page.url


def test_a_reload_finds_the_run_again(server: str, page: Page):
    opened(page, server, LONG)
    play(page)
    wait_for_epoch(page, 100)
    page.get_by_role("radio", name="10/s").click()
    expect(page.get_by_role("radio", name="10/s")).to_be_checked()
    # The button is pressed before the server has heard of it.
    page.wait_for_timeout(1000)
    page.reload()
    wait_for_epoch(page, 100)
    now = epoch(page)
    wait_for_epoch(page, now + 20)
    expect(page.get_by_role("button", name=PAUSE)).to_be_visible()
    # As fast as before, and the buttons say so.
    expect(page.get_by_role("radio", name="10/s")).to_be_checked()


def test_a_closed_tab_ends_its_run(fresh_server: Callable[..., str], open_page: Callable[..., Page]):
    address = fresh_server()
    page = opened(open_page(), address, LONG)
    play(page)
    page.get_by_text("fastest", exact=True).click()
    page.wait_for_timeout(2000)
    assert _busy(address) > 0.3
    page.close()
    time.sleep(4)
    assert _busy(address) < 0.1


def _busy(address: str) -> float:
    """Cores that the workers use now."""
    processes, seconds = workers(address), 2.0
    before = [sum(process.cpu_times()[:2]) for process in processes]
    time.sleep(seconds)
    after = [sum(process.cpu_times()[:2]) for process in processes]
    return (sum(after) - sum(before)) / seconds


def test_a_deep_link_opens_first_thing_on_a_fresh_server(fresh_server: Callable[..., str], page: Page):
    experiment = DEFAULT.change(data="xor", hidden="6", activation="relu", seed=7)
    opened(page, fresh_server(), experiment.to_link())
    assert experiment.to_link() in page.url
    label = DATASETS["xor"].label
    expect(page.get_by_role("combobox", name="Data", exact=True)).to_have_value(label)
    play(page)


def test_a_bad_link_shows_its_sentence_and_a_working_page(
    server: str, page: Page, screenshot: Callable[..., None]
):
    opened(page, server, "data=mons&hidden=8-8-x")
    expect(page.get_by_text("Did you mean 'moons'?")).to_be_visible()
    expect(page.get_by_text("Unknown hidden layer 'x'")).to_be_visible()
    screenshot(page, "playground-bad-link")
    play(page)


def test_the_server_never_loads_tensorflow(server: str, page: Page):
    opened(page, server, LONG)
    play(page)
    process = server_process(server)
    assert workers(server), "the workers have it"
    assert not has_tensorflow(process)


def test_a_killed_worker_is_replaced_and_the_run_goes_on(fresh_server: Callable[..., str], page: Page):
    address = fresh_server()
    opened(page, address, LONG)
    play(page)
    wait_for_epoch(page, 50)
    for process in workers(address):
        process.kill()
    expect(page.get_by_text("worker was replaced")).to_be_visible(timeout=30_000)
    now = epoch(page)
    wait_for_epoch(page, now + 50)


def test_it_fits_the_screen(server: str, page: Page, fits: Callable[..., None]):
    opened(page, server, "data=blobs&classes=4&loss=mse")
    play(page)
    wait_for_epoch(page, 20)
    fits(page, "playground")
