"""Links and JSON as plain pairs of a setting's name and its value; what the pairs mean is not asked here."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from nnplay.experiment.error import ExperimentError, show

# A link holds only what differs from the defaults: whoever changes a default makes a new version.
LINK_VERSION = "1"
MAX_LINK_LENGTH = 4000
MAX_JSON_LENGTH = 20_000
MAX_PAIRS = 60


def write_link(values: Mapping[str, Any]) -> str:
    """The query string of these settings: the version first, then key=value."""
    texts = {"v": LINK_VERSION} | {name: write_value(value) for name, value in values.items()}
    return "&".join(f"{name}={quote(text, safe='-._~,:')}" for name, text in texts.items())


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
    encodes nothing stands for itself. Raises `ExperimentError` for a link that is too long.
    """
    if len(text) > MAX_LINK_LENGTH:
        raise ExperimentError(
            {"": f"A link may have {MAX_LINK_LENGTH:,} characters; this has {len(text):,}. Shorten it."}
        )
    text = text.strip().partition("#")[0]
    # An address without a question mark asks for nothing.
    query = text.partition("?")[2] if "?" in text or "://" in text else text
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
