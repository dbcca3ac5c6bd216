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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from weakref import WeakValueDictionary

import streamlit as st
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.runtime.scriptrunner import StopException, add_script_run_ctx, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import (
    SCRIPT_RUN_CONTEXT_ATTR_NAME,
    ScriptRunContext,
)

from nnplay.ui import session
from nnplay.ui.feed import feed_bytes

# Between two looks at whether something moves again.
LOOK_SECONDS = 0.1
# While a browser draws, or its tab is hidden.
REST_SECONDS = 2.0
# So long a browser may take to begin to listen. The page reckons with it, so as not to be drawn anew for it.
AWAITED_SECONDS = 3.0
# For a stream that its page has not named or does not have any more.
UNKNOWN = 4404

# What a page brings: its parts, and whether its script has to run again.
Moving = tuple[dict[str, bytes], bool]

_streams: "WeakValueDictionary[str, Stream]" = WeakValueDictionary()


class Stream:
    """What one visit's page is sent; `connected` while a browser listens.

    `drawn`: set when one has drawn something that was brought.
    `awaited`: until when by `time.monotonic` one may be about to.
    """

    def __init__(self, awaited: float = 0.0) -> None:
        # Only the page itself knows it, as it does its session.
        self.name = secrets.token_urlsafe(16)
        self.connected = 0
        self.listener = 0
        self._awaited = awaited
        self.drawn = threading.Event()
        # The first is held for moments alone, also by the server's event loop; the second while parts are
        # made.
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._move: Callable[[], Moving] | None = None
        self._seconds = 1.0
        self._context: ScriptRunContext | None = None
        self._again = False
        self._sent: dict[str, bytes] = {}
        # Runs of the script so far. By it the browser knows what is older: messages may overtake one another.
        self.turn = 0

    @property
    def expected(self) -> bool:
        """Whether a browser listens, or may soon."""
        return bool(self.connected) or (not self.listener and time.monotonic() < self._awaited)

    def wait_until_drawn(self, seconds: float) -> None:
        """Return as soon as a browser has drawn what the stream brought; at once where none may listen."""
        if self.expected:
            self.drawn.wait(seconds)

    def give_up(self) -> None:
        """The page has its script run: if nobody listens by now, its browser cannot."""
        self._awaited = 0.0

    def offer(self, move: Callable[[], Moving] | None, seconds: float) -> None:
        """From a run of the page's script: what to bring every so many seconds, None while nothing moves.

        It is called on other threads, with this visit's session. Where nothing moves the script brings all.
        """
        context = get_script_run_ctx(suppress_warning=True)
        with self._lock:
            self._move, self._seconds, self._context = move, seconds, context
            self._again = False
            self.turn += 1
            if move is None:
                self._sent = {}

    def due(self, last: float) -> float:
        """When to bring something next, the last time having been `last`; not before anything moves."""
        return float("inf") if self._move is None or self._again else last + self._seconds

    def begin(self) -> int:
        """A browser listens that has nothing yet; its number. Whoever listened before it is heard no more."""
        with self._lock:
            self._sent, self._again = {}, False
            self.listener += 1
            return self.listener

    def message(self, listener: int) -> bytes:
        """What is new since the last message; b"" when nothing is, or for one who is heard no more."""
        with self._making:
            with self._lock:
                move, context, turn = self._move, self._context, self.turn
            if move is None or listener != self.listener:
                return b""
            try:
                with _in_visit(context):
                    parts, again = move()
            except StopException:
                # That run of the script was cut short: another one is on its way, and offers anew.
                return b""
            with self._lock:
                if move is not self._move or listener != self.listener:
                    # The script has run meanwhile: what it brought itself may be newer.
                    return b""
                new = {name: part for name, part in parts.items() if self._sent.get(name) != part}
                self._sent |= new
                self._again = again
        return feed_bytes(new, again=again, turn=turn) if new or again else b""


@contextmanager
def _in_visit(context: ScriptRunContext | None) -> Iterator[None]:
    """Lend this thread, which serves all visits in turn, the session of one."""
    thread = threading.current_thread()
    add_script_run_ctx(thread, context)
    try:
        yield
    finally:
        # Else it would keep the visit, and all it has, when that is over.
        vars(thread).pop(SCRIPT_RUN_CONTEXT_ATTR_NAME, None)


def stream() -> Stream:
    """The stream of this visit."""
    found: Stream | None = st.session_state.get(session.STREAM)
    if found is None:
        # Once: the stream's own thread asks, too, and only a run of the script may write here.
        by_browser = bool(st.context.headers)
        awaited = time.monotonic() + AWAITED_SECONDS if by_browser else 0.0
        found = st.session_state[session.STREAM] = Stream(awaited)
        _streams[found.name] = found
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
    drawn = asyncio.ensure_future(socket.receive())
    ready, last = True, float("-inf")
    try:
        while found.listener == mine:
            rest = found.due(last) - time.monotonic()
            # Nothing is brought before the browser has drawn what it has.
            await asyncio.wait([drawn], timeout=max(0.0, min(rest, LOOK_SECONDS)) if ready else REST_SECONDS)
            if drawn.done():
                if drawn.result()["type"] == "websocket.disconnect":
                    break  # The page is gone.
                found.drawn.set()
                ready, drawn = True, asyncio.ensure_future(socket.receive())
            if ready and found.due(last) <= time.monotonic():
                last = time.monotonic()
                if message := await asyncio.to_thread(found.message, mine):
                    ready = False
                    # Of a line that broke, the next thing to be received tells.
                    with suppress(WebSocketDisconnect, RuntimeError):
                        await socket.send_bytes(message)
    finally:
        drawn.cancel()
        found.connected -= 1


def route() -> WebSocketRoute:
    """Where the server answers browsers that ask for a stream by its name."""
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return WebSocketRoute(f"{'/' + prefix if prefix else ''}/stream/{{name}}", _serve)
