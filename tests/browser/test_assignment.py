"""A teacher's link in a browser: made on the page, its QR code, its locks, its goal, and the address."""

from collections.abc import Callable

import pytest
from playground import NUMBERS, opened, press
from playwright.sync_api import Page, expect

from nnplay.experiment import DEFAULT

EXPERIMENT = DEFAULT.change(data="circle", hidden="6", loss="binary_crossentropy", activation="relu")


@pytest.mark.page(width=1400, height=1000)
def test_a_task_is_made_given_and_solved(server: str, page: Page, screenshot: Callable[..., None]) -> None:
    opened(page, server, EXPERIMENT.to_link())
    press(page, "Share")
    press(page, "Make a task for others")
    maker = page.get_by_test_id("stDialog")
    title, text = (maker.get_by_role("textbox", name=name) for name in ("Title", "The task, in Markdown"))
    title.fill("Fewest neurons")
    title.press("Enter")
    text.fill("How few are **enough**? <img src=x onerror=alert(1)>")
    text.press("Control+Enter")
    expect(maker.get_by_text("may hold no HTML")).to_be_visible()
    text.fill("How few are **enough**? [More](https://en.wikipedia.org/wiki/Rectifier)")
    text.press("Control+Enter")
    goal = maker.get_by_role("combobox", name="Goal")
    for measure in ("Test loss", "Hidden neurons"):
        goal.click()
        page.get_by_role("option", name=measure, exact=True).click()
        # The list stays open, and hides what is behind it from readers.
        page.keyboard.press("Escape")
        expect(maker.get_by_role("spinbutton", name=measure)).to_be_visible()
    neurons = maker.get_by_role("spinbutton", name="Hidden neurons")
    neurons.fill("4")
    neurons.press("Enter")
    code = maker.locator("code")
    expect(code).to_contain_text("goal=test_loss:max:0.05,neurons:max:4", timeout=30_000)
    expect(maker.get_by_test_id("stImage").locator("img")).to_be_visible()
    screenshot(page, "task-maker")
    link = code.inner_text()

    # Given to somebody: the same experiment, its data locked.
    page.goto(link)
    task = page.locator(".st-key-task")
    expect(task.get_by_text("How few are enough?")).to_be_visible(timeout=60_000)
    expect(task.get_by_role("link", name="More")).to_have_attribute(
        "href", "https://en.wikipedia.org/wiki/Rectifier"
    )
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("combobox", name="Data", exact=False).first).to_be_disabled()
    field = page.get_by_role("textbox", name="Hidden layers").first
    field.fill("4")
    field.press("Enter")
    page.wait_for_url("**hidden=4**")
    press(page, "Play")
    expect(task.get_by_text("Goal reached.")).to_be_visible(timeout=60_000)
    expect(task.get_by_text("hidden neurons 4")).to_be_visible()
    screenshot(page, "task-reached")

    # The link to the epoch trains there anew, to the same numbers.
    press(page, "Pause")
    expect(page.get_by_text("Paused.")).to_be_visible()
    numbers = page.evaluate(NUMBERS)
    with_task = page.url
    press(page, "Share")
    expect(page.get_by_test_id("stPopoverBody").get_by_test_id("stImage").locator("img")).to_be_visible()
    to_epoch = page.get_by_test_id("stPopoverBody").locator("code").inner_text()
    assert "&at=" in to_epoch and "&lock.data=circle" in to_epoch
    page.goto(to_epoch)
    page.wait_for_function(f"told => ({NUMBERS})() === told", arg=numbers, timeout=60_000)
    page.goto(with_task)

    # The mark outlasts all that; what is locked is not moved in the address, and what is edited is no task.
    expect(task.get_by_text("Goal reached.")).to_be_visible(timeout=60_000)
    page.goto(f"{page.url}&data=xor")
    expect(page.get_by_text("Data is locked by the task: it stays at circle")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("combobox", name="Data", exact=False).first).to_have_value("Circle")
    screenshot(page, "task-address")
    page.goto(link.replace("lock.data=circle", "lock.data=xor"))
    expect(page.get_by_text("was changed or cut since it was made")).to_be_visible(timeout=60_000)
    expect(task).to_have_count(0)
