"""Links and JSON as plain pairs of a setting's name and its value; what the pairs mean is not asked here.

A link is readable as long as it is short. A long one is packed into one key, `z=1.` and what zlib and base64
(with - and _) make of it; the 1 is the version of that packing.
"""

import binascii
import json
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus

from nnplay.experiment.error import ExperimentError, show

# A link holds only what differs from the defaults: whoever changes a default makes a new version.
LINK_VERSION = "1"
MAX_LINK_LENGTH = 4000
MAX_JSON_LENGTH = 20_000
# All settings, those that a task started with, and the task.
MAX_PAIRS = 90
# Links with more characters are packed; unpacked they may have so many.
LONG_LINK = 1500
MAX_UNPACKED = 20_000
PACKED, PACKING = "z", "1"
BASE64 = re.compile(r"[A-Za-z0-9_-]*")


def write_link(values: Mapping[str, Any]) -> str:
    """The query string of these settings: the version first, then key=value; packed where that is long."""
    texts = {"v": LINK_VERSION} | {name: write_value(value) for name, value in values.items()}
    link = "&".join(
        f"{name}={quote_plus(text, safe='-._~,:', errors='replace')}" for name, text in texts.items()
    )
    return link if len(link) <= LONG_LINK else f"{PACKED}={pack(texts)}"


def pack(texts: Mapping[str, str]) -> str:
    """The pairs of a link in one short value, for the key `PACKED`."""
    # Only what has a meaning of its own is quoted: that is shorter for most alphabets.
    query = "&".join(f"{name}={re.sub('[%&+=#;]', _quoted, text)}" for name, text in texts.items())
    packed = zlib.compress(query.encode("utf-8", "replace"), 9)
    return f"{PACKING}.{urlsafe_b64encode(packed).decode().rstrip('=')}"


def _quoted(found: re.Match[str]) -> str:
    return quote(found.group())


def unpack(value: str) -> str:
    """The query string in a value that `pack` wrote. Raises `ExperimentError`."""
    version, dot, text = value.partition(".")
    if not dot or version != PACKING:
        raise ExperimentError(
            {
                PACKED: f"The packed link ({PACKED}) begins with {show(value[:12])}; this nnplay reads those "
                f"that begin with '{PACKING}.'. Open it with the nnplay that made it."
            }
        )
    damaged = ExperimentError(
        {PACKED: f"The packed link ({PACKED}) is damaged: copy the whole link again, to its last character."}
    )
    if not BASE64.fullmatch(text):
        raise damaged
    try:
        unpacking = zlib.decompressobj()
        # No more than is allowed is ever unpacked, whatever is in it.
        found = unpacking.decompress(urlsafe_b64decode(text + "=" * (-len(text) % 4)), MAX_UNPACKED + 1)
    except (zlib.error, binascii.Error):
        raise damaged from None
    if len(found) > MAX_UNPACKED:
        raise ExperimentError(
            {PACKED: f"The packed link ({PACKED}) would have more than {MAX_UNPACKED:,} bytes. Shorten it."}
        )
    if not unpacking.eof or unpacking.unused_data:
        raise damaged
    return found.decode("utf-8", "replace")


def unpacked(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The pairs of a link, those packed into one of them in its place. Raises `ExperimentError`."""
    pairs = list(pairs)
    packed = [str(value) for name, value in pairs if name == PACKED]
    if not packed:
        return pairs
    if len(packed) > 1:
        raise ExperimentError({PACKED: f"'{PACKED}' is given {len(packed)} times. Give it once."})
    if len(packed[0]) > MAX_LINK_LENGTH:
        raise _too_long(len(packed[0]))
    inner = _split(unpack(packed[0]))
    if any(name == PACKED for name, _ in inner):
        raise ExperimentError({PACKED: f"A packed link ({PACKED}) cannot hold another one."})
    return inner + [(name, value) for name, value in pairs if name != PACKED]


def write_value(value: Any) -> str:
    """A setting's value as a link writes it: a short text that reads back as the very same value."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, tuple):
        return "-".join(value)
    if isinstance(value, float):
        # 1.0 as 1; `repr` is the shortest text that gives the same float.
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def split_link(text: str) -> list[tuple[str, str]]:
    """The pairs of a query string or of a whole address, its fragment left out.

    Read as browsers do: empty pairs are skipped, a key without '=' has an empty value, a percent sign that
    encodes nothing stands for itself. What is packed is unpacked. Raises `ExperimentError` for a link that is
    too long, or damaged.
    """
    return unpacked(split_address(text))


def split_address(text: str) -> list[tuple[str, str]]:
    """The pairs as they stand in an address: like `split_link`, but what is packed stays so."""
    if len(text) > MAX_LINK_LENGTH:
        raise _too_long(len(text))
    text = text.strip().partition("#")[0]
    # An address without a question mark asks for nothing.
    return _split(text.partition("?")[2] if "?" in text or "://" in text else text)


def _too_long(length: int) -> ExperimentError:
    return ExperimentError(
        {"": f"A link may have {MAX_LINK_LENGTH:,} characters; this has {length:,}. Shorten it."}
    )


def _split(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_PAIRS, errors="replace")
    except ValueError:
        raise ExperimentError(
            {"": f"A link may have {MAX_PAIRS} settings; this has {query.count('&') + 1}. Remove some."}
        ) from None


def split_json(text: str) -> list[tuple[str, Any]]:
    """The pairs of a JSON object, its numbers as the texts they were. Raises `ExperimentError`."""
    if len(text) > MAX_JSON_LENGTH:
        raise ExperimentError(
            {"": f"An experiment's JSON may have {MAX_JSON_LENGTH:,} characters; this has {len(text):,}."}
        )
    try:
        # Objects become tuples of pairs, so that they can be told from lists, and a key given twice is seen.
        read = json.loads(text, object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise ExperimentError({"": f"This is not JSON: {error}. Give what `to_json` wrote."}) from None
    if not isinstance(read, tuple):
        raise ExperimentError(
            {"": f"An experiment's JSON is an object {{...}} of settings, not {show(read)}."}
        )
    return list(read)


def collect(pairs: Iterable[tuple[str, Any]]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings that the pairs give, the version taken out, and the problems found on the way."""
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            problems[name] = (
                f"{show(name)} is given twice, as {show(fields[name])} and {show(value)}. Give it once."
            )
        else:
            fields[name] = value
    version = fields.pop("v", LINK_VERSION)
    if version != LINK_VERSION:
        problems["v"] = (
            f"The link is of version {show(version)}; this nnplay reads version {LINK_VERSION}. "
            "Open it with the nnplay that made it, or take the version out to try it here."
        )
    return fields, problems
