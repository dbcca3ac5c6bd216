"""The views of the result on the page, and the panel that predicts a new sample, without a browser."""

import json
from typing import Any

import numpy as np
import visits
from feeds import brought
from streamlit.testing.v1 import AppTest
from visits import opened, workers  # noqa: F401

from nnplay.ui import server, session
from nnplay.ui.result import sample
from nnplay.ui.result.registry import fitting


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def parts(at: AppTest) -> dict[str, bytes]:
    """What the last tick brought, by places."""
    return brought(at, "result")


def chooser(at: AppTest) -> Any:
    return next(found for found in at.get("button_group") if (found.key or "").startswith("result_view_of_"))


def box(at: AppTest, name: str) -> Any:
    return next(found for found in at.checkbox if (found.key or "").startswith(name))


def ready(link: str) -> AppTest:
    at = opened(link)
    visits.until(at, lambda: run_of(at).state is not None and not run_of(at).stale and run_of(at).views)
    at.run()
    return at


def shown(at: AppTest) -> dict[str, Any]:
    """The figure of the result."""
    found: dict[str, Any] = json.loads(parts(at)["result"])
    return found


def test_a_view_is_chosen_drawn_and_remembered() -> None:
    at = ready("data=iris&hidden=3&loss=categorical_crossentropy&epochs=1")
    views = fitting(run_of(at).origin)
    assert chooser(at).options == [view.label for view in views.values()]
    titles = {}
    for name in (*list(views)[1:], next(iter(views))):
        chooser(at).set_value(name).run()
        assert not at.exception
        visits.until(at, lambda name=name: views[name].is_measured(run_of(at)))
        at.run()
        titles[name] = shown(at)["layout"]["xaxis"]["title"]["text"]
        assert parts(at)["result_words"].decode().endswith(".")
    assert len(set(titles.values())) == len(views)
    chooser(at).set_value("scores").run()
    at.switch_page("pages/activations.py").run()
    at.switch_page("app.py").run()
    assert not at.exception and chooser(at).value == "scores"
    # Other data, to which the choice does not apply: the usual view, and back.
    next(found for found in at.selectbox if found.key.startswith("data_")).select("sine").run()
    assert not at.exception and chooser(at).value == "line"


def test_switches_belong_to_their_view() -> None:
    at = ready("data=circle&samples=40&hidden=2&epochs=1")
    assert {found.label for found in at.checkbox} >= {"Test samples", "Discretise", "Logarithmic loss"}
    whole = shown(at)
    box(at, "discrete").check().run()
    box(at, "show_test").uncheck().run()
    fewer = shown(at)
    assert fewer["data"][0]["z"]["dtype"] == "u1" and whole["data"][0]["z"]["dtype"] == "f4"
    assert len(fewer["data"]) == len(whole["data"]) - 2
    chooser(at).set_value("confusion").run()
    assert "Discretise" not in {found.label for found in at.checkbox}
    before = parts(at)["result_words"].decode()
    box(at, "of_training").check().run()
    assert "test samples" in before and "training samples" in parts(at)["result_words"].decode()


