"""The page's scripts as this server hands them out: packed once, kept by browsers, and sent for early.

Streamlit packs static files anew for every browser, 150 ms of the event loop for plotly.js, and a browser
asks for ours only when a component that needs them is on the page. Their names hold a version, so a browser
may keep them for good. Where the app is not a `st.App`, the static folder serves them.
"""

import asyncio
import gzip
from functools import cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nnplay.ui.browser import PLOTLY_JS, plotly_js, served_script

FOLDER = "app/static"
FOR_GOOD = "public, max-age=31536000, immutable"


@cache
def packed(name: str) -> bytes:
    """The script of this name, as gzip. Raises `KeyError` where it is none of ours."""
    script, text = served_script()
    return gzip.compress({script: text.encode, PLOTLY_JS: plotly_js}[name](), 9)


def _sent_for() -> str:
    """What nearly every page needs: relative, so that it is right where a proxy has the app in a folder."""
    script, _ = served_script()
    return f"<{FOLDER}/{script}>; rel=modulepreload, <{FOLDER}/{PLOTLY_JS}>; rel=preload; as=script"


class Scripts:
    """ASGI middleware: answers requests for the scripts, and sends for them with each page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, _, name = scope["path"].rpartition("/")
        accepted = Headers(scope=scope).get("accept-encoding", "")
        ours = scope["method"] in ("GET", "HEAD") and path.endswith(f"/{FOLDER}")
        if ours and name in (served_script()[0], PLOTLY_JS) and "gzip" in accepted:
            # In a thread: packing takes a part of a second, once.
            content = await asyncio.to_thread(packed, name)
            headers = {"content-encoding": "gzip", "cache-control": FOR_GOOD, "vary": "accept-encoding"}
            await Response(content, headers=headers, media_type="text/javascript")(scope, receive, send)
            return

        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                html = headers.get("content-type", "").startswith("text/html")
                # Of a page that a browser has already: else it would send for the scripts of that time.
                if html or (message["status"] == 304 and scope["path"].endswith("/")):
                    headers.append("link", _sent_for())
            await send(message)

        await self._app(scope, receive, forward)


def scripts() -> Middleware:
    """For the app that `streamlit run` serves."""
    return Middleware(Scripts)
