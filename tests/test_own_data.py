"""A visitor's own data in experiments, links, workers and on the page; they are gone with the visit."""

import gc
import logging

import cloudpickle
import numpy as np
import pytest
from visits import address, opened, press, until, words, workers  # noqa: F401

from nnplay.assignment import Assignment
from nnplay.data import find, hold, is_own
from nnplay.data.own import columns_of, guess, make, read_text
from nnplay.experiment import ExperimentError, from_pairs, split_link
from nnplay.experiment import make as experiment_of
from nnplay.registry import UnknownName
from nnplay.ui import arrival, server, session, visit

ROWS = [(k % 7, k % 5) for k in range(60)]
TABLE = "a,b,kind\n" + "".join(f"{a},{b},{'low' if a + b < 5 else 'high'}\n" for a, b in ROWS)


def own_experiment(**more):
    columns = columns_of(read_text(TABLE))
    dataset = hold(make(columns, guess(columns), "mine").dataset)
    return experiment_of({"data": dataset.name, "hidden": "3", **more})


def test_links_hold_neither_the_data_nor_their_name() -> None:
    experiment = own_experiment()
    link = experiment.to_link()
    assert experiment.data.partition("-")[2] not in link and "data=own" in link
    for text in (link, f"data={experiment.data}"):
        with pytest.raises(ExperimentError, match="somebody's own data"):
            from_pairs(split_link(text))


def test_they_travel_with_the_experiment() -> None:
    experiment = own_experiment(label_noise=0.2, samples=40)
    there = cloudpickle.loads(cloudpickle.dumps(experiment))
    assert there == experiment and there.dataset is experiment.dataset
    assert there.load_data() is experiment.load_data()


def test_they_are_gone_when_nobody_holds_them() -> None:
    experiment = own_experiment()
    name, packed = experiment.data, cloudpickle.dumps(experiment)
    x = experiment.load_data().x_train.copy()
    del experiment
    gc.collect()
    with pytest.raises(UnknownName):
        find(name)
    # As in a worker, which has never heard of them.
    np.testing.assert_array_equal(cloudpickle.loads(packed).load_data().x_train, x)


def test_pasted_data_are_learned_and_stay_out_of_the_address() -> None:
    at = opened("data=circle&epochs=3")
    at.button(key="own_data_button").click().run()
    at.segmented_control(key="own_source").set_value("paste").run()
    at.text_area(key="own_paste").set_value("a,b\n1,2\n1").run()
    assert not at.exception and "Row 3 has 1 cell" in words(at)
    at.text_area(key="own_paste").set_value(TABLE).run()
    assert not at.exception and at.button(key="own_use")
    press(at, "own_use")
    at.run()
    draft = at.session_state[session.DRAFT]
    assert is_own(draft.data) and draft.dataset.label == "Your data: pasted"
    assert address(at)["data"] == "own"
    press(at, "play")
    until(at, lambda: server.runs().get(at.session_state[session.RUN]).epoch == 3)


def test_after_a_reload_they_are_found_with_their_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[str] = []

    def tab(value: str | None, key: str) -> str | None:
        # As the browser's: a new session is told what the one before had kept.
        found = held[0] if held else None
        held[:] = [value] if not found else held
        return found

    monkeypatch.setattr(arrival, "tab_memory", tab)
    before = opened("data=own&hidden=3")
    assert "somebody's own data" in words(before), "a link to them, in another tab"

    held.clear()
    columns = columns_of(read_text(TABLE))
    made = make(columns, guess(columns), "mine")
    before = opened("hidden=3")
    monkeypatch.setattr(visit, "start_over", lambda: _use(made))
    before.session_state[session.TASK] = Assignment(before.session_state[session.DRAFT])
    before.run()
    press(before, "task_over")
    press(before, "task_leave")
    press(before, "step")
    run = server.runs().get(before.session_state[session.RUN])
    until(before, lambda: run.epoch == 1)
    draft = before.session_state[session.DRAFT]
    assert is_own(draft.data) and address(before) == {"v": "1", "data": "own", "hidden": "3"}

    held[:] = [f"{run.id} {draft.to_link()}"]
    after = opened("v=1&data=own&hidden=3")
    assert after.session_state[session.RUN] == run.id and after.session_state[session.DRAFT] == draft
    assert not after.session_state[session.PROBLEMS] and after.selectbox[0].options[0] == "mine"
    assert [own.name for own in after.session_state[session.OWN_DATA]] == [draft.data]
    assert run.epoch == 1, "the run, too, is as it was"

    # Who only knows the address, or asks for something else, does not get them.
    for memory, link in (("", "data=own&hidden=3"), (held[0], "data=own&hidden=4")):
        held[:] = [memory] if memory else []
        other = opened(link)
        assert not is_own(other.session_state[session.DRAFT].data)
        assert session.OWN_DATA not in other.session_state or not other.session_state[session.OWN_DATA]


