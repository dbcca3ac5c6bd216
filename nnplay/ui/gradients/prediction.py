"""Predict first: a question about a network not on show yet; the answer sets it up and it is measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.ui import laboratory, session

GIVEN = "gradients_given"  # dict[str, str]: what was predicted, by the question's name


@dataclass(frozen=True)
class Question:
    """`options` by name; `setup` are the settings under which it is measured."""

    name: str
    text: str
    options: Mapping[str, str]
    setup: Mapping[str, Any]


def predict(question: Question) -> str | None:
    """Ask; returns what was predicted, as long as the settings on show are those of the question."""
    given: dict[str, str] = st.session_state.setdefault(GIVEN, {})
    lab = laboratory.current()
    here = all(getattr(lab, name) == value for name, value in question.setup.items())
    chosen = given.get(question.name) if here else None

    def take(answer: str | None) -> None:
        if answer is None:
            given.pop(question.name, None)
            return
        given[question.name] = answer
        laboratory.change(**question.setup)

    st.pills(
        f"**Predict first.** {question.text}",
        list(question.options),
        default=chosen,
        format_func=lambda name: question.options[name],
        **session.shows(f"predict_{question.name}", chosen, take),
        wrap=True,
    )
    return chosen


def compare(question: Question, predicted: str | None, measured: str | None, sentence: str) -> None:
    """What was said beside what came out; `measured` is the option that was right, None if not known yet."""
    if predicted is None:
        return
    if measured is None:
        st.caption("Not known yet.")
    elif predicted == measured:
        st.markdown(
            f":blue[:material/check:] You said “{question.options[predicted]}”, and so it is. {sentence}"
        )
    else:
        st.markdown(
            f":orange[:material/close:] You said “{question.options[predicted]}”; "
            f"it is “{question.options[measured]}”. {sentence}"
        )
