"""What the server's sockets are set to, read from a connection that they accepted."""

import asyncio
import socket

import pytest

from nnplay.ui.sockets import prompt_sockets


def nodelay(connection: socket.socket) -> int:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def accepted(listening: socket.socket) -> int:
    """Whether what arrives here is sent on at once."""
    with socket.create_connection(listening.getsockname()[:2]):
        connection, _ = listening.accept()
        with connection:
            return nodelay(connection)


@pytest.mark.skipif("sys.platform == 'win32'", reason="nothing is set there")
def test_what_the_server_accepts_sends_at_once():
    # As Streamlit makes it: without a protocol number, which asyncio would go by.
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert not accepted(listening)

        async def started() -> int:
            async with prompt_sockets(None):
                return accepted(listening)

        assert asyncio.run(started())
        assert listening.fileno() > 0 and accepted(listening), "it is open still"


def test_without_a_list_of_open_files_all_is_as_it_was(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("nnplay.ui.sockets.OPEN_FILES", "/nowhere")

    async def started() -> bool:
        async with prompt_sockets(None):
            return True

    assert asyncio.run(started())
