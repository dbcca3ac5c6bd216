"""Makes the pictures of the README: `python docs/make_pictures.py` (needs requirements-dev.txt, Chromium)."""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.page import FLAGS, running_server  # noqa: E402


def main() -> None:
    """The playground with a spiral half learned, light and dark."""
    with running_server() as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=FLAGS
        )
        for name, dark in (("playground", False), ("playground-dark", True)):
            page = browser.new_page(
                viewport={"width": 1440, "height": 1000}, color_scheme="dark" if dark else "light"
            )
            page.goto(f"{address}/?data=spiral&hidden=8-8&learning_rate=0.03&seed=3")
            page.get_by_text("Ready. Press Play.").wait_for(timeout=60_000)
            page.get_by_role("button", name="Play").click()
            # Away from the button, whose tip would be in the picture.
            page.mouse.move(1430, 990)
            page.wait_for_timeout(6000)
            page.screenshot(path=ROOT / "docs" / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
