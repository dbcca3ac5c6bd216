"""One sample in a browser: feature maps and attention follow the training, a drawn digit is classified."""

import re
from typing import Any

import numpy as np
import pytest
from handwriting import DIGITS
from playground import epoch, wait_for_epoch
from playwright.sync_api import Page, expect

from nnplay.data.sample import write_sample
from nnplay.engine.chunk import train_chunk
from nnplay.experiment import Experiment

LINK = (
    "data=digits&hidden=conv6k3same-pool2-rows-12-attention2h-flatten&activation=relu&loss=categorical_crossentropy"
    "&batch_size=32&learning_rate=0.005&epochs=6"
)


def open_maps(page: Page, server: str) -> None:
    page.goto(f"{server}/?{LINK}")
    expect(page.locator(".nnplay-tiles section").nth(1)).to_be_visible(timeout=60_000)


def measured_after(page: Page, text: str) -> None:
    expect(page.locator(".nnplay-tiles")).to_have_attribute("data-epoch", text, timeout=60_000)


def read(page: Page, section: int, tile: int, row: int, column: int) -> float:
    """The number that is said where the pointer is on a tile."""
    canvas = page.locator(".nnplay-tiles section").nth(section).locator("canvas").nth(tile)
    wide, high = canvas.evaluate("canvas => [canvas.width, canvas.height]")
    box = canvas.evaluate("canvas => [canvas.clientWidth, canvas.clientHeight]")
    canvas.hover(position={"x": (column + 0.5) * box[0] / wide, "y": (row + 0.5) * box[1] / high})
    said = page.locator(".nnplay-tiles output").inner_text()
    return float(said.rpartition(": ")[2].replace("−", "-"))


def colours(page: Page) -> list[Any]:
    """All that is painted, as the sums of the pixels of each tile."""
    paints = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.reduce((a, b) => a + b)"
    found: list[Any] = page.locator(".nnplay-tiles canvas").evaluate_all(f"all => all.map({paints})")
    return found


def test_what_is_drawn_of_a_sample_follows_the_training(page: Page, server: str) -> None:
    experiment = Experiment.from_link(LINK)
    position = write_sample(experiment.load_data().positions_test[1])
    names = (f"flow:{position}", f"attention:{position}")
    open_maps(page, server)
    page.get_by_role("button", name="Next", exact=True).click()
    page.get_by_role("button", name="Epoch").click()
    wait_for_epoch(page, 1)
    measured_after(page, "epoch 1")
    views = train_chunk(experiment, None, epochs=1, views=names).views
    maps, weights = views[names[0]]["layers"][0], views[names[1]]["weights"][0]
    # The strongest place of the strongest map: a number with as many digits as are written.
    row, column, strongest = np.unravel_index(maps.argmax(), maps.shape)
    assert read(page, 1, strongest, row, column) == pytest.approx(maps.max(), rel=0.02)

    page.get_by_text("Attention", exact=True).click()
    expect(page.locator(".nnplay-tiles section").nth(1)).to_contain_text("Self-attention")
    measured_after(page, "epoch 1")
    for head in range(2):
        seen = [read(page, 1, head, 2, key) for key in range(weights.shape[-1])]
        assert sum(seen) == pytest.approx(1, abs=0.01)
        np.testing.assert_allclose(seen, weights[head, 2], atol=0.01)

    # While it trains, what is drawn changes; at rest it is of the page's epoch.
    before = colours(page)
    page.get_by_role("button", name="Play").click()
    wait_for_epoch(page, 3)
    expect(page.locator(".nnplay-tiles")).not_to_have_attribute("data-epoch", "epoch 1")
    assert colours(page) != before
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=120_000)
    assert epoch(page) == 6
    measured_after(page, "epoch 6")

    # The same network reads what is drawn by hand.
    page.get_by_text("Draw a digit", exact=True).click()
    canvas = page.locator(".nnplay-sketch canvas")
    said = page.locator(".nnplay-words", has_text="The network says")
    for digit in (0, 7):
        canvas.scroll_into_view_if_needed()
        clear = page.get_by_role("button", name="Clear", exact=True)
        if clear.is_enabled():
            clear.click()
            expect(page.get_by_role("spinbutton", name=re.compile("Test sample"))).to_have_value("1")
        draw(page, digit)
        # One box for the number, and empty; that of before may be there for a moment.
        page.wait_for_function(
            """() => [...document.querySelectorAll('input[placeholder="your drawing"]')]
              .map(box => box.value).join() === ''"""
        )
        expect(said).to_contain_text(f"class {digit}")
        expect(page.locator(".nnplay-tiles .bars dt.marked")).to_have_text(str(digit))


def draw(page: Page, digit: int) -> None:
    """With the mouse, stroke by stroke."""
    canvas = page.locator(".nnplay-sketch canvas")
    for stroke in DIGITS[digit]:
        for k, (x, y) in enumerate(stroke):
            # The page may have moved meanwhile.
            box = canvas.bounding_box()
            assert box
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=2)
            if k == 0:
                page.mouse.down()
        page.mouse.up()
