"""What a run can be taken away as: code, tables, a link to its epoch. Made when asked for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from nnplay.experiment import link_to
from nnplay.export import CannotExport, data_csv, history_csv, notebook, script
from nnplay.jobs import Change, Moment, Run
from nnplay.ui import session

KEY = "export"


def export() -> None:
    """A popover; while it is closed nothing in it is computed."""
    place = st.popover("Code", icon=":material/code:", key=KEY, on_change="rerun", width="content")
    if place.open:
        with place:
            _inside(session.shown())


def _inside(shown: Run | Moment) -> None:
    experiment, epoch, changes = shown.origin, shown.epoch, changes_until(shown)
    upto = f"to epoch {epoch:,}, as shown" if epoch else f"to its {experiment.epochs:,} epochs"
    st.markdown(
        f"**The same in plain Keras**, {upto}: with the same data, initial weights and batches, so that it "
        "arrives at the same loss."
    )
    try:
        text = script(experiment, epochs=epoch, changes=changes)
    except CannotExport as error:
        st.caption(str(error))
        text = ""
    name = f"nnplay-{experiment.data}"
    if text:
        st.code(text, "python", height=320)
    with st.container(horizontal=True, gap="small"):
        if text:
            _save("Script", lambda: text, f"{name}.py", "text/x-python")
            made = partial(notebook, experiment, epochs=epoch, changes=changes)
            _save("Notebook", made, f"{name}.ipynb", "application/x-ipynb+json")
        _save("Data", partial(data_csv, experiment), f"{name}-data.csv", "text/csv")
        history = shown.history.until(epoch)
        if len(history):
            made = partial(history_csv, history.names, history.values)
            _save("History", made, f"{name}-history.csv", "text/csv")
    st.markdown(f"**A link to {'this epoch' if epoch else 'this experiment'}**")
    st.code(f"{_address()}?{link_to(experiment, epoch)}", None, wrap_lines=True)
    if changes:
        st.caption(
            "This run was changed on its way, which a link cannot hold: it leads to the run as it would have "
            "been without the changes."
        )
    elif epoch:
        st.caption("Opened, it trains from the same weights to this epoch, with the same loss, and pauses.")


def _save(label: str, made: Callable[[], str | bytes], name: str, mime: str) -> None:
    st.download_button(
        label, made, name, mime, icon=":material/download:", on_click="ignore", key=f"{KEY}_{label}"
    )  # fmt: skip


def changes_until(shown: Run | Moment) -> list[Change]:
    """The changes that the state shown has gone through."""
    return list(shown.changes[: shown.done] if isinstance(shown, Moment) else shown.changes)


def _address() -> str:
    """Where this page is, without what it is asked for."""
    return (st.context.url or "").partition("?")[0].partition("#")[0]
