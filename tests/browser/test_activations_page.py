"""The activations page in a real browser: drawn, raced, handed over, and it fits the screen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from nnplay.laboratories.activations import PARTS

PATIENCE = 90_000


def opened(page: Page, address: str, link: str = "") -> Page:
    page.goto(f"{address}/activations?{link}")
    expect(page.get_by_text("Activation functions", exact=True)).to_be_visible(timeout=PATIENCE)
    return page


def drawn(page: Page, charts: int) -> None:
    """So many charts with something in them."""
    page.wait_for_function(
        "charts => [...document.querySelectorAll('.js-plotly-plot')].filter("
        "chart => (chart._fullData ?? []).length).length >= charts",
        arg=charts,
        timeout=PATIENCE,
    )


def test_a_deep_link_on_a_fresh_server(fresh_server: Callable[..., str], page: Page) -> None:
    opened(page, fresh_server(), "part=neuron&functions=tanh-relu-step&weight_1=-2")
    drawn(page, 3)
    expect(page).to_have_title(re.compile("Activations"))
    assert "weight_1=-2" in page.url and "part=neuron" in page.url


def test_a_click_on_a_function_adds_its_curve_and_its_name_to_the_address(server: str, page: Page) -> None:
    opened(page, server, "functions=tanh")
    drawn(page, 2)
    page.get_by_role("button", name="ELU", exact=True).click()
    page.wait_for_url("**functions=tanh-elu**")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.js-plotly-plot')].every("
        "chart => chart._fullData.some(trace => trace.name === 'ELU'))",
        timeout=PATIENCE,
    )
    expect(page.get_by_text("ELU: alpha")).to_be_visible()


def test_settings_survive_a_visit_to_the_playground(server: str, page: Page) -> None:
    opened(page, server, "part=neuron&functions=relu&bias=2")
    drawn(page, 1)
    page.get_by_role("link", name="Playground").click()
    expect(page.get_by_text("press Play, and watch it learn")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Activations").click()
    page.wait_for_url("**bias=2**")
    drawn(page, 1)


def test_a_race_is_run_and_a_network_opens_in_the_playground(server: str, page: Page) -> None:
    opened(page, server, "part=race&task=step&functions=tanh-step")
    page.get_by_role("button", name=re.compile("Play")).click()
    expect(page.get_by_text("Finished.")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Open a network in the playground").click()
    page.get_by_role("link", name="Step", exact=True).click()
    page.wait_for_url("**activation=step**")
    expect(page.get_by_text("press Play, and watch it learn")).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("part", PARTS)
def test_it_fits_the_screen(server: str, page: Page, fits: Callable[..., None], part: str) -> None:
    opened(page, server, f"part={part}&compare=1")
    drawn(page, 2)
    if part == "race":
        page.get_by_role("button", name=re.compile("Play")).click()
        expect(page.get_by_text("Finished.")).to_be_visible(timeout=PATIENCE)
    fits(page, f"activations-{part}")
