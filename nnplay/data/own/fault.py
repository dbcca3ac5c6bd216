"""What is wrong with a table, as a sentence that names row and column."""


class BadTable(ValueError):
    """A table that cannot be used as it is; the message says where, what is allowed and what to do."""


def quoted(text: object, most: int = 40) -> str:
    """A cell or a name as a message shows it: short, on one line, nothing invisible."""
    shown = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(text))
    return f"'{shown[: most - 1]}…'" if len(shown) > most else f"'{shown}'"
