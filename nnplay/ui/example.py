"""The example of the gallery that is open: what to look at, and whether the run bears out its claim."""

import streamlit as st

from nnplay.examples import EXAMPLES, Example, Outcome, Variant, in_words, is_over, variant_of
from nnplay.jobs import Run
from nnplay.ui import arrival, session, visit


def current_example() -> None:
    """Its text, its variants to choose from, and what the run has measured."""
    name = st.session_state.get(session.EXAMPLE)
    if name is None:
        return
    example, run = EXAMPLES[name], visit.run()
    variant = None if run.changes else variant_of(example, run.experiment)
    with st.container(key="example", gap="xxsmall"):
        left, right = st.columns([3, 2], gap="medium")
        with left:
            st.markdown(f"**{title(example)}.** {example.text}")
            if example.written:
                with st.expander("What happens to the tutorial's code as it is written"):
                    st.markdown(example.written)
        with right:
            st.markdown(f"**Look at:** {_lower(example.look)} **Try:** {_lower(example.attempt)}")
        _outcome(variant, run)
        _buttons(name, example, variant)


def _buttons(name: str, example: Example, variant: Variant | None) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for place, one in enumerate(example.variants):
            st.button(
                one.label,
                icon=":material/replay:" if one is variant else ":material/play_arrow:",
                type="secondary",
                key=f"variant_{place}",
                help="Starts it again." if one is variant else one.claim,
                on_click=arrival.open_example,
                args=(name, place),
            )
        st.page_link("pages/gallery.py", label="Gallery", icon=":material/grid_view:")
        st.button(
            "Leave", icon=":material/close:", type="tertiary", key="example_leave", on_click=_leave,
            help="Closes this text. The network stays as it is.",
        )  # fmt: skip


def title(example: Example) -> str:
    """With the tutorial's number and its own title."""
    source = f"{example.source} · " if example.source else ""
    return f"{source}{example.title}" + (f" ({example.chinese})" if example.chinese else "")


def _outcome(variant: Variant | None, run: Run) -> None:
    if variant is None:
        st.markdown("Settings have been changed: the claims are about the examples as they open.")
        return
    found = Outcome(run.experiment, run.history.names, run.history.values, run.stopped)
    if not is_over(variant, found):
        st.markdown(
            f"**Claim:** {_lower(variant.claim)} It is judged after {variant.experiment.epochs:,} epochs."
        )
        return
    measured = in_words(variant, found)
    judged = (
        ":green[:material/check_circle: **The claim holds.**]"
        if variant.holds(found)
        else ":orange[:material/cancel: **The claim does not hold.**]"
    )
    st.markdown(f"{judged} {measured} Claimed: {_lower(variant.claim)}")


def _leave() -> None:
    st.session_state[session.EXAMPLE] = None


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text
