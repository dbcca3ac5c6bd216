"""Your own data in a browser: a file with a fault and one without, a table edited, points drawn."""

import math
from collections.abc import Callable

import pytest
from playground import opened, press, wait_for_epoch
from playwright.sync_api import Locator, Page, expect

CANVAS = ".nnplay-draw canvas"
RING = [(0.4 * math.cos(k), 0.4 * math.sin(k)) for k in range(6)]
DOTS = [(0.1 * math.cos(k), 0.1 * math.sin(k)) for k in range(6)]


def table(fault: str = "") -> dict[str, object]:
    rows = [f"{k % 7};{k % 5},5;{'low' if k % 7 + k % 5 < 5 else 'high'}" for k in range(60)]
    text = "\n".join(["a;b;kind", *rows, *([fault] if fault else [])])
    return {"name": "mine.csv", "mimeType": "text/csv", "buffer": text.encode()}


@pytest.mark.page(width=1280, height=1100)
def test_a_file_and_a_drawing_are_learned(server: str, page: Page, screenshot: Callable[..., None]) -> None:
    opened(page, server, "data=circle&epochs=100000")
    press(page, "Your own data")
    upload = page.get_by_test_id("stFileUploaderDropzoneInput")
    upload.set_input_files(table("oops;1;low"))
    expect(page.get_by_text("Row 62, column 'a': 'oops' is no number")).to_be_visible()
    screenshot(page, "own-data-fault")
    upload.set_input_files(table())
    expect(page.get_by_text("1,5 is 1.5")).to_be_visible()
    screenshot(page, "own-data-file")
    press(page, "Use these data")
    expect(page.get_by_role("combobox", name="Data", exact=True)).to_have_value("Your data: mine.csv")
    press(page, "Play")
    wait_for_epoch(page, 5)
    assert "data=own&" in page.url and "own-" not in page.url

    # A table: a cell of the last column edited by the keyboard.
    press(page, "Your own data")
    page.get_by_test_id("stDialog").get_by_role("radio", name="Type").click()
    cells = page.get_by_test_id("stDialog").get_by_test_id("stDataFrameResizable").first
    expect(cells.get_by_test_id("glide-cell-3-0")).to_have_text("no")
    # The dialog is as large as it gets.
    expect(page.get_by_test_id("stDialog").get_by_text("as shown")).to_be_visible()
    page.wait_for_timeout(500)
    edit(page, cells, "7")
    expect(page.get_by_text("Classes of fewer than")).to_be_visible()
    screenshot(page, "own-data-typed")
    edit(page, cells, "yes")
    expect(page.get_by_text("Classes of fewer than")).to_have_count(0)
    press(page, "Use these data")
    expect(page.get_by_role("combobox", name="Data", exact=True)).to_have_value("Your data: typed")
    wait_for_epoch(page, 5)

    press(page, "Your own data")
    page.get_by_test_id("stDialog").get_by_role("radio", name="Draw").click()
    expect(page.locator(CANVAS)).to_be_visible()
    draw(page, 1, DOTS)
    draw(page, 2, RING)
    said = page.locator(".nnplay-draw output")
    expect(said).to_have_text("class 1: 6, class 2: 6")
    # One more, dragged elsewhere, then erased there.
    draw(page, 2, [(-0.45, -0.45)])
    place = page.locator(CANVAS).bounding_box()
    assert place
    x, y = at(place, -0.45, -0.45)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y - 40, steps=3)
    page.mouse.up()
    expect(said).to_have_text("class 1: 6, class 2: 7")
    page.locator(".nnplay-draw button", has_text="Erase").click()
    page.mouse.click(x, y)
    expect(said).to_have_text("class 1: 6, class 2: 7")
    page.mouse.click(x, y - 40)
    expect(said).to_have_text("class 1: 6, class 2: 6")
    screenshot(page, "own-data-drawn")
    press(page, "Use these data")
    expect(page.get_by_role("combobox", name="Data", exact=True)).to_have_value("Your data: drawn")
    wait_for_epoch(page, 5)


def edit(page: Page, cells: Locator, text: str) -> None:
    """Give the last cell of the first row this text, which is drawn on a canvas."""
    place = cells.bounding_box()
    assert place
    page.mouse.click(place["x"] + place["width"] * 0.8, place["y"] + 52)
    # The canvas tells nobody that it has taken the click.
    page.wait_for_timeout(500)
    # The cell's editor opens with the first key; it forgets what is entered within the same frames.
    page.keyboard.type(text, delay=50)
    expect(page.locator("#portal textarea")).to_have_value(text)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")


def at(place: dict, x: float, y: float) -> tuple[float, float]:
    """A place in the canvas, both from -0.5 to 0.5 of its width."""
    return place["x"] + place["width"] * (0.5 + x), place["y"] + place["height"] * (0.5 - y)


def draw(page: Page, label: int, points: list[tuple[float, float]]) -> None:
    page.locator(".nnplay-draw button", has_text=f"Class {label}").click()
    place = page.locator(CANVAS).bounding_box()
    assert place
    for x, y in points:
        page.mouse.click(*at(place, x, y))
