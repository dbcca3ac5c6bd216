"""Start, cancel, and what is said before and meanwhile."""

import logging
import os
import threading
import time

import streamlit as st

from nnplay import data as datasets
from nnplay.jobs import Runs
from nnplay.sweep import Plan, Sweep, Sweeps
from nnplay.sweep.cluster import VARIABLE, NoCluster, open_cluster
from nnplay.sweep.terminal import duration
from nnplay.ui import server, session, visit
from nnplay.ui.sweep.chosen import base, plan

log = logging.getLogger(__name__)

SAID = 6
# Looking for a cluster that is not there takes ten seconds: not at every click.
AGAIN_SECONDS = 60.0
_finding = threading.Lock()


def sweeps_here() -> Sweeps:
    """The sweeps on this server's own workers, which the pages' runs have, too."""
    return _sweeps_of(server.runs())


@st.cache_resource(show_spinner=False, hash_funcs={Runs: id})
def _sweeps_of(runs: Runs) -> Sweeps:
    return Sweeps(runs.lanes, runs.settings, going=lambda: runs.going_by_lane, tidy_every=1.0)


def _close(sweeps: Sweeps) -> None:
    try:
        sweeps.close()
    except Exception:
        # Its scheduler has gone, or it would not be replaced: no fault of the visit that finds another.
        log.warning("A cluster could not be closed.", exc_info=True)


@st.cache_resource(show_spinner="Looking for the cluster…", on_release=_close)
def _cluster(address: str) -> Sweeps:
    # A failure is raised, and so not kept: the cluster may be there the next time.
    return open_cluster(address, server.runs().settings, tidy_every=1.0)


@st.cache_resource(show_spinner=False)
def _failures() -> dict[str, tuple[float, str]]:
    """When a cluster was looked for in vain, and why."""
    return {}


def _found(address: str) -> tuple[Sweeps | None, str]:
    """The cluster; or why there is none, which is looked into again after a while."""
    # One visit after the other: what one has just found is not taken for the lost one by the next.
    with _finding:
        when, why = _failures().get(address, (-AGAIN_SECONDS, ""))
        if time.monotonic() - when < AGAIN_SECONDS:
            return None, why
        try:
            if not _cluster(address).alive():
                # Its scheduler has gone; there may be another at the same place.
                _cluster.clear(address)
            return _cluster(address), ""
        except NoCluster as error:
            _failures()[address] = time.monotonic(), str(error)
            return None, str(error)


def sweeps() -> tuple[Sweeps, str]:
    """Where a sweep is trained: the cluster that the environment names, or here; and why not there."""
    address = os.environ.get(VARIABLE, "").strip()
    if not address:
        return sweeps_here(), ""
    if datasets.is_own(base().data):
        return sweeps_here(), "Your own data stay on this server: its own workers train."
    found, fault = _found(address)
    if found is None:
        return sweeps_here(), f"{fault} Until then this server's own workers train."
    return found, ""


def current() -> tuple[Sweeps, Sweep] | None:
    """The visit's sweep and where it is trained; None when there is none (any more)."""
    where, id = st.session_state.get(session.SWEEP, (None, ""))
    sweep = where.get(id) if where else None
    return (where, sweep) if sweep else None


def buttons() -> None:
    """Start or cancel, and beside it how much there is to do."""
    found, wanted = current(), plan()
    if found:
        where, sweep = found
        visit.hold(session.SWEEP, [sweep])
        where.watch(sweep)
    going = bool(found and not found[1].over)
    with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
        if going:
            st.button("Cancel", icon=":material/stop:", on_click=cancel, key="sweep_cancel",
                      help="Train no further; what is done is kept.")  # fmt: skip
        else:
            st.button("Start", icon=":material/play_arrow:", type="primary", on_click=start,
                      key="sweep_start", disabled=wanted is None or not wanted.trials)  # fmt: skip
        if wanted and not going:
            st.markdown(_before(wanted))
    if not going and wanted:
        _refused(wanted)
    if not going and (note := sweeps()[1]):
        st.info(note, icon=":material/info:")


def start() -> None:
    """Begin the sweep as chosen; one that the visit had before is given up."""
    wanted = plan()
    if wanted is None or not wanted.trials:
        return
    if found := current():
        found[0].free(found[1])
    where, _ = sweeps()
    st.session_state[session.SWEEP] = where, where.start(wanted, watched=True).id


def cancel() -> None:
    """Stop it; what is done is kept."""
    if found := current():
        found[0].cancel(found[1])


def _before(wanted: Plan) -> str:
    counts = [str(len(values)) for values in wanted.over.values()]
    grid = " × ".join(counts) + " choices" if counts else "1 choice"
    drawn = f", {wanted.taken:,} of them drawn" if wanted.taken < wanted.choices else ""
    if wanted.ranges:
        grid, drawn = f"{wanted.taken:,} choices drawn at random", ""
    seeds = f" × {wanted.seeds} seeds" if wanted.seeds > 1 else ""
    expected = sweeps()[0].expected_seconds(wanted)
    time = (
        f"About {duration(expected)}, by what sweeps on this server took before."
        if expected is not None
        else "How long it takes is known after the first runs."
    )
    return f"{grid}{drawn}{seeds}: **{wanted.runs:,} runs**, {wanted.epochs:,} epochs in all. {time}"


def _refused(wanted: Plan) -> None:
    """The choices whose values do not go together, with the reasons."""
    bad = [combination for combination in wanted.combinations if combination.experiment is None]
    if not bad:
        return
    with st.expander(f"{len(bad):,} of the choices cannot be trained", icon=":material/block:"):
        for combination in bad[:SAID]:
            st.text(f"{combination.label}: {combination.refusal}")
        if len(bad) > SAID:
            st.caption(f"… and {len(bad) - SAID:,} more.")
