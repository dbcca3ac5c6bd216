"""The stream: what is new, in the visit's own session, not before the browser has drawn what came before."""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import MagicMock

import pytest
from feeds import taken_apart
from starlette.types import Message
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nnplay.ui.stream import UNKNOWN, Stream, _streams, route

# Seconds; for what has to come. For what must not come there are a few looks' time.
PATIENCE, MEANWHILE = 20.0, 0.4


class Browser:
    """The other end of the line, by the messages of ASGI."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.heard: asyncio.Queue[Message] = asyncio.Queue()
        self.said: asyncio.Queue[Message] = asyncio.Queue()
        self.said.put_nowait({"type": "websocket.connect"})

    async def __aenter__(self) -> "Browser":
        scope = {
            "type": "websocket",
            "path": self.path,
            "headers": [],
            "query_string": b"",
            "subprotocols": [],
        }
        found, child = route().matches(scope)
        assert found.name == "FULL"
        self.server = asyncio.ensure_future(route().handle({**scope, **child}, self.said.get, self.heard.put))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.said.put_nowait({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(self.server, PATIENCE)

    async def next(self, seconds: float = PATIENCE) -> Message:
        return await asyncio.wait_for(self.heard.get(), seconds)

    async def parts(self) -> tuple[dict[str, bytes], bool]:
        """Of the next message: its parts, and whether the page is to run its script."""
        found, head = taken_apart((await self.next())["bytes"])
        return found, head.get("again", False)

    def drew(self) -> None:
        self.said.put_nowait({"type": "websocket.receive", "text": "drawn"})

    async def hears_nothing(self) -> bool:
        await asyncio.sleep(MEANWHILE)
        return self.heard.empty()


def run(scene: Callable[[Stream, Browser], Awaitable[None]]) -> Stream:
    """Play a scene between a visit's stream and a browser that listens to it."""

    async def play() -> Stream:
        stream = Stream()
        _streams[stream.name] = stream
        async with Browser(f"/stream/{stream.name}") as browser:
            assert (await browser.next())["type"] == "websocket.accept"
            await scene(stream, browser)
        return stream

    return asyncio.run(play())


def test_only_what_is_new_is_sent_and_only_when_the_last_is_drawn() -> None:
    now = {"loss": b"\x00\n1", "epoch": b"1"}

    async def scene(stream: Stream, browser: Browser) -> None:
        assert stream.connected == 1
        assert await browser.hears_nothing()
        stream.offer(lambda: (dict(now), False), 0.0)
        assert await browser.parts() == (now, False)
        now["epoch"] = b"22"
        assert await browser.hears_nothing()
        browser.drew()
        assert await browser.parts() == ({"epoch": b"22"}, False)
        browser.drew()
        assert await browser.hears_nothing()

    assert run(scene).connected == 0


def test_the_script_is_asked_for_once_until_it_ran() -> None:
    async def scene(stream: Stream, browser: Browser) -> None:
        stream.offer(lambda: ({}, True), 0.0)
        assert await browser.parts() == ({}, True)
        browser.drew()
        assert await browser.hears_nothing()
        stream.offer(lambda: ({"epoch": b"3"}, False), 0.0)
        assert await browser.parts() == ({"epoch": b"3"}, False)
        browser.drew()
        stream.offer(None, 0.0)
        assert await browser.hears_nothing()

    run(scene)


def test_no_sooner_than_it_is_due() -> None:
    async def scene(stream: Stream, browser: Browser) -> None:
        count: list[Any] = []

        def move() -> tuple[dict[str, bytes], bool]:
            count.append(1)
            return {"epoch": str(len(count)).encode()}, False

        stream.offer(move, 1e6)
        assert (await browser.parts())[0] == {"epoch": b"1"}
        browser.drew()
        assert await browser.hears_nothing()

    run(scene)


def test_of_two_that_listen_the_last_is_heard() -> None:
    """A line that broke may look whole for a while."""

    async def scene(stream: Stream, first: Browser) -> None:
        async with Browser(f"/stream/{stream.name}") as second:
            assert (await second.next())["type"] == "websocket.accept"
            stream.offer(lambda: ({"epoch": b"1"}, False), 0.0)
            assert await second.parts() == ({"epoch": b"1"}, False)
            assert await first.hears_nothing()

    run(scene)


