"""Which Markdown a task may hold: no raw HTML, no pictures, links to https addresses only.

A text that holds something else is refused with a sentence, not mended: what stays is safe in any renderer.
"""

import re

from nnplay.experiment.error import show

MOST_TITLE = 80
MOST_TEXT = 1500
MOST_LINES = 40

HTML = re.compile(r"<[A-Za-z/!?]")
PICTURE = re.compile(r"!\s*\[")
# The target of a link, and all that may follow "](" but for its end.
TARGET = re.compile(
    r"https://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+)?(?:[/?#][A-Za-z0-9._~:/?#@!$&*+,;=%-]*)?\)"
)
# What renderers make into a link by itself.
BARE = re.compile(r"(?<!https://)\bwww\.|\b(?!https:)[a-z][a-z0-9+.-]*:/?/|mailto:|xmpp:", re.IGNORECASE)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w")
# What could load or open something from within a formula.
FORMULA = re.compile(r"\\(?:href|url|includegraphics|html\w*)", re.IGNORECASE)
SCRIPT = re.compile(r"javascript:|vbscript:|data:[a-z]+/", re.IGNORECASE)
HTTPS = "Links in the task lead to https addresses alone, as in [words](https://example.org)"


def check_title(text: str) -> str:
    """A title: one line of plain text. Raises ValueError."""
    text = " ".join(text.split())
    if len(text) > MOST_TITLE:
        raise ValueError(f"The title may have {MOST_TITLE} characters; this has {len(text)}. Shorten it.")
    _printable(text, "title")
    return text


def check_text(text: str) -> str:
    """The task in Markdown. Raises ValueError."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > MOST_TEXT:
        raise ValueError(f"The task may have {MOST_TEXT:,} characters; this has {len(text):,}. Shorten it.")
    if (lines := text.count("\n") + 1) > MOST_LINES:
        raise ValueError(f"The task may have {MOST_LINES} lines; this has {lines}. Shorten it.")
    _printable(text.replace("\n", " "), "task")
    if found := HTML.search(text):
        raise ValueError(
            f"The task may hold no HTML: {_around(text, found)}. Use Markdown, and write a space after <."
        )
    if found := PICTURE.search(text):
        raise ValueError(f"The task may hold no pictures: {_around(text, found)}. Take it out.")
    for found in re.finditer(r"\]\s*[(]", text):
        if not found.group() == "](" or not TARGET.match(text, found.end()):
            raise ValueError(f"{HTTPS}: {_around(text, found)}.")
    if found := re.search(r"\]\s*[:[]", text):
        raise ValueError(
            "Links in the task are written [words](https://example.org), in one place: "
            f"{_around(text, found)}."
        )
    for pattern in (BARE, EMAIL, SCRIPT, FORMULA):
        if found := pattern.search(text):
            raise ValueError(f"{HTTPS}: {_around(text, found)}.")
    return text


def plain(text: str) -> str:
    """Any text as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~$:@&^=])", r"\\\1", text)


def _printable(text: str, what: str) -> None:
    bad = next((char for char in text if not char.isprintable()), None)
    if bad is not None:
        raise ValueError(f"The {what} holds a character that cannot be shown: {show(bad)}. Take it out.")


def _around(text: str, found: re.Match[str]) -> str:
    return show(text[max(0, found.start() - 10) : found.end() + 25])
