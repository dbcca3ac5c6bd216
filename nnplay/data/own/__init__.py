"""A person's own table: bytes or text in, a `Dataset` out; every fault of the file is a sentence.

`read_file` and `read_text` make a `Sheet` (a header and rows of cells, all still texts), `columns_of` finds
out what each column is, a `Recipe` says what is made of them, and `make` makes a dataset that everything else
treats like one of the registry. Nothing is executed, written or kept beyond the object itself.
"""

from nnplay.data.own.columns import Column, columns_of
from nnplay.data.own.drawn import make_drawn, read_points
from nnplay.data.own.fault import BadTable
from nnplay.data.own.recipe import Made, Recipe, guess, make
from nnplay.data.own.saved import from_parts, parts_of
from nnplay.data.own.sheet import Sheet, read_file, read_text

__all__ = [
    "BadTable",
    "Column",
    "Made",
    "Recipe",
    "Sheet",
    "columns_of",
    "from_parts",
    "guess",
    "make",
    "make_drawn",
    "parts_of",
    "read_file",
    "read_points",
    "read_text",
]
