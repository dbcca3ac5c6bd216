"""The panel of the layers in a real browser: opened in a run and after one, for few layers and for many."""

import re
from typing import Any

from playground import epoch, opened, play, press, wait_for_epoch
from playwright.sync_api import Page, expect

CHARTS = ".js-plotly-plot"
LAST = "[...document.querySelectorAll('.js-plotly-plot')].at(-1)"


def inside(page: Page) -> dict[str, Any]:
    """What the panel's chart shows: the kinds of its traces, its last epoch, the titles of its axes."""
    return page.evaluate("""() => {
      const chart = [...document.querySelectorAll('.js-plotly-plot')].at(-1), layout = chart._fullLayout;
      return {
        kinds: chart._fullData.map(trace => trace.type),
        first: Math.min(...chart._fullData.flatMap(trace => [...trace.x])),
        last: Math.max(...chart._fullData.flatMap(trace => [...trace.x])),
        titles: Object.keys(layout).filter(key => /^[xy]axis/.test(key)).map(key => layout[key].title.text),
      };
    }""")


def choose(page: Page, name: str) -> None:
    page.get_by_test_id("stMain").get_by_text(name, exact=True).first.click()


def words(page: Page) -> str:
    return page.locator(".nnplay-sentences").inner_text()


def table(page: Page) -> list[str]:
    return page.locator(".nnplay-table td").all_inner_texts()


def test_the_layers_over_the_whole_run(server: str, page: Page, screenshot) -> None:
    opened(page, server, "data=circle&hidden=4-4&samples=100&epochs=2000")
    play(page)
    charts = page.locator(CHARTS).count()
    choose(page, "Gradients")
    expect(page.locator(CHARTS)).to_have_count(charts + 1)
    expect(page.locator(".nnplay-sentences")).to_contain_text("The gradient of layer 1 is")
    # It grows with the run, in the same place.
    page.locator(CHARTS).last.evaluate("chart => { chart.mark = 1 }")
    wait_for_epoch(page, epoch(page) + 20)
    page.wait_for_function(f"() => {LAST}._fullData[0].x.length > 5")
    assert page.locator(CHARTS).last.evaluate("chart => chart.mark") == 1
    choose(page, "Updates")
    expect(page.get_by_text("rule of thumb")).to_be_visible()
    # Opened only now, it goes back to the beginning.
    choose(page, "Weights")
    page.wait_for_function(
        f"() => {LAST}._fullData.some(trace => "
        "trace.type === 'heatmap' && trace.x[0] === 0 && trace.x.length > 3)"
    )
    assert {"epoch", "layer 1", "layer 2", "output"} <= set(inside(page)["titles"])
    screenshot(page, "inside-weights")
    press(page, "Pause")
    choose(page, "Saturation")
    expect(page.locator(".nnplay-sentences")).to_contain_text("Most saturated:")
    last = epoch(page)
    expect(page.locator(".nnplay-sentences")).to_contain_text(re.compile(rf"epoch {last:,}\b"))
    page.wait_for_function(f"last => Math.max(...{LAST}._fullData[0].x) === last", arg=last)
    assert inside(page)["first"] == 0
    assert table(page)[0] == "layer 1" and "2 × 4 + 4" in table(page)
    screenshot(page, "inside-saturation")
    # Pressed again it is closed.
    choose(page, "Saturation")
    expect(page.locator(CHARTS)).to_have_count(charts)
    # Many layers are a map.
    choose(page, "Gradients")
    box = page.get_by_test_id("stSidebar").get_by_role("textbox", name="Hidden layers")
    box.fill("-".join(["4"] * 10))
    box.press("Enter")
    press(page, "Reset and apply")
    play(page)
    page.wait_for_function(
        f"() => {LAST}._fullData[0]?.type === 'heatmap'",
        timeout=90_000,
    )
    expect(page.locator(".nnplay-table tr")).to_have_count(12)
    page.set_viewport_size({"width": 400, "height": 800})
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').scrollWidth <= 400")
    screenshot(page, "inside-narrow")
