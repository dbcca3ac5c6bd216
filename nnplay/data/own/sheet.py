"""From a file's bytes, or pasted text, to a header and rows of cells.

Comma, semicolon, tab and bar as separators; UTF-8, UTF-16 and Windows' Western code page; Excel's .xlsx. All
sizes are capped before anything is made of them.
"""

import csv
import io
import math
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from nnplay.data.own.fault import BadTable, quoted

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELL = 2_000  # characters
MOST_NAME = 60
MOST_UNPACKED = 50_000_000  # bytes of a workbook's parts together
SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# What stands for no value, in small letters.
MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "#n/a"})

# What a file that is no table begins with.
SIGNATURES = {
    b"\x1f\x8b": "compressed (gzip)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ": "compressed (xz)",
    b"7z\xbc\xaf": "compressed (7z)",
    b"Rar!": "compressed (rar)",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file (.xls, .doc)",
    b"PAR1": "a Parquet file",
    b"\x89HDF": "an HDF5 file",
    b"\x93NUMPY": "a NumPy file",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
# The csv module's own limit, for the whole process: nothing else here reads larger cells.
csv.field_size_limit(MOST_CELL)
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """`header`: the columns' names, all different. `rows`: cells, each row as long as the header.

    `lines`: of each row the number that a spreadsheet or an editor shows beside it. `decimal_comma`: whether
    numbers are written 1,5. `notes`: what was decided, in sentences.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    decimal_comma: bool
    notes: tuple[str, ...]


def read_file(content: bytes, name: str = "") -> Sheet:
    """Read a file. Raises `BadTable`."""
    if len(content) > MOST_BYTES:
        raise BadTable(
            f"The file has {len(content) / 1e6:.1f} MB; at most {MOST_BYTES / 1e6:g} MB are read. "
            "Leave out rows or columns."
        )
    if not content.strip():
        raise BadTable("The file is empty. Give a table with a header and at least ten rows.")
    if content[:2] == b"PK":
        return _sheet(_workbook(content), decimal_comma=False, notes=[])
    for signature, kind in SIGNATURES.items():
        if content.startswith(signature):
            raise BadTable(
                f"This is {kind}, not a table. Give a text file of rows (CSV or TSV) or an Excel file (.xlsx)"
                + ("; unpack it first." if "compressed" in kind else ".")
            )
    text, notes = _decoded(content)
    return _read(text, notes)


def read_text(text: str) -> Sheet:
    """Read what was pasted, from a spreadsheet for instance. Raises `BadTable`."""
    if len(text) > MOST_BYTES:
        raise BadTable(
            f"The text has {len(text):,} characters; at most {MOST_BYTES:,} are read. Leave out rows or "
            "columns."
        )
    if not text.strip():
        raise BadTable("There is nothing in it. Paste a table with a header and at least ten rows.")
    return _read(text.removeprefix("\ufeff"), [])


def is_missing(cell: str) -> bool:
    """Whether a cell stands for no value."""
    return cell.lower() in MISSING


def number(cell: str, *, decimal_comma: bool = False) -> float | None:
    """The number that a cell holds, infinities included; None where it is no number."""
    if decimal_comma:
        cell = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell
    if NUMBER.fullmatch(cell):
        return float(cell)
    if INFINITE.fullmatch(cell):
        return -math.inf if cell.startswith("-") else math.inf
    return None


# ---- bytes to text


def _decoded(content: bytes) -> tuple[str, list[str]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return content.decode("utf-16"), []
        except UnicodeDecodeError:
            raise BadTable("The file begins like UTF-16 but is none. Save it as UTF-8.") from None
    if b"\x00" in content:
        where = content.index(b"\x00")
        raise BadTable(
            f"This is no text: byte {where + 1} is zero. Give a text file of rows (CSV or TSV) or an Excel "
            "file (.xlsx)."
        )
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        return text, ["Read as Western European text (Windows-1252), since it is not UTF-8."]


# ---- text to cells


def _read(text: str, notes: list[str]) -> Sheet:
    separator = _separator(text)
    lines = list(islice(_cells(text, separator), MOST_ROWS + 2))
    comma = separator != "," and _decimal_comma(cells for _, cells in lines)
    notes = [*notes, f"Cells are separated by {SEPARATORS[separator]}s" + (", 1,5 is 1.5." if comma else ".")]
    return _sheet(lines, decimal_comma=comma, notes=notes)


def _cells(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of each row that is not empty. Raises `BadTable`."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise BadTable(
                f"Row {line} has a cell of more than {MOST_CELL:,} characters, or a quotation mark that "
                "is never "
                "closed. Give numbers and short names."
            ) from None
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells
        line = reader.line_num + 1


def _separator(text: str) -> str:
    """The separator that cuts most of the first rows into the same number of cells, more than one."""
    start = "\n".join(text.splitlines()[:100])
    best, found = 0.0, ","
    for separator in SEPARATORS:
        try:
            counts = Counter(len(cells) for _, cells in _cells(start, separator))
        except BadTable:
            continue
        (width, rows), total = (counts.most_common(1) or [(1, 0)])[0], sum(counts.values())
        # The more rows agree the better, then the more cells.
        score = rows / max(1, total) + width / 1e6 if width > 1 else 0.0
        if score > best:
            best, found = score, separator
    return found


def _decimal_comma(rows: Iterable[list[str]]) -> bool:
    cells = [cell for row in islice(rows, 200) for cell in row]
    commas = sum(bool(re.fullmatch(r"[+-]?\d*,\d+", cell)) for cell in cells)
    points = sum(bool(re.fullmatch(r"[+-]?\d*\.\d+", cell)) for cell in cells)
    return commas > points


def _workbook(content: bytes) -> list[tuple[int, list[str]]]:
    """The rows of an Excel file's first sheet, formulas as their last values. Raises `BadTable`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            size, names = sum(part.file_size for part in parts.infolist()), set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise BadTable("The file begins like an Excel file or a zip but is broken. Save it again.") from None
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise BadTable(
            "This is a zip, not a table. Unpack it, and give one file of rows (CSV, TSV or .xlsx)."
        )
    if size > MOST_UNPACKED:
        raise BadTable(
            f"Unpacked, the Excel file would have {size / 1e6:,.0f} MB; at most {MOST_UNPACKED / 1e6:g} "
            "MB are read. "
            "Leave out rows, columns and pictures."
        )
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()
        rows = page.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True)
        found = [(line, [_excel_cell(value) for value in row]) for line, row in enumerate(rows, 1)]
        book.close()
    except Exception:  # whatever a broken workbook makes its reader raise
        raise BadTable("The Excel file cannot be read. Save its table as CSV, and give that.") from None
    found = [(line, cells) for line, cells in found if any(cells)]
    width = max((_last(cells) for _, cells in found), default=0)
    return [(line, (cells + [""] * width)[:width]) for line, cells in found]