def test_a_new_sample_is_predicted_while_the_panel_is_open() -> None:
    at = ready("data=circle&samples=40&hidden=3&epochs=5&loss=binary_crossentropy")
    assert not any(name.startswith("sample") for name in (*run_of(at).wanted, *parts(at)))
    at.session_state[session.SAMPLE_OPEN] = True
    at.run()
    visits.until(at, lambda: "sample_words" in parts(at))
    middle = parts(at)["sample_words"].decode()
    assert middle.startswith("The network says: class ") and middle.endswith("%.")
    places = [found for found in at.number_input if found.key.startswith("sample_")]
    places[0].set_value(2.5).run()
    visits.until(at, lambda: "sample" in parts(at))
    # Two that are typed before the page is drawn again, and back.
    for first, second in ((1.5, -0.5), (2.5, 0.0)):
        fields = [found for found in at.number_input if found.key.startswith("sample_")]
        fields[0].set_value(first)
        fields[1].set_value(second).run()
        assert list(at.session_state[session.SAMPLE].position) == [first, second]
    # Its views are made by a worker: until then there are those of the one before.
    visits.until(at, lambda: not run_of(at).stale)
    # What the page says is what the boundary's view has at that place of its grid, or nearly.
    view = run_of(at).views["boundary"]
    column, row = np.abs(view["x"] - 2.5).argmin(), np.abs(view["y"]).argmin()
    said = next(found for name, found in run_of(at).views.items() if name.startswith("sample:"))
    assert abs(said["layers"][-1][0] - view["z"][0, row, column]) < 0.1
    np.testing.assert_allclose(said["inputs"], [2.5, 0])
    # It follows the training.
    at.button(key="step").click().run()
    visits.until(at, lambda: run_of(at).epoch == 1 and not run_of(at).stale)
    after = next(found for name, found in run_of(at).views.items() if name.startswith("sample:"))
    assert after["layers"][-1][0] != said["layers"][-1][0]
    next(found for found in at.number_input if found.key.startswith("sample_0")).set_value(1e6).run()
    assert not at.exception and "too far from the data" in " ".join(found.value for found in at.error)
    at.session_state[session.SAMPLE_OPEN] = False
    at.run()
    at.run()
    assert not any(name.startswith("sample") for name in run_of(at).wanted)


def test_a_test_sample_is_taken_by_its_number_and_its_truth_is_told() -> None:
    at = ready("data=iris&hidden=3&epochs=1")
    at.session_state[session.SAMPLE_OPEN] = True
    at.run()
    visits.until(at, lambda: "sample_words" in parts(at))
    number = next(found for found in at.number_input if found.key.startswith("sample_row"))
    number.set_value(7).run()
    visits.until(at, lambda: "sample" in parts(at))
    split = run_of(at).origin.load_data()
    said = next(found for name, found in run_of(at).views.items() if name.startswith("sample:"))
    np.testing.assert_array_equal(said["inputs"], split.x_test[6])
    right = int(said["layers"][-1].argmax()) == int(split.y_test[6])
    truth = "That is right." if right else f"It is {split.target_names[split.y_test[6]]}."
    assert truth in parts(at)["sample_words"].decode()
    next(found for found in at.number_input if found.key.startswith("sample_row")).set_value(999).run()
    assert "no test sample number 999: they go from 1 to 75" in " ".join(found.value for found in at.error)


def test_a_table_of_values_is_read_as_it_was_typed() -> None:
    base = np.array([1, 2, 3, 4], np.float32)
    assert sample.edited(base, {1: {"1": 9.5}}, 1) == [1, 9.5, 3, 4]
    assert sample.edited(base, {1: {"2": None}, 0: {"1": 0}}, 2) == [0, 2, 3, None]
    assert sample.edited(base, {7: {"1": 5}}, 1) == [1, 2, 3, 4]


def test_a_sequence_is_chosen_and_its_answer_follows_the_training() -> None:
    at = ready("data=wave&samples=40&steps=5&hidden=rnn2&epochs=3")
    assert chooser(at).value == "order"
    chooser(at).set_value("sequence").run()
    at.button(key="result_row_next").click().run()
    visits.until(at, lambda: parts(at)["result_words"].decode().startswith("Test sample 2:"))
    wave = shown(at)["data"][0]["y"]
    before = parts(at)["result_words"].decode()
    at.button(key="step").click().run()
    visits.until(at, lambda: parts(at)["result_words"].decode() != before)
    assert shown(at)["data"][0]["y"] == wave
    next(found for found in at.number_input if found.key.startswith("result_row")).set_value(99).run()
    assert "There is no test sample number 99: they go from 1 to 20." in " ".join(
        each.value for each in at.error
    )
    assert parts(at)["result_words"].decode().startswith("Test sample 2:")
