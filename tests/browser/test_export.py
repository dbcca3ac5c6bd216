"""Taking a run away and bringing it back: pictures, code, files, a link to an epoch, the zip opened."""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playground import NUMBERS, epoch, opened, press, wait_for_epoch
from playwright.sync_api import Locator, Page, expect

from nnplay.experiment import DEFAULT, Experiment
from nnplay.export import read_archive, script
from nnplay.figures.palette import palette

EXPERIMENT = DEFAULT.change(data="circle", hidden="4", epochs=200)


def test_a_run_is_taken_away_and_brought_back(
    server: str, page: Page, screenshot: Callable[..., None], tmp_path: Path
) -> None:
    opened(page, server, EXPERIMENT.to_link())
    popover = page.get_by_test_id("stPopoverBody")
    assert popover.count() == 0
    press(page, "Code")
    expect(popover.get_by_text("The same in plain Keras")).to_be_visible(timeout=30_000)
    expect(popover.locator("code").first).to_contain_text("EPOCHS = 200")
    expect(popover.get_by_test_id("stException")).to_have_count(0)

    # A link to an epoch trains to it and pauses; the popover then speaks of that epoch.
    page.goto(f"{server}/?{EXPERIMENT.to_link()}&at=15")
    expect(page.get_by_text("Paused.")).to_be_visible(timeout=60_000)
    page.wait_for_function(f"() => ({NUMBERS})()?.startsWith('Epoch15')", timeout=60_000)
    numbers = page.evaluate(NUMBERS)
    press(page, "Share")
    link = popover.locator("code").last
    expect(link).to_have_text(f"{server}/?{EXPERIMENT.to_link()}&at=15", timeout=30_000)
    page.keyboard.press("Escape")
    press(page, "Code")
    expect(popover.get_by_text("to epoch 15, as shown")).to_be_visible(timeout=30_000)
    screenshot(page, "export")
    assert saved(page, "Script", tmp_path).read_text("utf-8") == script(EXPERIMENT, epochs=15)
    assert len(saved(page, "History", tmp_path).read_text("utf-8").splitlines()) == 16
    archive = saved(page, "Everything", tmp_path)
    found = read_archive(archive.read_bytes())
    assert (found.experiment, found.epoch, found.state) == (EXPERIMENT, 15, None)
    page.keyboard.press("Escape")
    expect(popover).to_have_count(0)
    figures_are_saved(page)

    # The zip leads a page that shows something else to the same numbers, to the last digit.
    opened(page, server, Experiment(data="xor").to_link())
    page.get_by_test_id("stSidebar").get_by_role("button", name="Open a link").click()
    chooser = popover.locator("input[type=file]")
    chooser.set_input_files({"name": "run.zip", "mimeType": "application/zip", "buffer": b"no zip"})
    expect(page.get_by_text("not a zip, or only a part of one")).to_be_visible(timeout=30_000)
    chooser.set_input_files(archive)
    page.wait_for_function(f"() => ({NUMBERS})()?.startsWith('Epoch15')", timeout=60_000)
    expect(page.get_by_text("Paused.")).to_be_visible(timeout=60_000)
    assert page.evaluate(NUMBERS) == numbers and epoch(page) == 15


def test_a_link_of_tensorflow_playground_is_pasted(
    server: str, page: Page, screenshot: Callable[..., None]
) -> None:
    opened(page, server)
    page.get_by_test_id("stSidebar").get_by_role("button", name="Open a link").click()
    field = page.get_by_test_id("stPopoverBody").get_by_role("textbox")
    field.fill("https://playground.tensorflow.org/#activation=relu&dataset=xor&networkShape=6,2&noise=10")
    field.press("Enter")
    expect(page.get_by_role("combobox", name="Data", exact=True)).to_have_value("Exclusive or")
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible()
    note = page.get_by_test_id("stAlert").first
    expect(note).to_be_visible()
    page.keyboard.press("Escape")
    screenshot(page, "foreign-link")
    assert "data=xor" in page.url and "hidden=6-2" in page.url and "activation=relu" in page.url
    press(page, "Play")
    wait_for_epoch(page, 5)


def figures_are_saved(page: Page) -> None:
    """Result, curves and network as PNG: three times as fine as on the screen, on its ground, not empty."""
    charts, network = page.locator(".js-plotly-plot"), page.locator(".nnplay-network")
    names = ("nnplay-result.png", "nnplay-loss.png", "nnplay-metric.png", "nnplay-network.png")
    for place, name in zip((*map(charts.nth, range(3)), network), names, strict=True):
        place.scroll_into_view_if_needed()
        # Beside the neurons, where no card opens.
        place.hover(position={"x": 5, "y": 40})
        with page.expect_download(timeout=60_000) as download:
            save_button(place).click()
        assert download.value.suggested_filename == name
        content = download.value.path().read_bytes()
        assert content.startswith(b"\x89PNG")
        picture = Image.open(io.BytesIO(content)).convert("RGB")
        box = place.bounding_box()
        assert box and abs(picture.width - 3 * box["width"]) <= 6 and picture.height > 400
        assert "#{:02x}{:02x}{:02x}".format(*picture.getpixel((0, 0))) == palette(dark=False).ground
        colors = picture.getcolors(maxcolors=picture.width * picture.height)
        assert colors and len(colors) > 20, "more than its ground"


def save_button(place: Locator) -> Locator:
    """The camera in the bar over a chart, or at the corner of the network."""
    words = "as a picture (PNG)"
    return place.locator(f'[data-title*="{words}"], button[title*="{words}"]')


def saved(page: Page, label: str, folder: Path) -> Path:
    """The file that a button of the popover saves."""
    with page.expect_download(timeout=60_000) as download:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=label).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path
