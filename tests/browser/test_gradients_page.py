"""The gradients page in a browser: parts, a click on the phase diagram, training, links, screens."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from nnplay.laboratories import GradientLab
from nnplay.laboratories.gradients import PARTS

# What each part is seen to have answered with.
SEEN = {
    "depth": "On its way from layer",
    "phase": "what a layer multiplies the squared gradient by",
    "remedies": "Of the gradient of layer 30, layer 1 gets",
    "time": "recurrent matrix makes a vector",
    "exploding": "Off the rails: batch",
}
CHARTS = {"depth": 4, "phase": 4, "remedies": 2, "time": 3, "exploding": 3}


def opened(page: Page, address: str, link: str = "") -> Page:
    page.goto(f"{address}/gradients?{link}" if link else f"{address}/gradients")
    part = re.search(r"part=(\w+)", link)
    name = part[1] if part and part[1] in PARTS else "depth"
    expect(page.get_by_text(re.compile(SEEN[name])).first).to_be_visible(timeout=90_000)
    expect(page.locator(".js-plotly-plot")).to_have_count(CHARTS[name], timeout=90_000)
    return page


@pytest.mark.parametrize("part", PARTS)
def test_every_part_fits_the_screen(server: str, page: Page, fits: Callable[..., None], part: str):
    opened(page, server, f"part={part}")
    fits(page, f"gradients-{part}")


def test_a_deep_link_opens_first_thing_on_a_fresh_server(fresh_server: Callable[..., str], page: Page):
    lab = GradientLab(activation="relu", initializer="he_normal", depth=12, seed=4)
    opened_at = fresh_server()
    page.goto(f"{opened_at}/gradients?{lab.to_link()}")
    expect(page.get_by_text("On its way from layer 12 back to layer 1")).to_be_visible(timeout=90_000)
    assert lab.to_link() in page.url
    expect(page.get_by_role("button", name="Seed 4")).to_be_visible()


def test_a_bad_link_shows_its_sentence_and_a_working_page(server: str, page: Page):
    opened(page, server, "depth=300&activation=tahn")
    expect(page.get_by_text("Did you mean 'tanh'?")).to_be_visible()
    expect(page.get_by_text("2 to 100")).to_be_visible()


def test_a_click_on_the_phase_diagram_chooses_a_network(server: str, page: Page):
    opened(page, server, "part=phase")
    # The diagram is the first chart; the middle of its plot is neither the point on show nor its edge.
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.7 * box["width"], box["y"] + 0.3 * box["height"])
    page.wait_for_url(re.compile("point_w=3"), timeout=30_000)
    assert "point_b=2" in page.url


def test_a_prediction_is_compared(server: str, page: Page):
    opened(page, server)
    page.get_by_text("next to nothing").click()
    expect(page.get_by_text("You said “next to nothing”")).to_be_visible(timeout=60_000)
    assert "activation=tanh" in page.url


def test_it_trains_and_says_where_it_left_the_rails(server: str, page: Page, screenshot: Callable[..., None]):
    opened(page, server, "part=exploding")
    page.get_by_role("button", name="Train both").click()
    expect(page.get_by_text(re.compile(r"Diverged in epoch \d+, at batch"))).to_be_visible(timeout=120_000)
    expect(page.get_by_text(re.compile(r"Finished: \d+ % of the training points"))).to_be_visible(
        timeout=120_000
    )
    expect(page.get_by_role("button", name="Train again")).to_be_visible(timeout=30_000)
    screenshot(page, "gradients-exploded")


def test_the_settings_are_kept_while_other_pages_are_seen(server: str, page: Page):
    opened(page, server, "depth=17")
    page.get_by_test_id("stSidebar").get_by_text("Playground").click()
    expect(page.get_by_role("button", name="Reset")).to_be_visible(timeout=60_000)
    page.get_by_test_id("stSidebar").get_by_text("Gradients").click()
    expect(page.get_by_text("On its way from layer 17")).to_be_visible(timeout=60_000)


def test_the_network_opens_in_the_playground(server: str, page: Page):
    opened(page, server, "depth=3&width=16&activation=relu")
    page.get_by_text("Open this in the playground").click()
    page.wait_for_url(re.compile("hidden=16-16-16"), timeout=60_000)
    assert "initializer=gaussian" in page.url and "activation=relu" in page.url


def test_the_data_can_be_saved(server: str, page: Page, tmp_path):
    opened(page, server, "depth=5")
    with page.expect_download() as saving:
        page.get_by_text("Data as CSV").first.click()
    rows = Path(saving.value.path()).read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("layer,") and len(rows) == 6


def test_what_is_often_said_wrong_is_measured(server: str, page: Page):
    opened(page, server)
    page.get_by_text("Often said, and wrong").click()
    expect(page.get_by_text(re.compile(r"ReLU, σ_w = 3: grows"))).to_be_visible(timeout=90_000)
    expect(page.get_by_text(re.compile(r"Sigmoid, Glorot.s weights: shrinks"))).to_be_visible(timeout=90_000)
