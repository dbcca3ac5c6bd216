"""A teacher's task on the page: what it locks stays locked by every way, its goal is marked when reached."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
import visits
from streamlit.testing.v1 import AppTest
from visits import APP, address, press, words, workers  # noqa: F401

from nnplay.assignment import Assignment, Condition, Opening, checksum, link_with, opening
from nnplay.assignment.record import in_order
from nnplay.experiment import DEFAULT
from nnplay.jobs import Runs
from nnplay.ui import first_steps, marks, server, session, share, visit
from nnplay.ui.network import acts

EXPERIMENT = DEFAULT.change(data="circle", hidden="6", loss="binary_crossentropy", activation="relu")
TASK = Assignment(
    EXPERIMENT,
    "Fewest *neurons*",
    "How **few** are enough? Read [this](https://en.wikipedia.org/wiki/Rectifier).",
    (Condition("test_loss", "max", 0.2), Condition("neurons", "max", 4.0)),
    ("data", "optimizer", "loss", "weights"),
    ("loss",),
)


def come(link: str, held: frozenset[str] = frozenset({marks.VISITED})) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state[session.MARKS] = held
    for name, value in parse_qsl(link, keep_blank_values=True):
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def problems(at: AppTest) -> str:
    return " ".join(at.session_state[session.PROBLEMS])


def boxes(at: AppTest) -> dict[str, bool]:
    return {box.label: box.disabled for box in at.selectbox}


def test_the_goal_is_marked_when_it_is_measured_and_stays_so() -> None:
    at = come(link_with(TASK))
    assert "Fewest \\*neurons\\*" in words(at) and TASK.text in words(at)
    assert "test loss at most 0.2, hidden neurons at most 4" in words(at) and "Goal reached" not in words(at)
    assert boxes(at)["Data :material/lock:"] and boxes(at)["Optimizer :material/lock:"]
    assert not boxes(at)["Initial weights"] and "Loss" not in " ".join(boxes(at))
    assert not any(block.proto.popover.label.startswith("First steps") for block in at.get("popover"))

    # Six neurons learn it, but are too many.
    press(at, "play")
    visits.until(at, lambda: (run_of(at).history.row(run_of(at).epoch) or {"val_loss": 1})["val_loss"] < 0.15)
    assert "Goal reached" not in words(at)
    box = next(box for box in at.text_input if box.label == "Hidden layers")
    box.set_value("4").run()
    press(at, "reset")
    press(at, "play")
    visits.until(at, lambda: at.session_state[session.TASK_REACHED])
    at.run()
    said = at.session_state[session.TASK_REACHED]
    rows = run_of(at).history
    epoch = int(said.split()[2].strip(":").replace(",", ""))
    assert rows.row(epoch)["val_loss"] <= 0.2 < rows.row(epoch - 1)["val_loss"]
    assert "hidden neurons 4" in said and said in words(at)
    press(at, "reset")
    assert said in words(at), "a mark once made stays"
    assert f"task-{checksum(TASK)}" in at.session_state[session.NEW_MARKS]

    # The address holds the task beside the settings of now: reloaded, it is known as reached.
    pairs = address(at)
    assert opening(pairs.items()).assignment.text == TASK.text and pairs["hidden"] == "4"
    link = link_with(TASK, EXPERIMENT.change(hidden="4"))
    assert dict(parse_qsl(link, keep_blank_values=True)) == pairs and pairs["start.hidden"] == "6"
    again = come(link, frozenset({marks.VISITED, f"task-{checksum(TASK)}"}))
    assert "reached before" in words(again)
    press(again, "task_over")
    assert again.session_state[session.DRAFT] == EXPERIMENT, (
        "what the task opened with, not what was on the page"
    )

    press(again, "task_leave")
    assert "Goal" not in words(again) and not boxes(again)["Data"] and "title" not in address(again)


def test_what_is_locked_is_locked_in_the_address_too() -> None:
    at = come(link_with(TASK) + "&data=xor&optimizer=sgd&seed=5")
    draft = at.session_state[session.DRAFT]
    assert (draft.data, draft.optimizer, draft.seed) == ("circle", "adam", 5)
    assert "Data is locked by the task: it stays at circle" in words(at) and TASK.text in words(at)

    at = come(link_with(TASK).replace("lock.data=circle", "lock.data=xor"))
    assert "changed or cut" in words(at) and TASK.text not in words(at)
    assert at.session_state[session.TASK] is None


WAYS = {
    "a widget": lambda: visit.change(data="xor"),
    "a coach's button": lambda: visit.start_with(optimizer="sgd"),
    "a hidden setting": lambda: visit.change(loss="mse"),
    "what follows from another": lambda: visit.change(data="plane"),
    "a first step": lambda: first_steps.open_lesson("xor"),
    "a reset to something else": lambda: visit.reset(DEFAULT),
    "a weight by hand": lambda: acts.take({"act": "weight", "layer": 0, "from": 0, "to": 0, "value": 5}),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_other_way_changes_what_is_locked(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Called as callbacks are, in the page's own session."""
    at = come(link_with(TASK))
    run = run_of(at)
    edits: list[Any] = []
    monkeypatch.setattr(Runs, "set_weight", lambda *given: edits.append(given))
    # The callback of a button that is on the page does it.
    monkeypatch.setattr(visit, "start_over", WAYS[way])
    at.run()
    press(at, "task_over")
    assert "locked by the task" in words(at) or "the task locks them" in words(at)
    assert at.session_state[session.DRAFT] == EXPERIMENT == run.experiment and not edits
    assert at.session_state[session.LESSON] is None
    # And the picture may still change what is free.
    monkeypatch.setattr(visit, "start_over", lambda: acts.take({"act": "remove_unit", "at": 0}))
    at.run()
    press(at, "task_over")
    assert at.session_state[session.DRAFT].hidden == "5" and not at.session_state[session.PROBLEMS]


