"""The gallery as people see it: cards with their pictures, opened, trained, and judged."""

from collections.abc import Callable

from playground import EPOCH_OF_PAGE, opened, wait_for_epoch
from playwright.sync_api import Page, expect

from nnplay.examples import EXAMPLES


def open_card(page: Page, title: str) -> None:
    page.get_by_test_id("stMain").get_by_role("link", name=title).click()


def test_cards_open_play_and_are_judged(server: str, page: Page):
    opened(page, server)
    page.get_by_role("link", name="Gallery").first.click()
    pictures = page.get_by_test_id("stImage").locator("img")
    expect(pictures).to_have_count(len(EXAMPLES))
    sizes = pictures.evaluate_all("all => all.map(one => [one.naturalWidth, one.clientWidth])")
    assert all(natural > 0 and 0 < shown <= 256 for natural, shown in sizes), sizes
    # A failure, which is judged; then its cure from the same text.
    open_card(page, EXAMPLES["linear"].title)
    text = page.locator(".st-key-example")
    expect(text).to_contain_text(EXAMPLES["linear"].text)
    expect(text).to_contain_text("The claim holds.", timeout=60_000)
    text.get_by_role("button", name="Four hidden neurons").click()
    expect(text).to_contain_text("It is judged after 100 epochs")
    expect(text).to_contain_text("The claim holds.", timeout=60_000)
    # From there to another card: an image network, which trains.
    text.get_by_role("link", name="Gallery").click()
    open_card(page, EXAMPLES["t0b"].title)
    expect(text).to_contain_text(EXAMPLES["t0b"].chinese)
    wait_for_epoch(page, 1)
    expect(text).to_contain_text("The claim holds.", timeout=60_000)
    text.get_by_role("button", name="Leave").click()
    expect(text).to_have_count(0)
    # What cannot run says so.
    page.goto(f"{server}/?example=t3d")
    text.get_by_text("as it is written").click()
    expect(text.get_by_text("Attention layer must be called on a list of inputs")).to_be_visible()
    expect(page.locator(".stException")).to_have_count(0)


def test_every_card_opens_and_trains(server: str, open_page: Callable[..., Page]):
    # While a network is compiled in one tab, the other one opens the next card.
    tabs = [opened(open_page(), server) for _ in range(2)]

    def come(place: int) -> None:
        if place < len(EXAMPLES):
            tabs[place % 2].goto(f"{server}/?example={list(EXAMPLES)[place]}")

    come(0)
    for place in range(len(EXAMPLES)):
        come(place + 1)
        page = tabs[place % 2]
        expect(page.locator(".st-key-example")).to_be_visible(timeout=60_000)
        # Some are over within the first epoch: that is what they show.
        page.wait_for_function(
            f"""() => {EPOCH_OF_PAGE} >= 1
              || document.querySelector(".st-key-example")?.textContent.includes("The claim holds.")""",
            timeout=120_000,
        )
        expect(page.locator(".stException")).to_have_count(0)
