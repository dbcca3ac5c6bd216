"""The kept runs of a visit: pinned on the playground, named, drawn and removed on the compare page."""

from collections.abc import Sequence

import streamlit as st

from nnplay.experiment import SETTINGS, Experiment
from nnplay.jobs.kept import Kept, NotKept, differing, keep
from nnplay.ui import server, session, visit
from nnplay.ui.wording import in_sentence, value_in_words

LONGEST_NAME = 40
# They change when a run ends, not how it goes.
UNSAID = ("epochs", "target_loss", "patience")


def kept_runs() -> list[Kept]:
    """The kept runs of this visit, in the order of keeping; their views taken over as they come."""
    found: list[Kept] = st.session_state.setdefault(session.KEPT, [])
    for kept in found:
        kept.collect()
    return found


def pin() -> None:
    """Keep what the playground shows, or say why not."""
    state, before = st.session_state, kept_runs()
    number = state.get(session.KEPT_COUNT, 0) + 1
    try:
        kept = keep(server.runs(), visit.shown(), number, before)
    except NotKept as error:
        st.toast(str(error), icon=":material/error:")
        return
    state[session.KEPT_COUNT] = number
    before.append(kept)
    others = f"the {len(before) - 1} kept before" if len(before) > 2 else "others"
    st.toast(
        f"{kept.name} is kept, at epoch {kept.epoch:,}. The page *Compare* shows it beside {others}.",
        icon=":material/keep:",
    )


def remove(kept: Kept) -> None:
    """Forget it."""
    st.session_state[session.KEPT] = [other for other in kept_runs() if other is not kept]


def rename(kept: Kept, name: str) -> None:
    """Give it another name; an empty one is its number again."""
    kept.name = " ".join(name.split())[:LONGEST_NAME] or f"Run {kept.number}"


def label_of(kept: Kept, among: Sequence[Kept]) -> str:
    """Its name and, unless somebody chose one, what is different about it."""
    if kept.name != f"Run {kept.number}" or len(among) < 2:
        return kept.name
    told = settings_in_words(kept.experiment, differing([each.experiment for each in among]))
    return f"{kept.name}: {told}" if told else kept.name


def settings_in_words(experiment: Experiment, names: Sequence[str]) -> str:
    """Up to two of these settings with their values."""
    names = [name for name in names if name not in UNSAID]
    found = [
        f"{in_sentence(SETTINGS[name].label)} {value_in_words(name, getattr(experiment, name))}"
        for name in names[:2]
    ]
    return ", ".join(found) + (" …" if len(names) > 2 else "")
