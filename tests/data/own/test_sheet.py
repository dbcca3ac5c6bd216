"""Files of every kind: good ones are read, bad ones answered with a sentence that says where and what."""

import gzip
import io
import tracemalloc
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.data.own import BadTable, columns_of, guess, make, read_file, read_text
from nnplay.data.own.sheet import MOST_BYTES, MOST_COLUMNS, MOST_ROWS

FRAME = pd.DataFrame(
    {
        "height": np.linspace(1.5, 2.5, 30).round(3),
        "weight": np.linspace(-40, 90, 30).round(3),
        "kind": ["cat", "dog", "cow"] * 10,
    }
)


def made_of(content: bytes):
    columns = columns_of(read_file(content))
    return make(columns, guess(columns), "mine")


def excel(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=False)
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return buffer.getvalue()


def bomb() -> bytes:
    """An Excel file of some kilobytes that unpacks to 60 MB."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<x/>")
        file.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return buffer.getvalue()


GOOD = {
    "comma": FRAME.to_csv(index=False).encode(),
    "tab": FRAME.to_csv(index=False, sep="\t").encode(),
    "semicolon, decimal comma": FRAME.to_csv(index=False, sep=";", decimal=",").encode(),
    "bar": FRAME.to_csv(index=False, sep="|").encode(),
    "byte order mark": b"\xef\xbb\xbf" + FRAME.to_csv(index=False).encode(),
    "utf-16": FRAME.to_csv(index=False).encode("utf-16"),
    "windows line ends": FRAME.to_csv(index=False, lineterminator="\r\n").encode(),
    "old mac line ends": FRAME.to_csv(index=False, lineterminator="\r").encode(),
    "quotes": FRAME.to_csv(index=False, quoting=1).encode(),
    "blank lines": FRAME.to_csv(index=False).replace("\n", "\n\n").encode(),
    "excel": excel(FRAME),
}


@pytest.mark.parametrize("content", GOOD.values(), ids=list(GOOD))
def test_the_same_table_in_every_writing(content: bytes) -> None:
    columns = columns_of(read_file(content))
    assert [column.name for column in columns] == list(FRAME.columns)
    for name in ("height", "weight"):
        values = next(column.values for column in columns if column.name == name)
        np.testing.assert_allclose(values, FRAME[name])
    kind = columns[2]
    assert [kind.categories[int(value)] for value in kind.values] == FRAME["kind"].tolist()


def test_another_code_page_is_said() -> None:
    text = FRAME.to_csv(index=False).replace("kind", "Größe").replace("cow", "Kühe")
    sheet = read_file(text.encode("cp1252"))
    assert sheet.header[2] == "Größe" and any("Windows-1252" in note for note in sheet.notes)


def test_without_a_header_columns_are_counted() -> None:
    sheet = read_text("1,2\n3,4\n")
    assert sheet.header == ("column 1", "column 2") and len(sheet.rows) == 2


ROWS = "".join(f"{k},{k % 3},{'ab'[k % 2]}\n" for k in range(20))

# What is given, and what its sentence must have in it.
BAD: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ("empty",)),
    "white": (b" \n\t\n", ("empty",)),
    "one column": (b"a\n1\n2\n3\n", ("only one column", "'a'")),
    "header only": (b"a,b,c\n", ("no row",)),
    "too few rows": (b"a,b\n1,2\n3,1\n4,2\n", ("rows",)),
    "one class": (b"a,b,c\n" + b"1,2,x\n" * 20, ("the same everywhere",)),
    "constant columns": (b"a,b\n" + b"1,2\n" * 20, ("'a' is the same everywhere",)),
    "constant inputs": (b"a,y\n" + b"1,0\n1,1\n" * 10, ("Only column 'y'",)),
    "text among numbers": (f"a,b,c\n{ROWS}oops,1,a\n".encode(), ("Row 22", "'a'", "'oops'")),
    "a number too many": (f"a,b,c\n{ROWS}1,2,a,4\n".encode(), ("Row 22 has 4 cells", "(row 1) has 3")),
    "a cell too few": (f"a,b,c\n{ROWS}1,2\n".encode(), ("Row 22 has 2 cells",)),
    "infinity": (f"a,b,c\n{ROWS}inf,2,a\n".encode(), ("Row 22", "'inf'", "too large")),
    "overflow": (f"a,b,c\n{ROWS}1e999,2,a\n".encode(), ("Row 22", "'1e999'")),
    "same header twice": (b"a,b,a\n1,2,3\n", ("Columns 1 and 3", "'a'")),
    "same header after shortening": (b"h" * 70 + b"," + b"h" * 80 + b"\n1,2\n", ("Columns 1 and 2",)),
    "open quotation": (b'a,b\n"1,2\n' + b"3,4\n" * 2000, ("quotation mark",)),
    "long cell": (b"a,b\n" + b"x" * 5000 + b",2\n", ("Row 2", "2,000 characters")),
    "too many bytes": (b"1,2\n" * (MOST_BYTES // 4 + 1), ("5.0 MB", "at most 5 MB")),
    "too many rows": (b"a,b\n" + b"1,2\n" * (MOST_ROWS + 5), ("20,000 rows",)),
    "too many columns": (b",".join(b"c%d" % k for k in range(MOST_COLUMNS + 1)) + b"\n", ("201 columns",)),
    "zero bytes": (b"a,b\n1,2\x00\n", ("byte 8 is zero",)),
    "broken utf-16": (b"\xff\xfea\x00,\xd8\x00", ("UTF-16",)),
    "gzip": (gzip.compress(ROWS.encode()), ("gzip", "unpack")),
    "bzip2": (b"BZh91AY", ("bzip2",)),
    "zip of a table": (zipped("a.csv", ROWS.encode()), ("zip", "Unpack")),
    "broken zip": (b"PK\x03\x04nothing", ("broken",)),
    "broken excel": (zipped("[Content_Types].xml", b"") + b"", ("zip",)),
    "excel of nothing": (
        (lambda b: b)(excel(pd.DataFrame())),
        ("empty",),
    ),
    "zip bomb": (bomb(), ("60 MB", "at most 50 MB")),
    "old excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (".xls",)),
    "pdf": (b"%PDF-1.7", ("a PDF",)),
    "picture": (b"\x89PNG\r\n\x1a\n", ("a picture",)),
    "numpy": (b"\x93NUMPY\x01\x00", ("NumPy",)),
    "program": (b"\x7fELF\x02\x01", ("a program",)),
    "pickle": (b"\x80\x04\x95\x00\x00", ("zero",)),
    "web page": (b"<html><body>not a table</body></html>", ("only one column",)),
    "json": (b'{"a": 1}', ("only one column",)),
    "texts only": (
        b"a,b\n" + b"".join(b"t%d,u%d\n" % (k, k) for k in range(40)),
        ("more than 20 different texts",),
    ),
    "rare classes": (b"a,y\n" + b"".join(b"%d,%s\n" % (k, b"abcdefgh"[k % 8 : k % 8 + 1]) for k in range(16)),
        ("no classes with at least 4",)),
    "all missing": (b"a,b,c\n" + b",NA,?\n" * 20, ("empty",)),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), BAD.values(), ids=list(BAD))
def test_bad_files_get_their_sentence(content: bytes, said: tuple[str, ...]) -> None:
    with pytest.raises(BadTable) as caught:
        made_of(content)
    message = str(caught.value)
    assert all(part in message for part in said), message
    assert message.endswith(".") and len(message) < 400 and message.isprintable()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_break_it(content: bytes) -> None:
    try:
        made_of(content)
    except BadTable as error:
        assert str(error)


CELLS = st.one_of(
    st.integers(-5, 5).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.sampled_from(["", "NA", "a", "b", "1,5", '"', "=1+1", "x" * 50, "\u202e", "🦉", "-", "1e400"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=40), st.sampled_from(",;\t|"))
def test_random_tables_become_data_or_a_sentence(rows: list[list[str]], separator: str) -> None:
    text = "\n".join(separator.join(f'"{cell}"'.replace('"""', '""""') for cell in row) for row in rows)
    try:
        made = made_of(text.encode("utf-8", "replace"))
    except BadTable as error:
        assert str(error)
        return
    dataset = made.dataset
    positions, targets = dataset.make(
        10**9, seed=1, label_noise=0.0, position_noise=0.0, classes=dataset.classes
    )
    assert np.isfinite(positions).all() and np.isfinite(targets).all()
    assert positions.shape == (len(targets), len(dataset.inputs))


def test_the_largest_table_takes_bounded_memory() -> None:
    row = b",".join(b"%d" % k for k in range(10)) + b"\n"
    content = b",".join(b"c%d" % k for k in range(10)) + b"\n" + row * (MOST_ROWS - 1)
    tracemalloc.start()
    columns_of(read_file(content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Some sixty bytes a cell while they are texts.
    assert peak < 150e6
