"""Runs compared, without a browser: pinned ones and their table against the histories they came from."""

import json
from typing import Any

import numpy as np
import visits
from streamlit.testing.v1 import AppTest
from visits import address, opened, press, until, words, workers  # noqa: F401

from nnplay.data import hold
from nnplay.data.own import columns_of, guess, read_text
from nnplay.data.own import make as make_table
from nnplay.engine.chunk import look_back
from nnplay.experiment import Experiment, make
from nnplay.jobs.compared import decisions
from nnplay.jobs.kept import MOST_KEPT, Kept
from nnplay.ui import server

CIRCLE = "data=circle&hidden=4&epochs=12"


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state["run"])


def pinned(at: AppTest, **fields: Any) -> Kept:
    """Train the playground's experiment to its end, with these settings changed, and pin it."""
    if fields:
        at.query_params.clear()
        for name, value in {**Experiment.from_link(CIRCLE).differences(), **fields}.items():
            at.query_params[name] = str(value)
        at.run()
        press(at, "reset")
    press(at, "play")
    until(at, lambda: run_of(at).over and not run_of(at).flight)
    press(at, "pin")
    kept: Kept = at.session_state["kept"][-1]
    return kept


def compare(at: AppTest, **settings: str) -> AppTest:
    """The compare page in the same visit."""
    at.query_params.clear()
    for name, value in settings.items():
        at.query_params[name] = value
    at.switch_page("pages/compare.py").run()
    assert not at.exception
    return at


def components(at: AppTest) -> list[dict[str, Any]]:
    """What the components on the page were given: figures and tables."""
    protos = [element.proto for element in at.get("bidi_component")]
    return [json.loads(proto.bytes or proto.json) for proto in protos if proto.bytes or proto.json]


def table(at: AppTest) -> tuple[list[str], list[list[Any]]]:
    found = next(part for part in components(at) if "head" in part)
    return found["head"], found["rows"]


def titles(at: AppTest) -> list[str]:
    figures = [part["layout"] for part in components(at) if "layout" in part]
    return [layout["yaxis"]["title"]["text"] for layout in figures]


def test_what_is_pinned_is_what_was_measured() -> None:
    at = opened(CIRCLE)
    # Prepared: else the page may draw itself once more in the same run, and what it says would not be in it.
    until(at, lambda: run_of(at).state is not None and not run_of(at).stale)
    at.run()
    press(at, "pin")
    assert not at.session_state["kept"] and "nothing to keep" in at.toast[0].value
    first = pinned(at)
    history, state = run_of(at).history, run_of(at).state
    second = pinned(at, learning_rate=0.1)
    assert [kept.epoch for kept in (first, second)] == [12, 12]
    # The first run's history was copied: the second one has begun anew in the same run.
    assert second.experiment.learning_rate == 0.1 and first.experiment.learning_rate == 0.01
    for name in ("loss", "val_loss", "accuracy", "val_accuracy"):
        column = history.column(name)
        np.testing.assert_array_equal(first.rows.column(name), column)
        assert first.final[name] == column[-1]
        nearest = column.min() if "loss" in name else column.max()
        assert first.best[name] == (nearest, int(np.flatnonzero(column == nearest)[0]) + 1)
    until(at, lambda: all(kept.collect() for kept in (first, second)))
    alone = look_back(first.experiment, [state], ("boundary",))[0]["boundary"]
    np.testing.assert_array_equal(first.views["boundary"]["z"], alone["z"])

    compare(at)
    head, rows = table(at)
    assert head[1:3] == ["Learning rate", "Epochs"]
    assert [row[0]["name"] for row in rows] == ["Run 1", "Run 2"]
    assert rows[0][1] == "0.01" and rows[1][1] == {"text": "0.1", "mark": True}
    assert rows[0][head.index("Test loss")] == f"{first.final['val_loss']:.4f}"
    value, epoch = second.best["val_accuracy"]
    assert rows[1][head.index("Best test accuracy")] == f"{value:.4f} at {epoch}"
    boundaries = [decisions(kept.views["boundary"]["z"], kept.origin) for kept in (first, second)]
    share = np.mean(boundaries[0] != boundaries[1])
    assert share > 0 and f"{share:.1%}".replace("%", "\u00a0%") in words(at)
    assert titles(at)[0] == "mean squared error"

    at.text_input(key="kept_name_1_0").set_value("the <b>slow</b> one").run()
    assert first.name == "the <b>slow</b> one" and "the \\<b\\>slow\\</b\\> one" in words(at)
    press(at, "kept_remove_1")
    assert [kept.number for kept in at.session_state["kept"]] == [2] and not at.exception
    assert "get a column each" in words(at)


