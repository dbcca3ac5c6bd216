"""What was measured of each example's first variant, for the gallery's cards, by `docs/make_gallery.py`."""

import base64
import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).parent / "measured.json"


@dataclass(frozen=True)
class Measured:
    """`link`: the experiment that was run; `words`: what came of it; `holds`: whether the claim did.

    `lines`: by name, values over the run, evenly thinned, the last being that of epoch `epochs`. `grid`:
    (side, side) bytes as base64, the output over the plane or the shares of a confusion matrix; "" where
    there is none. `points`: (x, y, class) of some training samples, x and y from 0 to 1.
    """

    link: str
    words: str
    holds: bool
    epochs: int
    lines: dict[str, list[float | None]] = field(default_factory=dict)
    grid: str = ""
    points: list[list[float]] = field(default_factory=list)

    @property
    def table(self) -> np.ndarray:
        """The grid, (side, side) from 0 to 1."""
        values = np.frombuffer(base64.b64decode(self.grid), np.uint8)
        side = round(len(values) ** 0.5)
        return values.reshape(side, side) / 255


def pack(table: np.ndarray) -> str:
    """A table (side, side) of values from 0 to 1 as `Measured` holds it."""
    return base64.b64encode(np.round(table.clip(0, 1) * 255).astype(np.uint8).tobytes()).decode()


@lru_cache(maxsize=1)
def all_measured() -> dict[str, Measured]:
    """By the examples' names."""
    return {name: Measured(**fields) for name, fields in json.loads(FILE.read_text("utf-8")).items()}


def write(measured: dict[str, Measured]) -> None:
    """Put them into the file."""
    found: dict[str, Any] = {name: asdict(one) for name, one in measured.items()}
    # A line an example, so that a change shows as one.
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(one, separators=(',', ':'), ensure_ascii=False)}"
        for name, one in found.items()
    )
    FILE.write_text(f"{{\n{lines}\n}}\n", "utf-8")
