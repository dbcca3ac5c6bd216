"""The sweep page in a browser: a small sweep to its end, its figures and table drawn, a run opened."""

import re

from playwright.sync_api import Page, expect

DRAWN = """() => [...document.querySelectorAll('.js-plotly-plot')].map(
  chart => (chart._fullData ?? []).map(trace => trace.type + ':' + (trace.x?.length ?? 0)))"""


def fill(page: Page, label: str, value: str) -> None:
    box = page.locator(f'input[aria-label="{label}"]')
    box.fill(value)
    box.press("Enter")


def test_a_small_sweep_is_drawn_and_opens_in_the_playground(server, page, screenshot):
    page.goto(f"{server}/sweep")
    start = page.get_by_role("button", name="Start")
    expect(start).to_be_enabled(timeout=60_000)
    fill(page, "Hidden layers", "2, 3, lstm4")
    expect(page.get_by_text("4 of the choices cannot be trained")).to_be_visible()
    fill(page, "Hidden layers", "2, 3--3")
    expect(page.get_by_text("Unknown hidden layer ''")).to_be_visible()
    expect(start).to_be_disabled()
    fill(page, "Hidden layers", "2, 3")
    fill(page, "Epochs of a run", "20")
    fill(page, "Seeds", "1")
    expect(page.get_by_text(re.compile("8 runs"))).to_be_visible()
    start.click()
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    expect(page.get_by_text(re.compile(r"[1-8] of 8 runs.* left\."))).to_be_visible(timeout=120_000)
    screenshot(page, "sweep_under_way")
    expect(page.get_by_text(re.compile("Finished: 8 of 8 runs"))).to_be_visible(timeout=120_000)
    # Eight runs across four axes, each with a gap behind it; four activations by two networks.
    page.wait_for_function(
        f"points => ({DRAWN})()[0].reduce((sum, text) => sum + Number(text.split(':')[1]), 0) === points",
        arg=8 * (4 + 1),
    )
    assert page.evaluate(DRAWN)[1] == ["heatmap:4"]
    # Brushing the lower end of the first axis: of the four activations, the first.
    lines = page.locator(".js-plotly-plot").first
    lines.scroll_into_view_if_needed()
    area = lines.locator(".nsewdrag").bounding_box()
    assert area
    across, bottom = area["x"] + 0.02 * area["width"], area["y"] + area["height"]
    page.mouse.move(across, bottom - 0.15 * area["height"])
    page.mouse.down()
    page.mouse.move(across, bottom - 2, steps=5)
    page.mouse.up()
    expect(page.get_by_text("Narrowed to 2 of 8 trained runs: activation ReLU.")).to_be_visible()
    screenshot(page, "sweep_brushed")
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_text("Narrowed to")).to_have_count(0)
    expect(page.get_by_text("Best choices so far")).to_be_visible()
    table = page.get_by_test_id("stDataFrame")
    expect(table).to_be_visible()
    box = table.bounding_box()
    # The first row's own cell, on the canvas of the table.
    table.click(position={"x": 12, "y": 52})
    assert box
    screenshot(page, "sweep_done")
    page.get_by_role("link", name=re.compile("Open run [1-8] in the playground")).click()
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible(timeout=60_000)
    expect(page).to_have_url(re.compile("epochs=20"))