def test_an_empty_page_says_what_to_do_and_a_bad_link_what_is_wrong() -> None:
    at = opened("part=kept&measure=los", page="pages/compare.py")
    assert "Nothing is kept yet" in words(at) and "Did you mean 'loss'" in words(at)
    for link, told in (("goal=x", "Known"), ("seeds=99", "from 2 to 50"), ("base=data=x", "Unknown dataset")):
        at = visits.opened(link, page="pages/compare.py")
        assert told in words(at), link


def test_there_is_an_end_to_keeping() -> None:
    at = opened("data=sine&epochs=2")
    pinned(at)
    for _ in range(MOST_KEPT):
        press(at, "pin")
    assert len(at.session_state["kept"]) == MOST_KEPT
    assert "room" in at.toast[0].value
    kept = at.session_state["kept"]
    until(at, lambda: all(each.collect() for each in kept))
    compare(at, measure="r2", samples="both")
    assert titles(at)[0] == "R²"
    assert "differ by 0 " in words(at)


def pair_of(at: AppTest) -> Any:
    return at.session_state["pair_race"][1]


def fed(at: AppTest) -> str:
    """What the page's feed brings, as text."""
    starts = (b'{"parts":{"pair_', b'{"parts":{"seeds')
    found = [e.proto.bytes for e in at.get("bidi_component") if e.proto.bytes.startswith(starts)]
    return found[-1].decode(errors="replace")


def test_a_against_b_in_step_to_the_end() -> None:
    at = opened("part=pair&b=0.1&speed=max", page="pages/compare.py")
    at.query_params["base"] = "data=circle&hidden=4&epochs=12"
    at.run()
    until(at, lambda: "start from the very same 17 weights and biases" in fed(at))
    press(at, "pair_play")
    until(at, lambda: pair_of(at).finished)
    race = pair_of(at)
    assert [run.experiment.learning_rate for run in race.racers.values()] == [0.01, 0.1]
    assert [level.epoch for level in race.levels.values()] == [12, 12]
    # Its own link: the experiment is in it, and opened it is the same pair.
    link = address(at)
    assert Experiment.from_link(link["base"]).hidden == "4" and link["b"] == "0.1"

    at.selectbox(key="CompareLab_differ_0").set_value("hidden").run()
    until(at, lambda: "cannot be the same, since the networks have other shapes" in fed(at))
    assert pair_of(at).racers["B"].experiment.hidden == "8-8" and "a" not in address(at)
    at.text_input(key="CompareLab_b_hidden_0").set_value("8-x").run()
    assert "B: Unknown hidden layer 'x'" in words(at) and not at.exception
    at.text_input(key="CompareLab_b_hidden_0").set_value("4").run()
    until(at, lambda: "the same experiment" in fed(at))
    before = race.racers["A"].id
    at.selectbox(key="CompareLab_differ_0").set_value("seed").run()
    until(at, lambda: "They do not see the same samples" in fed(at))
    assert server.runs().get(before) is None, "the runs before are given back"


def test_over_seeds_with_a_target() -> None:
    at = opened("part=seeds&seeds=3&target=0.9", page="pages/compare.py")
    at.query_params["base"] = "data=circle&hidden=4&epochs=15"
    at.run()
    press(at, "seeds_play")
    until(at, lambda: at.session_state["repeated"].finished)
    repeat = at.session_state["repeated"]
    at.run()
    finals = [outcome.final["val_accuracy"] for outcome in repeat.done]
    count = sum(value >= 0.9 for value in finals)
    told = fed(at)
    assert f"{count} of 3 seeds end with test accuracy at least 0.9" in told
    assert all(f"{value:.4f}" in told for value in finals)
    assert [outcome.seed for outcome in repeat.done] == [1, 2, 3]
    # More seeds go on from those that are done.
    at.slider(key="CompareLab_seeds_0").set_value(4).run()
    assert at.session_state["repeated"] is repeat and not at.button(key="seeds_play").disabled
    press(at, "seeds_reset")
    assert "repeated" not in at.session_state or not at.session_state["repeated"].outcomes


def test_own_data_are_compared_and_stay_out_of_the_address() -> None:
    at = opened("data=sine&epochs=3")
    rows = [(k % 7, k % 5) for k in range(60)]
    columns = columns_of(read_text("a,b,kind\n" + "".join(f"{a},{b},{'xy'[a + b < 5]}\n" for a, b in rows)))
    dataset = hold(make_table(columns, guess(columns), "mine").dataset)
    at.session_state["draft"] = make({"data": dataset.name, "hidden": "3", "epochs": 5})
    compare(at, part="pair", speed="max")
    press(at, "pair_play")
    until(at, lambda: pair_of(at).finished)
    assert dataset.label in words(at)
    assert dataset.name not in str(address(at)) and "data=own" in address(at)["base"]
    name = dataset.name
    at.selectbox(key="CompareLab_differ_0").set_value("data").run()
    at.selectbox(key="CompareLab_b_data_0").set_value(name).run()
    assert not at.exception and name not in str(address(at))
