"""What cannot be, as people meet it: layers that do not fit on each other, data that cannot be downloaded."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playground import opened, play
from playwright.sync_api import Page, expect


def test_impossible_layers_and_no_network(
    fresh_server: Callable[..., str],
    page: Page,
    screenshot: Callable[..., None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No file is there, and whoever asks for one gets no answer.
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
    opened(
        page, fresh_server(), "data=digits&samples=60&hidden=conv4k3-flatten-6&loss=categorical_crossentropy"
    )
    field = page.get_by_role("textbox", name="Hidden layers")
    field.fill("conv4k3-pool2-conv4k3-pool2-8")
    field.press("Enter")
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    expect(
        page.get_by_text(
            "Hidden layer 4, 'pool2': 'conv4k3' gives an image of 1 × 1 × 4, and its window of 2 is larger "
            "than the 1 there is. Pad the convolutions, so that they keep the size: "
        )
    ).to_be_visible()
    # The field is a new one, which shows what counts.
    expect(field).to_have_count(1)
    expect(field).to_have_value("conv4k3-flatten-6")
    screenshot(page, "refused-layers")
    page.get_by_role("button", name="Take conv4k3same-pool2-conv4k3same-pool2-8").click()
    expect(field).to_have_count(1)
    expect(field).to_have_value("conv4k3same-pool2-conv4k3same-pool2-8")
    expect(page.get_by_text("Nothing was changed.")).to_be_hidden()
    expect(page.locator(".nnplay-network .controls")).to_contain_text("148 weights")
    expect(page.get_by_text("Ready. Press Play.")).to_be_visible()
    # The same network learns from the data that take the place of those that cannot be had.
    page.get_by_test_id("stSidebar").get_by_role("combobox", name="Data").first.click()
    page.keyboard.type("MNIST")
    page.get_by_role("option", name="MNIST", exact=True).click()
    expect(page.get_by_text("MNIST is not here. mnist.npz could not be downloaded from")).to_be_visible()
    expect(page.get_by_text("Check the network, or put the file into the folder")).to_be_visible()
    expect(page.get_by_text("Meanwhile Digits 28 x 28 stand in for it.")).to_be_visible()
    screenshot(page, "no-network")
    play(page)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("MNIST is not here. mnist.npz could not be downloaded from")).to_be_visible()
