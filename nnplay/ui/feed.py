"""All that moves on a page in one message a tick: named parts, each shown where its place is."""

import json
from collections.abc import Callable, Mapping, Sequence

from nnplay.ui.browser import component, install

# Not displayed, so that it takes no room and no gap in the layout.
HIDDEN = ".stElementContainer:has(.nnplay-feed) { display: none }"
NUMBERS = """
.nnplay-numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.2rem, 1fr)) }
.nnplay-numbers { gap: .25rem .75rem; margin: 0; min-height: 3.3rem }
.nnplay-numbers { color: var(--st-text-color) }
.nnplay-numbers dt { font-size: .8rem; opacity: .7; font-weight: 400 }
.nnplay-numbers dd { margin: 0; font-size: 1.35rem; line-height: 1.3; font-variant-numeric: tabular-nums }
.nnplay-numbers dd { white-space: nowrap }
"""
SENTENCES = """
.nnplay-sentences { color: var(--st-text-color); font-size: .95rem; line-height: 1.45; min-height: 4.4rem }
.nnplay-sentences p { margin: 0 0 .5rem }
.nnplay-sentences p:last-child { opacity: .65; font-size: .85rem }
"""

# Two lines are kept free, so that nothing below moves when a sentence grows.
WORDS = """
.nnplay-words { font-size: .875rem; line-height: 1.4; min-height: 2.8em; margin: 0 }
.nnplay-words { color: var(--st-text-color) }
"""

_feed = component("feed", html='<i class="nnplay-feed"></i>', css=HIDDEN, isolate_styles=False)
_numbers = component("numbers", html='<dl class="nnplay-numbers"></dl>', css=NUMBERS)
_sentences = component("sentences", html='<div class="nnplay-sentences"></div>', css=SENTENCES)
_words = component("words", html='<p class="nnplay-words"></p>', css=WORDS)


def feed(
    parts: Mapping[str, bytes],
    *,
    key: str,
    stream: str = "",
    turn: int = 0,
    on_again: Callable[[], None] = lambda: None,
) -> None:
    """Bring each part to its place: a `chart_place`, a `numbers_place`, a `network_place`, a `timeline`.

    `stream`: the name of one that brings more between the runs of the script; `turn`: see `feed_bytes`;
    `on_again`: called before the script runs because the stream said so, or was not to be had.
    """
    _feed(data=feed_bytes(parts, stream=stream, turn=turn), key=key, on_again_change=on_again)


def numbers_place(name: str) -> None:
    """Where the labelled numbers of the part `name` are shown; as many a row as fit."""
    install()
    _numbers(data={"place": name}, key=name)


def sentences_place(name: str) -> None:
    """Where the sentences of the part `name` are shown, the last one quieter than the others."""
    install()
    _sentences(data={"place": name}, key=name)


def sentence_bytes(texts: Sequence[str]) -> bytes:
    """Sentences for their place."""
    return json.dumps(list(texts)).encode()


def words_place(name: str) -> None:
    """Where the part `name`, a text in UTF-8, is shown on two lines."""
    install()
    _words(data={"place": name}, key=name)


def number_bytes(values: Mapping[str, str]) -> bytes:
    """Labels and values for their place."""
    return json.dumps(values).encode()


def feed_bytes(parts: Mapping[str, bytes], *, stream: str = "", again: bool = False, turn: int = 0) -> bytes:
    """A line of JSON with the lengths of the parts by name, then the parts.

    `stream`: which one to listen to; `again`: whether the page's script is to run again; `turn`: number of
    the script's run that it was made for, where what comes too late must not overwrite what is newer.
    """
    head: dict[str, object] = {"parts": {name: len(part) for name, part in parts.items()}}
    head |= {"stream": stream} if stream else {}
    head |= {"again": True} if again else {}
    head |= {"turn": turn} if turn else {}
    return b"".join([json.dumps(head, separators=(",", ":")).encode(), b"\n", *parts.values()])
