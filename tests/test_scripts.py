"""The page's scripts on their way: packed once, for good, and sent for with the page."""

import asyncio
import gzip
from typing import Any

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from nnplay.ui.browser import PLOTLY_JS, plotly_js, served_script
from nnplay.ui.scripts import FOR_GOOD, Scripts

PAGE, TEXT = HTMLResponse("<p>page</p>"), PlainTextResponse("as it is")


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """What is behind: pages, and files as they are."""
    kept = Response(status_code=304)
    answer = TEXT if "static" in scope["path"] else kept if scope["path"].endswith("/") else PAGE
    await answer(scope, receive, send)


def asked(path: str, encoding: str = "gzip, br") -> tuple[dict[str, str], bytes]:
    """Headers and body of the answer."""
    said: list[Message] = []

    async def receive() -> Any:
        raise AssertionError("There is nothing to receive.")

    async def send(message: Message) -> None:
        said.append(message)

    headers = [(b"accept-encoding", encoding.encode())]
    scope = {"type": "http", "path": path, "method": "GET", "headers": headers}
    asyncio.run(Scripts(behind)(scope, receive, send))
    return {name.decode(): value.decode() for name, value in said[0]["headers"]}, said[1]["body"]


@pytest.mark.parametrize("folder", ["", "/playground", "/~/+"])
def test_our_scripts_are_sent_packed_and_may_be_kept(folder: str):
    name, text = served_script()
    for script, content in ((name, text.encode()), (PLOTLY_JS, plotly_js())):
        headers, body = asked(f"{folder}/app/static/{script}")
        assert gzip.decompress(body) == content and int(headers["content-length"]) == len(body)
        assert headers["content-encoding"] == "gzip" and headers["cache-control"] == FOR_GOOD
        assert headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("path", "encoding"),
    [
        (f"/app/static/{PLOTLY_JS}", "identity"),
        ("/app/static/other.js", "gzip"),
        ("/app/static/../secret", "gzip"),
        (f"/static/{PLOTLY_JS}", "gzip"),
    ],
)
def test_all_else_is_left_to_the_server(path: str, encoding: str):
    headers, body = asked(path, encoding)
    assert body == b"as it is" and "cache-control" not in headers and "link" not in headers


def test_a_page_sends_for_the_scripts_before_any_component_does():
    # The second is one that the browser has already, perhaps with the scripts of another version.
    assert asked("/")[0]["link"] == asked("/gallery")[0]["link"]
    headers, body = asked("/gallery")
    name, _ = served_script()
    assert body == b"<p>page</p>"
    assert f"<app/static/{name}>; rel=modulepreload" in headers["link"]
    assert f"<app/static/{PLOTLY_JS}>; rel=preload; as=script" in headers["link"]