def test_a_locked_network_is_not_changed_on_its_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    task = Assignment(EXPERIMENT, "Learn it", locked=("hidden", "activation"))
    at = come(link_with(task))
    for request in (
        {"act": "add_layer", "at": 1},
        {"act": "remove_unit", "at": 0},
        {"act": "activation", "at": 0, "value": "tanh"},
        {"act": "dropout", "at": 0, "value": 0.5},
    ):
        monkeypatch.setattr(visit, "start_over", lambda request=request: acts.take(request))
        at.run()
        press(at, "task_over")
        assert "is locked by the task" in words(at), request
        assert at.session_state[session.DRAFT] == EXPERIMENT
    assert not [b for b in at.button if b.key == "layer_add"] and "is locked" in problems(at)


def test_the_maker_shows_what_is_wrong_and_then_the_link() -> None:
    at = come(EXPERIMENT.to_link())
    at.session_state[session.TASK_OPEN] = True
    at.run()
    at.text_area(key="task_text").set_value("<b>few</b>").run()
    assert "may hold no HTML" in words(at)
    at.text_area(key="task_text").set_value("How *few*?").run()
    at.text_input(key="task_title").set_value("Fewest").run()
    at.multiselect(key="task_goal_binary").set_value(["test_loss", "neurons"]).run()
    at.number_input(key="task_test_loss_value").set_value(0.1).run()
    at.multiselect(key="task_hidden").set_value(["seed"]).run()
    assert not at.exception
    (link,) = [code.value for code in at.get("code") if "title=" in code.value]
    found = opening(parse_qsl(link.partition("?")[2], keep_blank_values=True))
    assert not found.problems and found.experiment == EXPERIMENT and not found.epoch
    goal = (Condition("test_loss", "max", 0.1), Condition("neurons", "max", 6.0))
    assert found.assignment == Assignment(
        EXPERIMENT, "Fewest", "How *few*?", goal, ("data", "loss", "seed", "weights"), ("seed",)
    )


def test_others_find_the_task_at_the_epoch_that_is_asked_for() -> None:
    at = come(EXPERIMENT.to_link())
    press(at, "step")
    visits.until(at, lambda: run_of(at).epoch == 1)
    loss = run_of(at).history.column("loss")[-1]
    at.session_state[session.TASK_OPEN] = True
    at.run()

    def link() -> str:
        return next(code.value.partition("?")[2] for code in at.get("code") if "lock" in code.value)

    assert opening(parse_qsl(link(), keep_blank_values=True)).epoch == 0
    box = at.checkbox(key="task_epoch")
    assert box.label == "Others find it trained to epoch 1"
    box.check().run()
    there = come(link())
    visits.until(there, lambda: run_of(there).epoch == 1)
    assert visit_task(there) and run_of(there).history.column("loss")[-1] == loss
    assert not run_of(there).going


def visit_task(at: AppTest) -> Any:
    return at.session_state[session.TASK]


def test_share_says_what_a_link_cannot_hold() -> None:
    at = come(EXPERIMENT.to_link())
    press(at, "step")
    visits.until(at, lambda: run_of(at).epoch == 1)
    at.session_state[f"{share.KEY}_0"] = True
    at.run()
    (link,) = [code.value for code in at.get("code") if "&at=1" in code.value]
    assert opening(parse_qsl(link.partition("?")[2])) == Opening(EXPERIMENT, 1)
    assert "with the same loss, and pauses" in words(at)
    next(s for s in at.select_slider if s.label == "Learning rate").set_value(0.1).run()
    press(at, "step")
    visits.until(at, lambda: run_of(at).epoch == 2)
    at.session_state[f"{share.KEY}_0"] = True
    at.run()
    assert "This run was changed on its way, which a link cannot hold" in words(at)

    at = come(link_with(TASK, EXPERIMENT.change(hidden="2"), 2))
    visits.until(at, lambda: run_of(at).epoch == 2)
    at.session_state[f"{share.KEY}_0"] = True
    at.run()
    (link,) = [code.value for code in at.get("code") if "&at=2" in code.value]
    wanted = Opening(EXPERIMENT.change(hidden="2"), 2, replace(TASK, locked=in_order(TASK.locked)))
    assert opening(parse_qsl(link.partition("?")[2], keep_blank_values=True)) == wanted
    at.checkbox(key="share_task").uncheck().run()
    (link,) = [code.value for code in at.get("code") if "&at=2" in code.value]
    assert opening(parse_qsl(link.partition("?")[2])) == replace(wanted, assignment=None)


def test_a_foreign_link_hides_what_it_hides_there() -> None:
    at = come(EXPERIMENT.to_link())
    foreign = "https://playground.tensorflow.org/#dataset=xor&discretize=true&batchSize_hide=true"
    at.button(key="step").click().run()
    visits.until(at, lambda: run_of(at).epoch == 1)
    at.text_input(key="open_link").set_value(foreign).run()
    # In the place of what was trained, and not only once that is reset.
    assert run_of(at).experiment.data == "xor" and run_of(at).epoch == 0
    assert not at.exception and at.session_state[session.DRAFT].data == "xor"
    assert at.session_state[session.DISCRETE] and not at.session_state[session.SHOW_TEST]
    assert "hides or locks some of the controls" in words(at) and "another random generator" in words(at)
    assert "Batch size" not in [slider.label for slider in at.select_slider]
    at.text_input(key="open_link").set_value("z=1.damaged").run()
    assert "damaged" in words(at) and at.session_state[session.DRAFT].data == "xor"
