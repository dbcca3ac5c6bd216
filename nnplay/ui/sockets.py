"""The server's sockets: what is written to them leaves at once.

An answer is written in two parts, head and body. Streamlit binds its socket without a protocol number, and
asyncio switches Nagle's algorithm off only where there is one: so the second part would wait until the
browser has acknowledged the first, 40 ms for each of the hundred files of a first visit (RFC 896, and
https://github.com/Kludex/uvicorn/issues/3149 for the same in uvicorn).
"""

import os
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

# The open files of this process, on Linux and macOS.
OPEN_FILES = "/dev/fd"


@asynccontextmanager
async def prompt_sockets(app: Any) -> AsyncIterator[None]:
    """Lifespan of the app: the socket that it listens on is bound by now, and hands the setting on."""
    # Elsewhere than on Linux and macOS, or where the server sets it itself, all is as it was.
    with suppress(OSError):
        for number in map(int, os.listdir(OPEN_FILES)):
            with suppress(OSError):
                _send_at_once(number)
    yield


def _send_at_once(number: int) -> None:
    if not stat.S_ISSOCK(os.fstat(number).st_mode):
        return
    # A copy of the number: closing it leaves the socket open.
    with socket.socket(fileno=os.dup(number)) as found:
        if found.family in (socket.AF_INET, socket.AF_INET6) and found.type == socket.SOCK_STREAM:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
