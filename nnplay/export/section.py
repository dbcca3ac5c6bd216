"""A part of a script: a heading, words on it, and its lines of Python."""

from dataclasses import dataclass


class CannotExport(ValueError):
    """What has no counterpart in a script."""


@dataclass(frozen=True)
class Section:
    """`words` stand above the code: comments in a script, text in a notebook."""

    title: str
    words: str
    code: str


def call(function: str, *arguments: object, **named: object) -> str:
    """`function(1, name="x")`: arguments that are `Code` as they are, all others by their `repr`."""
    given = [_written(value) for value in arguments]
    given += [f"{name}={_written(value)}" for name, value in named.items() if value is not None]
    return f"{function}({', '.join(given)})"


class Code(str):
    """A piece of Python, to be written as it is."""

    __slots__ = ()


def _written(value: object) -> str:
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, list | tuple):
        inner = ", ".join(_written(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    # As ruff would have it.
    return f'"{value}"' if isinstance(value, str) else repr(value)


def wrapped(line: str, *, tail: str = "", width: int = 100) -> str:
    """The line with `tail`; one that is too long as ruff would have it, its arguments a line lower."""
    start = line.find("(") if "(" in line and not line.rstrip().endswith("]") else line.find("[")
    if len(line + tail) <= width or start < 0 or line[-1] not in ")]":
        return line + tail
    indent = " " * (len(line) - len(line.lstrip()))
    arguments = split_arguments(line[start + 1 : -1])
    inner = f"{indent}    {', '.join(arguments)}"
    if len(inner) > width or len(arguments) == 1:
        inner = "\n".join(wrapped(f"{indent}    {part}", tail=",", width=width) for part in arguments)
        if len(arguments) == 1 and "\n" not in inner:
            inner = inner.removesuffix(",")
    return f"{line[: start + 1]}\n{inner}\n{indent}{line[-1]}{tail}"


def split_arguments(text: str) -> list[str]:
    """The arguments in the text of a call: cut at the commas outside all brackets and quotes."""
    depth, quoted, start = 0, False, 0
    parts = []
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += (sign in "([{") - (sign in ")]}")
            if sign == "," and depth == 0:
                parts.append(text[start:place].strip())
                start = place + 1
    return [*parts, *([last] if (last := text[start:].strip()) else [])]


def spaced(code: str) -> str:
    """The code with two empty lines around each function and class at its top level, as ruff has them."""
    lines: list[str] = []
    inside = False
    for line in code.splitlines():
        starts = line.startswith(("def ", "class "))
        if line and not line[0].isspace() and (starts or inside) and lines:
            while lines and not lines[-1]:
                lines.pop()
            lines += ["", ""]
        if line and not line[0].isspace():
            inside = starts
        lines.append(line)
    return "\n".join(lines).strip("\n")
