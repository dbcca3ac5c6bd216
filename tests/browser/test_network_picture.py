"""The network's picture as people see and use it: live, smooth, answering the pointer and the keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playground import opened, play, press, wait_for_epoch
from playwright.sync_api import Page, expect

LONG = "epochs=100000&data=circle&hidden=4-2"
PICTURE = "[...window.nnplayNetwork.pictures.values()].at(-1)"
# A number for all that the boundary chart shows.
BOUNDARY = """() => {
  const z = document.querySelectorAll('.js-plotly-plot')[0]._fullData[0].z;
  return [...z].flatMap(row => [...row]).reduce((sum, v, k) => sum + v * (k % 17), 0);
}"""


def ask(page: Page, expression: str) -> Any:
    return page.evaluate(f"() => {{ const p = {PICTURE}; return {expression}; }}")


def wait(page: Page, condition: str) -> None:
    page.wait_for_function(
        f"() => {{ const p = {PICTURE}; return p?.to && p.outputs && ({condition}); }}", timeout=60_000
    )


def shown(page: Page, address: str, link: str = LONG) -> Page:
    opened(page, address, link)
    wait(page, "true")
    page.locator(".nnplay-network").scroll_into_view_if_needed()
    return page


def click(page: Page, x: float, y: float) -> None:
    """Click on a place of the picture, once the page stands still."""
    page.locator(".nnplay-network").click(position={"x": x, "y": y})


def hover(page: Page, x: float, y: float) -> None:
    page.locator(".nnplay-network").hover(position={"x": x, "y": y})


def neuron(page: Page, column: int, unit: int) -> tuple[float, float]:
    """Where this neuron is in the picture, its middle."""
    place = ask(page, f"p.layout.nodes[{column}][{unit}]")
    return place["x"] + place["size"] / 2, place["y"] + place["size"] / 2


def set_value(page: Page, value: str) -> None:
    page.locator(".nnplay-network .card input").fill("")
    # By key: "0" is also the page's shortcut for Reset, which must not hear it.
    page.keyboard.type(value)
    page.keyboard.press("Enter")


def test_a_weight_set_by_hand_changes_the_boundary_at_rest_and_while_playing(
    server: str, page: Page, screenshot: Callable[..., None]
) -> None:
    shown(page, server)
    before = page.evaluate(BOUNDARY)
    click(page, *neuron(page, 1, 0))
    card = page.locator(".nnplay-network .card")
    expect(card).to_contain_text("Neuron 1 of layer 1")
    card.get_by_role("button", name="Change the weight from x₁ to neuron 1 of layer 1").click()
    set_value(page, "5.50")
    wait(page, "p.valueOf({layer: 0, from: 0, to: 0}) === 5.5")
    page.wait_for_function(f"before => ({BOUNDARY})() !== before", arg=before)
    play(page)
    # The bias of the output, by its square.
    x, y = ask(page, "[p.layout.nodes[3][0].x - 2, p.layout.nodes[3][0].y + p.layout.nodes[3][0].size - 2]")
    click(page, x, y)
    expect(card).to_contain_text("The bias of the output")
    set_value(page, "-900")
    wait(page, "p.valueOf({layer: 2, from: null, to: 0}) < -800")
    screenshot(page, "network-weight-set")
    click(page, x, y)
    page.locator(".nnplay-network .card form").evaluate("form => form.noValidate = true")
    set_value(page, "9000")
    expect(page.get_by_text("A weight must be a number from -1000 to 1000, not 9000")).to_be_visible()


def test_a_link_is_found_by_the_pointer_and_a_card_has_the_actual_numbers(
    server: str, page: Page, screenshot: Callable[..., None]
) -> None:
    shown(page, server)
    card = page.locator(".nnplay-network .card")
    hover(page, *neuron(page, 2, 1))
    expect(card).to_contain_text("Neuron 2 of layer 2")
    value = ask(page, "p.valueOf({layer: 1, from: 0, to: 1})")
    sign = "−" if value < 0 else ""
    expect(card.locator("code")).to_contain_text(f"tanh({sign}{abs(value):.2f} a₁")
    expect(card).to_contain_text("saturated")
    expect(card).to_contain_text("on 250 training points")
    screenshot(page, "network-card")
    # Half-way between two columns: some link is near every height there.
    first, second = neuron(page, 0, 0), neuron(page, 1, 0)
    hover(page, (first[0] + second[0]) / 2, 30)
    hover(page, second[0] - 27, second[1])
    expect(card).to_contain_text("The weight from x")
    page.mouse.move(5, 5)
    expect(card).to_be_hidden()


def test_layers_and_neurons_are_changed_on_the_picture(server: str, page: Page) -> None:
    shown(page, server)
    picture = page.locator(".nnplay-network")
    picture.get_by_role("button", name="Add a layer before the output").click()
    wait(page, "p.layers.length === 4")
    assert "hidden=4-2-2" in page.url
    expect(page.get_by_role("textbox", name="Hidden layers")).to_have_value("4-2-2")
    picture.get_by_role("button", name="One neuron more in layer 3").click()
    wait(page, "p.layers[2].units === 3")
    # The same once more.
    picture.get_by_role("button", name="One neuron more in layer 3").click()
    wait(page, "p.layers[2].units === 4")
    picture.get_by_role("button", name="Remove layer 1").click()
    wait(page, "p.layers.length === 3 && p.layers[0].units === 2")
    assert "hidden=2-4" in page.url
    # A layer's own settings, one after the other on the same card.
    picture.get_by_role("button", name="Settings of layer 2: tanh").click()
    picture.get_by_role("combobox", name="Activation of layer 2").select_option("relu")
    wait(page, "p.layers[1].activation.name === 'relu'")
    picture.get_by_role("combobox", name="Normalisation of layer 2").select_option("batch")
    wait(page, "p.layers[1].rows.length === 4")
    picture.get_by_role("combobox", name="Dropout of layer 2").select_option("0.2")
    expect(picture.get_by_role("button", name="Settings of layer 2: ReLU, batch, 20 %")).to_be_visible()
    expect(page.get_by_role("textbox", name="Hidden layers")).to_have_value("2-4:batchnorm:dropout0.2")
    press(page, "Play")
    wait_for_epoch(page, 5)


def test_the_keyboard_goes_from_neuron_to_neuron_and_opens_one(server: str, page: Page) -> None:
    shown(page, server)
    page.locator(".nnplay-network").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".nnplay-network .spoken")).to_contain_text("Neuron 2 of layer 1")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".nnplay-network .card input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".nnplay-network .card")).to_be_hidden()
    expect(page.get_by_role("img", name="hidden layers: 4 tanh, 2 tanh")).to_have_count(1)


def test_five_seconds_of_training_move_smoothly_and_nothing_is_taken_out(server: str, page: Page) -> None:
    shown(page, server, "epochs=100000&data=spiral&hidden=8-8")
    play(page)
    page.wait_for_timeout(1000)
    seen = page.evaluate(
        f"""() => new Promise(done => {{
        const p = {PICTURE}, seen = {{removed: 0, sizes: 0, blank: 0, data: 0, jump: 0}};
        const canvas = p.canvas, height = p.root.offsetHeight, take = p.take.bind(p);
        p.take = bytes => {{ seen.data += 1; return take(bytes); }};
        new MutationObserver(changes => {{
            for (const change of changes) for (const node of change.removedNodes)
                if (node.nodeType === 1 && (node === p.root || node.matches("canvas.all"))) seen.removed += 1;
        }}).observe(p.root.getRootNode(), {{childList: true, subtree: true}});
        let before = null;
        const start = performance.now(), look = now => {{
            if (!canvas.isConnected || !p.outputs || p.canvas !== canvas) seen.blank += 1;
            if (p.root.offsetHeight !== height) seen.sizes += 1;
            // A weight goes from one datum to the next in steps, and never beyond them.
            for (let k = 0; k < p.now.length; k++) {{
                const low = Math.min(p.from[k], p.to[k]), high = Math.max(p.from[k], p.to[k]);
                if (p.now[k] < low - 1e-4 || p.now[k] > high + 1e-4) seen.jump += 1;
            }}
            const middle = p.context.getImageData(canvas.width * 0.45, canvas.height * 0.4, 1, 200).data;
            if (middle.every(v => v === 0)) seen.blank += 1;
            if (now - start < 5000) requestAnimationFrame(look); else done(seen);
        }};
        requestAnimationFrame(look);
    }})"""
    )
    assert seen["data"] >= 3, seen
    assert [seen[name] for name in ("removed", "sizes", "blank", "jump")] == [0, 0, 0, 0], seen


@pytest.mark.parametrize(("width", "dark"), [(400, True), (1600, False)])
def test_wide_layers_are_all_there(
    server: str, open_page: Callable[..., Page], screenshot: Callable[..., None], width: int, dark: bool
) -> None:
    page = open_page(width=width, height=1000, dark=dark)
    shown(page, server, "data=spiral&hidden=128-64")
    layout = ask(page, "({nodes: p.layout.nodes, network: p.layout.network, width: p.layout.width})")
    # On a narrow screen the output has its place among the others, too.
    assert [len(column) for column in layout["nodes"]] == [2, 128, 64] + [1] * (width == 400)
    for column in layout["nodes"]:
        assert all(place["size"] >= 12 for place in column)
        assert all(place["x"] >= 0 and place["x"] + place["size"] <= layout["width"] for place in column)
        assert all(place["y"] + place["size"] <= layout["network"] for place in column)
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
    hover(page, *neuron(page, 1, 3))
    expect(page.locator(".nnplay-network .card")).to_contain_text("Neuron 4 of layer 1")
    screenshot(page, f"network-wide-{width}-{'dark' if dark else 'light'}")
    shown(page, server, "data=spiral&hidden=8-8-8-8-8-8")
    # Six layers need no scrolling, and every link stays above the large output.
    assert ask(page, "p.layout.width <= p.layout.view")
    screenshot(page, f"network-deep-{width}")


def test_data_without_a_plane_and_networks_too_large_have_their_pictures(server: str, page: Page) -> None:
    shown(page, server, "data=iris&hidden=5")
    hover(page, *neuron(page, 2, 1))
    expect(page.locator(".nnplay-network .card")).to_contain_text("The output for versicolor")
    shown(page, server, "data=sine&hidden=5")
    assert ask(page, "p.outputs.map(units => units.length)") == [1, 5, 1]


@pytest.mark.page(width=400, height=1000, dark=True)
def test_on_a_narrow_screen_a_plan_is_a_list(
    server: str, page: Page, screenshot: Callable[..., None]
) -> None:
    page.goto(
        f"{server}/?data=digits&samples=60&hidden=conv4k3-pool2-flatten-6&loss=categorical_crossentropy"
    )
    controls = page.locator(".nnplay-network .controls")
    for words in (
        "8 × 8 × 1",
        "6 × 6 × 4 · 40 weights",
        "3 × 3 × 4 · no weights",
        "6 · 222 weights",
        "10 · 70 weights",
    ):
        expect(controls).to_contain_text(words, timeout=60_000)
    assert ask(page, "p.layout.width <= p.layout.host && p.layout.nodes.every(([{x}]) => x >= 0)")
    page.get_by_role("button", name="Settings of layer 2: pool2").click()
    card = page.locator(".nnplay-network .card")
    card.get_by_label("Kind of layer 2").select_option("avgpool")
    expect(page.get_by_role("button", name="Settings of layer 2: avgpool2")).to_be_visible()
    card.get_by_role("button", name="Close").click()
    # Numbers of a layer: one is taken, the next is refused on the card, which shows again what counts.
    page.get_by_role("button", name="Settings of layer 1: conv4k3").click()
    card.get_by_label("Pad the rim of layer 1").check()
    expect(page.get_by_role("button", name="Settings of layer 1: conv4k3same")).to_be_visible()
    card.get_by_label("Pad the rim of layer 1").uncheck()
    expect(page.get_by_role("button", name="Settings of layer 1: conv4k3", exact=True)).to_be_visible()
    window = card.get_by_label("Window of layer 1")
    window.fill("5")
    window.press("Enter")
    expect(controls).to_contain_text("4 × 4 × 4 · 104 weights")
    for _ in range(2):
        window.fill("9")
        window.press("Enter")
        expect(card.get_by_role("alert")).to_contain_text("its window of 9 is larger than the 8 there are")
        expect(window).to_have_value("5")
        expect(window).to_be_focused()
    card.get_by_role("button", name="Take conv4k7-avgpool2-flatten-6").click()
    expect(controls).to_contain_text("2 × 2 × 4 · 200 weights")
    window.fill("3")
    window.press("Enter")
    expect(controls).to_contain_text("6 × 6 × 4 · 40 weights")
    # Refused on the card, put right elsewhere: the card speaks of it no more.
    window.fill("9")
    window.press("Enter")
    expect(card.get_by_role("alert")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Take conv4k7").first.click()
    expect(controls).to_contain_text("2 × 2 × 4 · 200 weights")
    expect(card.get_by_role("alert")).to_have_count(0)
    # Two fields in quick succession, by the keyboard alone: both are taken.
    window.fill("4")
    window.press("Tab")
    expect(card.get_by_label("Step of layer 1")).to_be_focused()
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Settings of layer 1: conv4k4s2")).to_be_visible()
    window.fill("3")
    window.press("Tab")
    # Emptied, the step is the usual one.
    for key in ("Control+A", "Delete", "Tab"):
        page.keyboard.press(key)
    expect(controls).to_contain_text("6 × 6 × 4 · 40 weights")
    card.get_by_role("button", name="Close").click()
    # One pooling too many: refused with the shape, and a stack that is possible.
    page.get_by_role("button", name="Add a layer before layer 3").click()
    expect(controls).to_contain_text("1 × 1 × 4 · no weights")
    page.get_by_role("button", name="Add a layer before layer 4").click()
    expect(
        page.get_by_text("Pad the convolutions, so that they keep the size: 'conv4k3same-")
    ).to_be_visible()
    screenshot(page, "network-list-400")
