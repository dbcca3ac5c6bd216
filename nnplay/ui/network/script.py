"""The picture's JavaScript modules as one text, for a component that takes its script inline."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent
# Each imports only from those before it.
MODULES = (
    "activations", "forward", "statistics", "colors", "layout", "maps", "drawing", "pointer", "words", "card",
    "controls", "picture", "main",
)  # fmt: skip
IMPORT = re.compile(r'^import \{[^}]*\} from "\./(\w+)\.js";\n', re.MULTILINE)


def script(*, until: str = MODULES[-1]) -> str:
    """The modules up to and including `until` in one scope, without their imports and exports."""
    names = MODULES[: MODULES.index(until) + 1]
    texts = [(FOLDER / f"{name}.js").read_text("utf-8") for name in names]
    return "\n".join(re.sub(r"^export (?!default)", "", IMPORT.sub("", text), flags=re.M) for text in texts)
