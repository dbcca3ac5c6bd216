"""The stream: what is new, in the visit's own session, not before the browser has drawn what came before."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from feeds import taken_apart
from starlette.types import Message

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


def test_a_stream_ends_with_its_visit() -> None:
    stream = Stream()
    name = stream.name
    _streams[name] = stream
    del stream
    assert name not in _streams
