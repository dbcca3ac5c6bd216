"""What moves, pushed to the page between two runs of its script.

A run of a script costs Streamlit some ten milliseconds whatever it draws: a small server has a hundred of
them a second, for everybody. So while a network learns, the page's script runs only now and then; what it
would have sent through its feed goes through a WebSocket of its own, which the app serves as `route`. Where
there is none (the script is run by anything but `streamlit run`), the script goes on to bring all.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from weakref import WeakValueDictionary

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.runtime.scriptrunner import StopException, add_script_run_ctx, get_script_run_ctx

from nnplay.ui import session
from nnplay.ui.feed import feed_bytes

# Between two looks at whether something moves again.
LOOK_SECONDS = 0.1
# While a browser draws, or its tab is hidden.
REST_SECONDS = 2.0
# For a stream that its page has not named or does not have any more.
UNKNOWN = 4404

# What a page brings: its parts, and whether its script has to run again.
Moving = tuple[dict[str, bytes], bool]

_streams: "WeakValueDictionary[str, Stream]" = WeakValueDictionary()


class Stream:
    """What one visit's page is sent; `connected` while a browser listens."""

    def __init__(self) -> None:
        # Only the page itself knows it, as it does its session.
        self.name = secrets.token_urlsafe(16)
        self.connected = 0
        self.listener = 0
        self._lock = threading.Lock()
        self._move: Callable[[], Moving] | None = None
        self._seconds = 1.0
        self._context = get_script_run_ctx(suppress_warning=True)
        self._again = False
        self._sent: dict[str, bytes] = {}

    def offer(self, move: Callable[[], Moving] | None, seconds: float) -> None:
        """From a run of the page's script: what to bring every so many seconds, None while nothing moves.

        It is called on other threads, with this visit's session.
        """
        self._move, self._seconds, self._context = move, seconds, get_script_run_ctx(suppress_warning=True)
        self._again = False

    def due(self, last: float) -> float:
        """When to bring something next, the last time having been `last`; not before anything moves."""
        return float("inf") if self._move is None or self._again else last + self._seconds

    def begin(self) -> int:
        """A browser listens that has nothing yet; its number. Whoever listened before it is heard no more."""
        with self._lock:
            self._sent = {}
            self.listener += 1
            return self.listener

    def message(self, listener: int) -> bytes:
        """What is new since the last message; b"" when nothing is, or for one who is heard no more."""
        with self._lock:
            move = self._move
            if move is None or listener != self.listener:
                return b""
            add_script_run_ctx(threading.current_thread(), self._context)
            try:
                parts, again = move()
            except StopException:
                # That run of the script was cut short: another one is on its way, and offers anew.
                return b""
            new = {name: part for name, part in parts.items() if self._sent.get(name) != part}
            self._sent |= new
            self._again = again
            return feed_bytes(new, again=again) if new or again else b""


def stream() -> Stream:
    """The stream of this visit."""
    found: Stream = st.session_state.setdefault(session.STREAM, None) or Stream()
    st.session_state[session.STREAM] = _streams[found.name] = found
    return found


async def _serve(socket: WebSocket) -> None:
    """Bring what is new as soon as it is due and the browser has drawn what came before."""
    found = _streams.get(socket.path_params["name"])
    if found is None:
        await socket.close(UNKNOWN)
        return
    await socket.accept()
    mine = found.begin()
    found.connected += 1
    drawn = asyncio.ensure_future(socket.receive_text())
    ready, last = True, float("-inf")
    try:
        while found.listener == mine:
            rest = found.due(last) - time.monotonic()
            # Nothing is brought before the browser has drawn what it has.
            await asyncio.wait([drawn], timeout=max(0.0, min(rest, LOOK_SECONDS)) if ready else REST_SECONDS)
            if drawn.done():
                drawn.result()
                ready, drawn = True, asyncio.ensure_future(socket.receive_text())
            if ready and found.due(last) <= time.monotonic():
                last = time.monotonic()
                if message := await asyncio.to_thread(found.message, mine):
                    ready = False
                    # For a line that is closed, Starlette has no exception of its own.
                    with suppress(RuntimeError):
                        await socket.send_bytes(message)
    except WebSocketDisconnect:
        pass  # The page is gone.
    finally:
        drawn.cancel()
        found.connected -= 1


def route() -> WebSocketRoute:
    """Where the server answers browsers that ask for a stream by its name."""
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return WebSocketRoute(f"{'/' + prefix if prefix else ''}/stream/{{name}}", _serve)
