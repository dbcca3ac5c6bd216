"""The gallery, and an example opened from it, without a browser."""

import re

import pytest
import visits
from visits import press, words, workers  # noqa: F401

from nnplay.examples import EXAMPLES
from nnplay.ui import server, session


def buttons(at) -> list[str]:
    return [button.label for button in at.button]


def test_there_is_a_card_for_every_example():
    at = visits.opened(page="pages/gallery.py")
    links = {link.proto.query_string for link in at.get("page_link") if link.proto.query_string}
    assert links == {f"example={name}" for name in EXAMPLES}
    assert len(at.get("image")) == len(EXAMPLES)
    titles = " ".join(link.proto.label for link in at.get("page_link"))
    assert all(example.title in titles for example in EXAMPLES.values())
    assert all(example.chinese in words(at) for example in EXAMPLES.values())


@pytest.mark.parametrize("name", ["t1", "t2", "diverges"])
def test_a_card_opens_its_example(name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(type(server.runs()), "play", lambda runs, run: None)
    at = visits.opened(f"example={name}")
    example = EXAMPLES[name]
    run = server.runs().get(at.session_state[session.RUN])
    assert run.experiment == example.variants[0].experiment
    assert re.escape(example.title) in re.escape(words(at)) and example.variants[0].claim[5:] in words(at)
    assert {variant.label for variant in example.variants} <= set(buttons(at))
    server.runs().free(run)


def test_an_example_plays_by_itself_is_judged_and_left():
    at = visits.opened("example=linear")
    run = server.runs().get(at.session_state[session.RUN])
    assert run.playing and "It is judged after 100 epochs" in words(at)
    visits.until(at, lambda: run.over)
    at.run()
    assert "The claim holds." in words(at) and "of the test samples are right after 100 epochs" in words(at)
    press(at, "variant_2")
    assert run.experiment == EXAMPLES["linear"].variants[2].experiment and run.playing
    press(at, "pause")
    at.session_state[session.DRAFT] = run.experiment.change(hidden="2")
    press(at, "reset")
    assert "Settings have been changed" in words(at) and "holds" not in words(at)
    press(at, "lesson_xor")
    assert EXAMPLES["linear"].text not in words(at)


def test_an_unknown_example_is_refused_with_those_there_are():
    at = visits.opened("example=liner")
    assert "Unknown example 'liner'" in words(at) and "linear" in words(at)
    assert at.session_state[session.RUN]