def _excel_cell(value: object) -> str:
    return (
        ""
        if value is None
        else str(int(value))
        if isinstance(value, bool)
        else str(value)[:MOST_CELL].strip()
    )


def _last(cells: list[str]) -> int:
    return max((place for place, cell in enumerate(cells, 1) if cell), default=0)


# ---- cells to a sheet


def _sheet(lines: list[tuple[int, list[str]]], *, decimal_comma: bool, notes: list[str]) -> Sheet:
    if not lines:
        raise BadTable("The table is empty. Give one with a header and at least ten rows.")
    if len(lines) > MOST_ROWS + 1:
        raise BadTable(f"The table has more than {MOST_ROWS:,} rows, which is the most. Leave out some.")
    first_line, first = lines[0]
    width = len(first)
    if width > MOST_COLUMNS:
        raise BadTable(f"The table has {width:,} columns; at most {MOST_COLUMNS} are read. Leave out some.")
    if width < 2:
        separators = ", ".join(SEPARATORS.values())
        raise BadTable(
            f"There is only one column ({quoted(first[0])}). A table needs at least two, one of them to "
            "predict; "
            f"separate them by one of: {separators}."
        )
    for line, cells in lines:
        if len(cells) != width:
            # A separator at the end of every row makes a last column of nothing.
            raise BadTable(
                f"Row {line} has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, but the first row "
                f"(row {first_line}) has {width}. Give every row as many cells, and put cells that "
                "contain the separator in quotation marks."
            )
    if all(is_missing(cell) or number(cell, decimal_comma=decimal_comma) is not None for cell in first):
        header, body = tuple(f"column {place}" for place in range(1, width + 1)), lines
        notes = [*notes, "There is no header: the first row holds numbers. Columns are counted."]
    else:
        header = tuple(
            " ".join(cell.split())[:MOST_NAME] or f"column {place}" for place, cell in enumerate(first, 1)
        )
        body = lines[1:]
    for place, name in enumerate(header):
        if name in header[:place]:
            raise BadTable(
                f"Columns {header.index(name) + 1} and {place + 1} are both called {quoted(name)}. "
                "Rename one of them."
            )
    if not body:
        raise BadTable("There is a header but no row under it. Give at least ten rows.")
    rows = tuple(tuple(cells) for _, cells in body)
    return Sheet(header, rows, tuple(line for line, _ in body), decimal_comma, tuple(notes))
