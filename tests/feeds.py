"""What a page's feed brings, taken apart as the browser does."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest


def taken_apart(message: bytes) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The parts of a message by name, and its head."""
    line, _, rest = message.partition(b"\n")
    head = json.loads(line)
    found = {}
    for name, length in head["parts"].items():
        found[name], rest = rest[:length], rest[length:]
    assert not rest
    return found, head


def brought(at: AppTest, name: str) -> dict[str, bytes]:
    """The parts of the last message that has this one; none where there is no such message."""
    for element in at.get("bidi_component"):
        if element.proto.bytes.startswith(b'{"parts":'):
            found, _ = taken_apart(element.proto.bytes)
            if name in found:
                return found
    return {}
