"""The dialog for your own data: from a file, pasted, typed or drawn; what is in them, and what to predict."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from nnplay.data import hold, load
from nnplay.data.own import (
    BadTable,
    Column,
    Made,
    Recipe,
    Sheet,
    columns_of,
    guess,
    make,
    make_drawn,
    read_file,
    read_points,
    read_text,
)
from nnplay.data.own.columns import looks_like_classes
from nnplay.ui import session, visit
from nnplay.ui.own_data.drawing import drawing

SOURCES = {"file": "File", "paste": "Paste", "table": "Type", "draw": "Draw"}
TASKS = {"classes": "Which class", "regression": "How much (a number)"}
SHOWN_ROWS = 6
TYPED_ROWS = 12
# A table that can be typed in, with something in it to begin with.
TYPED = {"x1": ["0", "0", "1", "1"] * 3, "x2": ["0", "1"] * 6, "label": ["no", "yes", "yes", "no"] * 3}


@st.dialog("Your own data", width="large", on_dismiss=lambda: visit.open_own_data(False))
def dialog() -> None:
    """While it is open every run of the page calls this, or it would close."""
    source = st.segmented_control(
        "From", list(SOURCES), default="file", format_func=SOURCES.__getitem__, required=True,
        key="own_source", label_visibility="collapsed",
    )  # fmt: skip
    if source == "draw":
        left, right = st.columns([3, 2])
        with left:
            drawn = drawing()
        with right:
            _offer(lambda: _drawn(drawn))
    else:
        _offer(lambda: _from_table(str(source)))


def _offer(make: Callable[[], Made | None]) -> None:
    """What comes of the data, with a button that takes them; or what is wrong with them."""
    try:
        made = make()
    except BadTable as error:
        # Not as Markdown: parts of it are the person's own text.
        st.error("These data cannot be used yet.", icon=":material/error:")
        st.text(str(error))
        return
    if made is None:
        return
    _summary(made)
    if st.button("Use these data", type="primary", icon=":material/check:", key="own_use"):
        _use(made)
        st.rerun()


def _drawn(given: Any) -> Made | None:
    points = read_points(given)
    return make_drawn(points) if points else None


def _from_table(source: str) -> Made | None:
    sheet, title = SHEETS[source]()
    if sheet is None:
        return None
    columns = _columns(sheet)
    if source != "table":
        _preview(sheet)
        for note in sheet.notes:
            st.text(note)
    _describe(columns)
    return make(columns, _recipe(columns), title)


# ---- where a table comes from


def _file() -> tuple[Sheet | None, str]:
    given = st.file_uploader(
        "A table with a row for each sample: CSV, TSV or Excel (.xlsx), at most 5 MB", key="own_file"
    )
    if given is None:
        return None, ""
    kept: tuple[str, Sheet] | None = st.session_state.get(session.OWN_SHEET)
    if kept is None or kept[0] != given.file_id:
        kept = (given.file_id, read_file(given.getvalue(), given.name))
        st.session_state[session.OWN_SHEET] = kept
    return kept[1], f"Your data: {given.name[:40]}"


def _pasted() -> tuple[Sheet | None, str]:
    text = st.text_area(
        "Paste a table, from a spreadsheet for instance: its columns arrive separated by tabs",
        height=160, key="own_paste", placeholder="height,weight,kind\n1.2,40,cat\n…",
    )  # fmt: skip
    return (read_text(text), "Your data: pasted") if text.strip() else (None, "")


def _typed() -> tuple[Sheet | None, str]:
    import pandas as pd

    names = st.text_input("Columns, separated by commas", ", ".join(TYPED), key="own_columns")
    header = [name.strip() for name in names.split(",") if name.strip()]
    if len(set(header)) != len(header) or not 2 <= len(header) <= 12:
        raise BadTable("Name 2 to 12 different columns, separated by commas.")
    start = TYPED if header == list(TYPED) else {name: [""] * TYPED_ROWS for name in header}
    edited = st.data_editor(
        pd.DataFrame(start),
        num_rows="dynamic",
        hide_index=True,
        height=260,
        key=f"own_table_{'_'.join(header)}",
    )
    cells = edited.fillna("").astype(str)
    lines = ["\t".join(header), *("\t".join(map(_cell, row)) for row in cells.itertuples(index=False))]
    return read_text("\n".join(lines)), "Your data: typed"


def _cell(text: str) -> str:
    return '"' + " ".join(text.split()).replace('"', "'") + '"'


SHEETS = {"file": _file, "paste": _pasted, "table": _typed}


# ---- what is in it


def _columns(sheet: Sheet) -> tuple[Column, ...]:
    return columns_of(sheet)


def _preview(sheet: Sheet) -> None:
    st.dataframe(
        {name: [row[k] for row in sheet.rows[:SHOWN_ROWS]] for k, name in enumerate(sheet.header)},
        hide_index=True,
        height="content",
    )
    st.caption(f"{len(sheet.rows):,} rows, {len(sheet.header)} columns; the first {SHOWN_ROWS} are shown.")


def _describe(columns: tuple[Column, ...]) -> None:
    left_out = [column for column in columns if not column.usable]
    for column in left_out:
        st.text(f"Left out: {column.name} {column.reason}.")


def _recipe(columns: tuple[Column, ...]) -> Recipe:
    """What the person chooses, beginning with what is likely."""
    first = guess(columns)
    usable = [column.name for column in columns if column.usable]
    by_name = {column.name: column for column in columns}
    left, right = st.columns(2)
    with left:
        target = st.selectbox("To predict", usable, usable.index(first.target), key=_key("target", usable))
    likely = "classes" if looks_like_classes(by_name[target]) else "regression"
    with right:
        # Categories can be predicted as classes only.
        possible = ["classes"] if by_name[target].kind == "category" else list(TASKS)
        task: Any = st.segmented_control(
            "What is asked", possible, default=likely, format_func=TASKS.__getitem__, required=True,
            key=_key("task", [target, *possible]),
        )  # fmt: skip
    others = [name for name in usable if name != target]
    inputs = st.multiselect("From", others, others, key=_key("inputs", others))
    return Recipe(target, task, tuple(inputs))


def _key(name: str, options: list[str]) -> str:
    """A widget that has other options is another widget."""
    return f"own_{name}_{hash(tuple(options))}"


def _summary(made: Made) -> None:
    for note in made.notes:
        st.text(note)
    if made.balance:
        total = sum(made.balance.values())
        st.dataframe(
            {
                "Class": list(made.balance),
                "Rows": list(made.balance.values()),
                "Share": [count / total for count in made.balance.values()],
            },
            hide_index=True,
            height="content",
            column_config={"Share": st.column_config.ProgressColumn(format="percent", max_value=1)},
        )  # fmt: skip
    inputs = made.dataset.inputs
    scaled = "each shifted and scaled to mean 0, deviation 1" if made.dataset.standardize else "as shown"
    st.caption(f"{len(inputs)} {'input' if len(inputs) == 1 else 'inputs'}, {scaled}. {_split(made)}")


def _split(made: Made) -> str:
    """How many rows are learned from, by the sidebar's settings."""
    draft, dataset = visit.draft(), hold(made.dataset)
    split = load(dataset.name, test_fraction=draft.test_fraction, imbalance=draft.imbalance, seed=draft.seed)
    learned, kept = len(split.x_train), len(split.x_test)
    return (
        f"{learned:,} of the rows are learned from, {kept:,} kept for testing, drawn at random: "
        "*Test share*, in the sidebar."
    )


def _use(made: Made) -> None:
    """Put the dataset into the menu, choose it, and close."""
    dataset = visit.keep_own(made.dataset)
    visit.open_own_data(False)
    visit.start_with(data=dataset.name, samples=0, classes=visit.draft().classes)