@pytest.mark.parametrize("name", ["nobody", "%2e%2e", "x" * 5000])
def test_a_name_that_nobody_has_is_hung_up_on(name: str) -> None:
    async def call() -> Message:
        async with Browser(f"/stream/{name}") as browser:
            return await browser.next()

    assert asyncio.run(call()) == {"type": "websocket.close", "code": UNKNOWN, "reason": ""}


def test_what_was_made_before_the_script_brought_newer_is_not_sent() -> None:
    stream = Stream()
    listener = stream.begin()

    def move() -> tuple[dict[str, bytes], bool]:
        # Somebody presses Pause meanwhile.
        stream.offer(None, 0.0)
        return {"epoch": b"1"}, True

    stream.offer(move, 0.0)
    assert stream.message(listener) == b""
    # At rest the script showed something else: what came last through the stream counts no more.
    stream.offer(lambda: ({"epoch": b"1"}, False), 0.0)
    assert taken_apart(stream.message(listener))[0] == {"epoch": b"1"}
    assert stream.message(listener) == b""
    stream.offer(None, 0.0)
    stream.offer(lambda: ({"epoch": b"1"}, True), 0.0)
    assert stream.message(listener) and stream.due(0.0) == float("inf")
    # Who comes back does not wait for the script.
    assert taken_apart(stream.message(stream.begin()))[0] == {"epoch": b"1"}


def test_each_message_tells_which_run_of_the_script_it_was_made_for() -> None:
    stream, turns = Stream(), []
    listener = stream.begin()
    for count in range(3):
        stream.offer(lambda count=count: ({"epoch": b"%d" % count}, False), 0.0)
        turns.append(taken_apart(stream.message(listener))[1]["turn"])
    assert turns == [1, 2, 3] == [*range(1, stream.turn + 1)]


def test_it_is_made_in_its_own_visit_and_the_thread_forgets_that() -> None:
    stream, seen = Stream(), []
    visit = MagicMock()
    stream.offer(lambda: (seen.append(get_script_run_ctx()) or {}, False), 0.0)
    stream._context = visit
    stream.message(stream.begin())
    assert seen == [visit] and get_script_run_ctx(suppress_warning=True) is None


@pytest.mark.parametrize("message", [{"bytes": b"x"}, {"text": "y" * 100}, {"text": "", "bytes": None}])
def test_anything_that_a_browser_says_means_drawn(message: dict[str, Any]) -> None:
    async def scene(stream: Stream, browser: Browser) -> None:
        count: list[int] = []
        stream.offer(lambda: (count.append(1) or {"n": b"%d" % len(count)}, False), 0.0)
        assert await browser.parts() == ({"n": b"1"}, False)
        browser.said.put_nowait({"type": "websocket.receive", **message})
        assert await browser.parts() == ({"n": b"2"}, False)

    run(scene)


def test_a_browser_is_reckoned_with_for_a_while_until_it_has_listened() -> None:
    now = time.monotonic()
    assert not Stream().expected and not Stream(now - 1).expected
    stream = Stream(now + 60)
    assert stream.expected
    stream.connected += 1
    stream.begin()
    assert stream.expected
    stream.connected -= 1
    assert not stream.expected, "its line broke"
    refused = Stream(now + 60)
    refused.give_up()
    assert not refused.expected


def test_a_page_may_wait_until_something_is_drawn() -> None:
    start = time.monotonic()
    Stream().wait_until_drawn(PATIENCE)
    assert time.monotonic() - start < PATIENCE, "no browser may be about to listen"
    late = Stream(time.monotonic() + PATIENCE)
    late.wait_until_drawn(MEANWHILE)
    assert not late.drawn.is_set()

    async def scene(stream: Stream, browser: Browser) -> None:
        waiting = asyncio.create_task(asyncio.to_thread(stream.wait_until_drawn, PATIENCE))
        stream.offer(lambda: ({"loss": b"1"}, False), 0.01)
        await browser.parts()
        await asyncio.sleep(MEANWHILE)
        assert not waiting.done()
        browser.drew()
        await asyncio.wait_for(waiting, PATIENCE)

    assert run(scene).drawn.is_set()


def test_a_stream_ends_with_its_visit() -> None:
    stream = Stream()
    name = stream.name
    _streams[name] = stream
    del stream
    gc.collect()
    assert name not in _streams
