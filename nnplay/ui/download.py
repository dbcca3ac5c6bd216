"""What is drawn, as a CSV file."""

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st

Columns = Mapping[str, np.ndarray]


def download(name: str, columns: Columns | Callable[[], Columns]) -> None:
    """A button that saves columns of equal length; a function is asked for them when it is pressed."""
    st.download_button(
        "Data as CSV",
        # Made when the button is pressed, not at every redraw.
        lambda: as_csv(columns() if callable(columns) else columns),
        name,
        "text/csv",
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
        key=name,
    )


def as_csv(columns: Mapping[str, np.ndarray]) -> str:
    """Comma-separated, a heading line first, numbers as short as they are exact; missing ones are empty."""
    rows = [",".join(columns)]
    for row in zip(*columns.values(), strict=True):
        rows.append(",".join(_cell(value) for value in row))
    return "\n".join(rows) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None or not np.isfinite(value):  # type: ignore[call-overload]
        return ""
    return str(np.asarray(value).item() if not isinstance(value, np.float32) else str(value))
