"""Time on the playground page: look back, go on from there, branch, slow motion, until, weights kept."""

import re
from typing import Any

import numpy as np
import visits
from feeds import brought
from streamlit.testing.v1 import AppTest
from visits import opened, press, words, workers  # noqa: F401

from nnplay.jobs import Moment
from nnplay.ui import server, session, timeline
from nnplay.ui.wording import branch_label, changes_in_words

# With dropout XLA is not used, whose compiler is most of the time otherwise.
LINK = "data=circle&hidden=4&samples=60&epochs=400&dropout=0.1"


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def at_epoch(link: str, epoch: int) -> AppTest:
    """The page with a run that stands at this epoch."""
    at = opened(link)
    visits.until(at, lambda: run_of(at).state is not None)
    server.runs().pause(run_of(at))
    visits.until(at, lambda: run_of(at).flight is None)
    server.runs().reset(run_of(at))
    visits.until(at, lambda: run_of(at).state is not None)
    server.runs().run_to(run_of(at), epoch)
    visits.until(at, lambda: not run_of(at).going and not run_of(at).flight)
    assert run_of(at).epoch == epoch
    return at


def look(at: AppTest, epoch: int | None) -> Any:
    """As the slider asks for it."""
    server.runs().look(run_of(at), epoch)
    visits.until(at, lambda: not run_of(at).arriving)
    return at.run()


def widget(at: AppTest, kind: str, name: str) -> Any:
    return next(found for found in at.get(kind) if (found.key or "").startswith(name))


def test_every_view_shows_the_past_and_play_goes_on_from_there():
    at = at_epoch(LINK, 40)
    run = run_of(at)
    once = run.history.values.copy()
    look(at, 15)
    assert isinstance(run.shown, Moment) and run.shown.epoch == 15
    assert "at epoch 15 of 40. Play goes on from here" in words(at)
    sent = [element.proto.bytes for element in at.get("bidi_component") if element.proto.bytes]
    assert any(b'"Epoch": "15"' in part and f"{once[14, 1]:.4f}".encode() in part for part in sent)
    press(at, "step")
    visits.until(at, lambda: run.looking is None and run.epoch == 16)
    np.testing.assert_array_equal(run.history.values, once[:16])


def test_what_the_slider_sends_is_checked():
    at = at_epoch(LINK, 5)
    for nonsense in (None, 7, "x", {}, {"epoch": "3"}, {"epoch": True}, {"epoch": 2.5}, {"epoch": [1]}):
        timeline.asked(nonsense, run_of(at))
    assert run_of(at).looking is None
    timeline.asked({"epoch": -10}, run_of(at))
    assert run_of(at).looking == 0
    timeline.asked({"epoch": 10.0**9}, run_of(at))
    assert run_of(at).looking is None


def test_what_if_from_an_earlier_epoch():
    at = at_epoch(LINK, 30)
    run = run_of(at)
    look(at, 10)
    press(at, "branch")
    assert run.epoch == 10 and run.looking is None and len(run.branches) == 1
    widget(at, "select_slider", "learning_rate").set_value(0.1).run()
    assert branch_label(run.branches[0], run.experiment) == "learning rate 0.01"
    press(at, "step")
    visits.until(at, lambda: run.epoch == 11)
    assert changes_in_words(run) == {10: "Learning rate 0.01 → 0.1"}
    sent = b"".join(element.proto.bytes for element in at.run().get("bidi_component") if element.proto.bytes)
    # In the legends of both curves, and on the slider.
    assert sent.count(b'"name":"learning rate 0.01"') == 2 and sent.count(b"Learning rate 0.01") >= 3
    press(at, "forget_branch_1")
    assert not run.branches


def test_until_an_epoch_and_until_no_better():
    at = at_epoch(LINK, 3)
    widget(at, "number_input", "go_to").set_value(20).run()
    press(at, "go")
    visits.until(at, lambda: run_of(at).epoch == 20 and not run_of(at).going)
    widget(at, "number_input", "until_target_loss").set_value(100.0).run()
    press(at, "play")
    visits.until(at, lambda: run_of(at).stopped)
    at.run()
    assert "Stopped after epoch 21. Test loss" in words(at) and "reached the target 100" in words(at)
    widget(at, "number_input", "go_to").set_value(7).run()
    press(at, "go")
    visits.until(at, lambda: run_of(at).looking == 7 and not run_of(at).arriving)


def test_slow_motion_says_which_batch_it_is():
    at = at_epoch(LINK, 2)
    run = run_of(at)
    widget(at, "button_group", "speed").set_value("slow").run()
    widget(at, "button_group", "batch_speed").set_value("5").run()
    assert run.batch_limit == 5.0 and run.limit is None
    press(at, "play")
    visits.until(at, lambda: run.state.batch == 2)
    press(at, "pause")
    visits.until(at, lambda: run.flight is None)
    at.run()
    said = brought(at, "batch")["batch"].decode()
    assert re.fullmatch(r"Batch [123] of 3, its 10 samples ringed\.", said)
    sent = b"".join(element.proto.bytes for element in at.get("bidi_component") if element.proto.bytes)
    assert b"this batch" in sent


def test_weights_are_kept_where_they_fit_and_refused_with_the_reason():
    at = at_epoch(LINK, 6)
    run = run_of(at)
    before = run.state.arrays[0].copy()
    widget(at, "selectbox", "data").select("xor").run()
    assert "Takes effect at Reset: Data" in words(at)
    press(at, "keep_weights")
    visits.until(at, lambda: run.origin.data == "xor" and not run.flight)
    at.run()
    np.testing.assert_array_equal(run.state.arrays[0], before)
    assert "Takes effect at Reset" not in words(at) and run.epoch == 6
    assert changes_in_words(run)[6].endswith("weights kept")
    press(at, "step")
    visits.until(at, lambda: run.epoch == 7)
    widget(at, "text_input", "hidden_text").set_value("5").run()
    assert "they are those of other layers" in words(at) and at.button(key="keep_weights").disabled
    # Dropout is switched off without a question, and that is marked.
    widget(at, "text_input", "hidden_text").set_value("4").run()
    widget(at, "slider", "dropout").set_value(0.0).run()
    visits.until(at, lambda: run.experiment.dropout == 0.0 and not run.flight)
    assert run.epoch == 7 and "Takes effect at Reset" not in words(at.run())