def _use(made) -> None:
    visit.start_with(data=visit.keep_own(made.dataset).name)


def test_they_are_never_logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    secret = "Quxwort"
    caplog.set_level(logging.DEBUG)
    rows = "".join(f"{a + 0.73519},{b},{secret if a + b < 5 else 'other'}\n" for a, b in ROWS)
    at = opened("data=circle&epochs=3")
    at.button(key="own_data_button").click().run()
    at.segmented_control(key="own_source").set_value("paste").run()
    # With a fault, without one, and learned.
    for text in (f"a,b,{secret}\n{rows}1,2\n", f"a,b,{secret}\n{rows}"):
        at.text_area(key="own_paste").set_value(text).run()
        assert secret in at.text_area(key="own_paste").value
    press(at, "own_use")
    at.run()
    press(at, "play")
    until(at, lambda: server.runs().get(at.session_state[session.RUN]).epoch == 3)
    written = capfd.readouterr()
    for what in (caplog.text, written.out, written.err):
        assert secret not in what and "0.73519" not in what


def test_what_is_in_a_table_is_shown_and_may_be_read_otherwise() -> None:
    rows = "".join(f"{k},{k % 5},{'' if k == 7 else k * 2},{'ab'[k % 4 == 0]}\n" for k in range(40))
    at = opened("data=circle")
    at.button(key="own_data_button").click().run()
    at.segmented_control(key="own_source").set_value("paste").run()
    # As it comes from a spreadsheet: cells by tabs.
    at.text_area(key="own_paste").set_value(("n,five,twice,kind\n" + rows).replace(",", "\t")).run()
    assert not at.exception
    said = words(at)
    # The rows, what stands in for what is missing, how often each class occurs, what is scaled.
    assert "40 rows, 4 columns; the first 6 are shown." in said
    assert "1 missing in 'twice': its median" in said
    preview, balance = (frame.value for frame in at.dataframe)
    assert preview.shape == (6, 4) and list(preview["five"]) == ["0", "1", "2", "3", "4", "0"]
    assert dict(zip(balance["Class"], balance["Rows"], strict=True)) == {"a": 30, "b": 10}
    assert list(balance["Share"]) == [0.75, 0.25]
    assert "3 inputs, each shifted and scaled" in said
    assert "20 of the rows are learned from, 20 kept for testing" in said
    # Another column, and asked for as a number: no classes any more.
    target, task = (next(e for e in at.get(kind) if (e.key or "").startswith(f"own_{name}"))
                    for kind, name in (("selectbox", "target"), ("button_group", "task")))  # fmt: skip
    assert target.value == "kind" and task.value == "classes"
    target.set_value("five").run()
    assert len(at.dataframe) == 2
    task = next(e for e in at.get("button_group") if (e.key or "").startswith("own_task"))
    task.set_value("regression").run()
    assert len(at.dataframe) == 1 and not at.exception
    press(at, "own_use")
    at.run()
    draft = at.session_state[session.DRAFT]
    assert draft.task == "regression" and draft.dataset.label == "Your data: pasted"


def test_a_table_that_was_typed_is_learned_as_it_is() -> None:
    at = opened("data=circle")
    at.button(key="own_data_button").click().run()
    at.segmented_control(key="own_source").set_value("table").run()
    press(at, "own_use")
    at.run()
    draft = at.session_state[session.DRAFT]
    assert draft.dataset.label == "Your data: typed" and draft.task == "binary"
    split = draft.load_data()
    assert len(split.x_train) + len(split.x_test) == 12
    at.button(key="own_data_button").click().run()
    at.segmented_control(key="own_source").set_value("table").run()
    at.text_input(key="own_columns").set_value("a, a").run()
    assert not at.exception and "Name 2 to 12 different columns" in words(at)
