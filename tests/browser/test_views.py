"""The views of the result as people see them: each for each kind of data, a place predicted by a click."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from nnplay.experiment import make
from nnplay.ui.result.registry import fitting

# One of each kind, small enough to be there soon.
KINDS = {
    "two classes": {"data": "circle", "samples": 60, "position_noise": 0.4, "hidden": "3"},
    "classes": {"data": "blobs", "samples": 60, "hidden": "3", "classes": 4},
    "curve": {"data": "sine", "samples": 60, "hidden": "3"},
    "surface": {"data": "gaussians", "samples": 60, "hidden": "3"},
    "table": {"data": "wine", "hidden": "3"},
    "numbers": {"data": "diabetes", "hidden": "3"},
    "pictures": {"data": "digits", "samples": 300, "hidden": "8"},
    "waves": {"data": "wave", "samples": 60, "hidden": "rnn3", "steps": 6},
    "sequences": {"data": "parity", "samples": 60, "hidden": "rnn3", "steps": 4},
}
TITLES = "() => document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis.title.text ?? ''"
DRAWN = """() => document.querySelectorAll(
  '.js-plotly-plot')[0].querySelectorAll('.hm image, .scatterlayer .trace, .barlayer .bars').length"""


def result_chart(page: Page) -> None:
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=60_000)


@pytest.mark.page(width=1600, height=1000)
def test_every_view_of_every_kind_of_data(server: str, page: Page, screenshot: Callable[..., None]) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    for kind, settings in KINDS.items():
        experiment = make({**settings, "epochs": 3})
        page.goto(f"{server}/?{experiment.to_link()}")
        result_chart(page)
        views = list(fitting(experiment).values())
        expect(page.get_by_role("radio", name=views[0].label, exact=True)).to_be_checked(timeout=60_000)
        # From the view last shown to the first: each is drawn anew once.
        for view in (*views[1:], views[0]):
            before = page.evaluate(TITLES)
            top = page.locator(".js-plotly-plot").first.bounding_box()
            page.get_by_role("radio", name=view.label, exact=True).click()
            expect(page.get_by_role("radio", name=view.label, exact=True)).to_be_checked()
            words = page.locator(".nnplay-words").first
            expect(words).to_contain_text(".", timeout=60_000)
            page.wait_for_function(f"() => ({DRAWN})() > 0", timeout=60_000)
            if view.name in (
                "confusion",
                "scores",
                "roc",
                "residuals",
                "predicted",
                "projection",
                "order",
                "sequence",
            ):
                page.wait_for_function(f"old => ({TITLES})() !== old", arg=before)
            after = page.locator(".js-plotly-plot").first.bounding_box()
            assert top and after and (top["y"], top["height"]) == (after["y"], after["height"]), view.name
            screenshot(page, f"view-{kind}-{view.name}".replace(" ", "-"))
    assert not problems


@pytest.mark.page(width=1600, height=1200)
def test_a_click_predicts_the_place(server: str, page: Page, screenshot: Callable[..., None]) -> None:
    page.goto(f"{server}/?data=circle&hidden=3&samples=60&epochs=100000")
    result_chart(page)
    page.wait_for_function("() => document.querySelector('.js-plotly-plot .hm image')", timeout=60_000)
    expect(page.get_by_text("Misclassified")).to_be_visible(timeout=60_000)
    area = page.locator(".js-plotly-plot").first.locator(".nsewdrag").first.bounding_box()
    assert area
    # A quarter from the right edge, a quarter from the top: (3, 3) of -6..6.
    page.mouse.click(area["x"] + 0.75 * area["width"], area["y"] + 0.25 * area["height"])
    expect(page.get_by_text("The network says: class")).to_be_visible(timeout=60_000)
    for label in ("x₁", "x₂"):
        value = float(page.get_by_label(label, exact=True).input_value())
        assert value == pytest.approx(3, abs=0.15)
    expect(page.locator(".js-plotly-plot")).to_have_count(4)
    # Marked on the map, and followed while it learns.
    star = "() => document.querySelector('.js-plotly-plot')._fullData.some(t => t.marker?.symbol === 'star')"
    page.wait_for_function(star)
    said = page.get_by_text("The network says: class").inner_text()
    if page.get_by_role("button", name="Play").count():
        page.get_by_role("button", name="Play").first.click()
    expect(page.get_by_text("The network says: class")).not_to_have_text(said, timeout=60_000)
    screenshot(page, "predict-by-click")
    # A drag is a zoom, not a click. The page may have moved since.
    area = page.locator(".js-plotly-plot").first.locator(".nsewdrag").first.bounding_box()
    assert area
    page.mouse.move(area["x"] + 20, area["y"] + 20)
    page.mouse.down()
    page.mouse.move(area["x"] + 90, area["y"] + 90, steps=4)
    page.mouse.up()
    page.wait_for_function("() => document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range[0] > -6")
    assert float(page.get_by_label("x₁", exact=True).input_value()) == pytest.approx(3, abs=0.15)
