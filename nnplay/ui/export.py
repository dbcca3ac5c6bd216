"""What a run can be taken away as: code, tables, everything in a zip. Made when asked for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from nnplay.export import CannotExport, changes_until, data_csv, everything, history_csv, notebook, script
from nnplay.figures import Spec
from nnplay.jobs import Moment, Run
from nnplay.ui import server, visit
from nnplay.ui.live import curve_figures
from nnplay.ui.result.registry import fitting
from nnplay.ui.result.view import Look

KEY = "export"


def export() -> None:
    """A popover; while it is closed nothing in it is computed."""
    place = st.popover(
        "Code", icon=":material/code:", type="tertiary", key=KEY, on_change="rerun", width="content"
    )
    if place.open:
        with place:
            _inside(visit.shown())


def _inside(shown: Run | Moment) -> None:
    run, name = visit.run(), f"nnplay-{shown.origin.data}"
    if not run.opened:
        _code(shown, run, name)
    with st.container(horizontal=True, gap="small"):
        experiment, history = shown.experiment, shown.history.until(shown.epoch)
        _save("Data", partial(data_csv, experiment), "data.csv", "text/csv")
        if len(history):
            made = partial(history_csv, history.names, history.values)
            _save("History", made, f"{name}-history.csv", "text/csv")
        if shown.state is not None:
            # Drawn now, by what the session knows; packed and compressed when the button is pressed.
            figures = _figures(shown)
            made_all = partial(everything, server.runs(), shown, run, figures)
            _save("Everything", made_all, f"{name}-{shown.epoch}.zip", "application/zip")
    st.caption(
        "Everything: one zip with the above, the model for Keras, its weights, the figures and a film of the "
        "training as pages of their own. *Open a link*, in the sidebar, opens it again."
    )


def _code(shown: Run | Moment, run: Run, name: str) -> None:
    experiment, epoch, changes = run.first, shown.epoch, changes_until(shown)
    upto = f"to epoch {epoch:,}, as shown" if epoch else f"to its {experiment.epochs:,} epochs"
    try:
        text = script(experiment, epochs=epoch, changes=changes)
    except CannotExport as error:
        st.caption(str(error))
        return
    st.markdown(
        f"**The same in plain Keras**, {upto}: with the same data, initial weights and batches, so that it "
        "arrives at the same loss."
    )
    st.code(text, "python", height=320)
    with st.container(horizontal=True, gap="small"):
        _save("Script", lambda: text, f"{name}.py", "text/x-python")
        made = partial(notebook, experiment, epochs=epoch, changes=changes)
        _save("Notebook", made, f"{name}.ipynb", "application/x-ipynb+json")


def _figures(shown: Run | Moment) -> dict[str, Spec]:
    """What is on show, drawn for a light page, by the names that it has there."""
    look = Look()
    views = fitting(shown.origin).values()
    found = {view.label: view.draw(shown, look) for view in views if view.is_measured(shown)}
    return found | {name.capitalize(): spec for name, spec in curve_figures(shown, dark=False).items()}


def _save(label: str, made: Callable[[], str | bytes], name: str, mime: str) -> None:
    st.download_button(
        label, made, name, mime, icon=":material/download:", on_click="ignore", key=f"{KEY}_{label}"
    )  # fmt: skip
