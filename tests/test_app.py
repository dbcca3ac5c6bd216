"""The playground page without a browser: every control, deep links, bad input, a run from Play to Pause."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import visits
from streamlit.testing.v1 import AppTest
from visits import opened, press, workers  # noqa: F401

from nnplay import catalog
from nnplay.data import DATASETS
from nnplay.experiment import DEFAULT, Experiment
from nnplay.jobs import Runs
from nnplay.ui import live, server, session


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def draft_of(at: AppTest) -> Experiment:
    return at.session_state[session.DRAFT]


def until(at: AppTest, done: Callable[[Any], bool]) -> Any:
    """Rerun the page, as its timer would, until the run is as wanted."""
    visits.until(at, lambda: done(run_of(at)))
    return run_of(at)


def widget(at: AppTest, name: str) -> Any:
    """The widget that shows this setting."""
    kinds = (
        "selectbox",
        "slider",
        "select_slider",
        "number_input",
        "text_input",
        "toggle",
        "button_group",
        "pills",
    )
    for kind in kinds:
        for found in at.get(kind):
            if (found.key or "").rpartition("_")[0] == name:
                return found
    raise AssertionError(f"no widget for {name}")


def ready(link: str = "") -> AppTest:
    at = opened(link)
    until(at, lambda run: run.state is not None)
    return at


def words(at: AppTest) -> str:
    return " ".join(
        element.value for kind in ("error", "text", "info", "caption") for element in at.get(kind)
    )


def test_a_visit_starts_with_the_default_and_says_so_in_the_address():
    at = opened()
    assert draft_of(at) == DEFAULT
    assert Experiment.from_link("&".join(f"{k}={v[0]}" for k, v in at.query_params.items())) == DEFAULT


def test_a_deep_link_opens_its_experiment():
    experiment = DEFAULT.change(data="xor", hidden="5-3", activation="relu", learning_rate=0.03, batch_size=7)
    at = opened(experiment.to_link())
    assert draft_of(at) == experiment
    assert run_of(at).experiment == experiment


def test_play_trains_and_pause_stops():
    at = ready("data=circle&hidden=4-2")
    press(at, "play")
    run = until(at, lambda run: len(run.history) >= 5)
    assert run.status.word == "running"
    press(at, "pause")
    epochs = until(at, lambda run: run.flight is None).epoch
    at.run()
    time.sleep(0.3)
    assert run_of(at).epoch == epochs
    assert run.history.last_epoch == epochs == len(run.history)


def test_steps_go_one_epoch_or_one_batch_and_reset_goes_back():
    at = ready("data=circle&hidden=4-2")
    start = run_of(at).state
    press(at, "step")
    assert until(at, lambda run: run.flight is None and run.epoch == 1).state.batch == 0
    press(at, "step_batch")
    assert until(at, lambda run: run.flight is None and run.state.batch == 1).epoch == 1
    press(at, "reset")
    again = until(at, lambda run: run.state is not None).state
    assert (again.epoch, again.batch) == (0, 0)
    assert all((a == b).all() for a, b in zip(start.arrays, again.arrays, strict=True))


def test_a_setting_that_cannot_apply_waits_for_reset_and_says_so():
    at = ready("data=circle&hidden=4-2")
    press(at, "step")
    run = until(at, lambda run: run.epoch == 1)
    widget(at, "data").select("xor").run()
    assert run_of(at) is run and run.experiment.data == "circle" and run.epoch == 1
    assert "Takes effect at Reset: Data" in words(at)
    press(at, "reset")
    assert until(at, lambda run: run.state is not None).experiment.data == "xor"
    assert "Takes effect at Reset" not in words(at)


def test_the_learning_rate_changes_without_a_reset():
    at = ready("data=circle&hidden=4-2")
    press(at, "step")
    run = until(at, lambda run: run.epoch == 1)
    widget(at, "learning_rate").set_value(0.1).run()
    assert run_of(at) is run and run.epoch == 1 and run.experiment.learning_rate == 0.1
    press(at, "step")
    until(at, lambda run: run.epoch == 2)
    assert run.history.column("lr")[-1] == pytest.approx(0.1)


def test_no_touched_control_stops_a_run():
    at = ready("data=circle&hidden=4-2&epochs=100000")
    press(at, "play")
    run = until(at, lambda run: len(run.history) > 0)
    for name in (
        "data",
        "activation",
        "loss",
        "optimizer",
        "initializer",
        "normalization",
        "schedule",
        "regularizer",
    ):
        found = widget(at, name)
        found.select(_another(found)).run()
        assert not at.exception and run_of(at) is run and run.going, name
    for name, value in (("label_noise", 0.2), ("test_fraction", 0.3), ("dropout", 0.2)):
        widget(at, name).set_value(value).run()
        assert not at.exception and run_of(at) is run and run.going, name
    epoch = run.epoch
    until(at, lambda run: run.epoch > epoch)


def _another(box: Any) -> Any:
    """Another value of a select box than the one it shows."""
    registry = {
        "data": DATASETS, "activation": catalog.ACTIVATIONS, "loss": catalog.LOSSES,
        "optimizer": catalog.OPTIMIZERS, "initializer": catalog.INITIALIZERS,
        "normalization": catalog.NORMALIZATIONS, "schedule": catalog.SCHEDULES,
        "regularizer": catalog.REGULARIZERS,
    }[box.key.rpartition("_")[0]]  # fmt: skip
    return next(name for name in registry if name != box.value)


# The first dataset of each kind.
KINDS = {(data.task, len(data.layout), data.sequence): name for name, data in reversed(DATASETS.items())}


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_opens_and_one_of_each_kind_trains_an_epoch(name):
    # With dropout XLA is not used, whose compiler is most of the time otherwise.
    at = opened("data=circle&hidden=4&epochs=3&dropout=0.1")
    widget(at, "data").select(name).run()
    assert not at.exception
    assert draft_of(at).data == name
    assert len(at.get("bidi_component")) >= 3
    if name in KINDS.values():
        run = until(at, lambda run: run.state is not None and run.experiment.data == name)
        press(at, "step")
        until(at, lambda run: run.epoch == 1 and run.flight is None and not run.stale)
        assert run.history.values.shape[0] == 1


def test_a_loss_that_does_not_fit_new_data_is_put_right_with_the_reason():
    at = opened("data=circle&loss=binary_crossentropy")
    widget(at, "data").select("plane").run()
    assert draft_of(at).loss == "mse"
    assert "Binary cross-entropy wants" in words(at)


def test_a_list_of_activations_is_fitted_to_the_layers_with_the_reason():
    at = opened("data=circle&hidden=4-2")
    widget(at, "activation_text").set_value("tanh-relu-tanh").run()
    assert draft_of(at).activations == ("tanh", "relu")
    assert "fitted to 2 hidden layers" in words(at)


BAD_LINKS = {
    "data=mons": ["mons", "Did you mean 'moons'"],
    "hidden=8-x": ["'x'", "join layers"],
    "hidden=" + "-".join(["9"] * 101): ["101", "100"],
    "learning_rate=nan": ["Learning rate", "nan"],
    "learning_rate=-1": ["Learning rate", "1e-06", "100", "-1"],
    "batch_size=1.5": ["Batch size", "whole number", "1.5"],
    "loss=hinge&output=softmax": ["softmax", "tanh"],
    "data=plane&loss=hinge": ["Hinge", "mse"],
    "v=99": ["99", "version"],
    "colour=red": ["colour", "Known"],
    "data=digits&loss=categorical_crossentropy&hidden=conv8k3-pool2-conv8k3-pool2": [
        "an image of 1 × 1 × 8",
        "conv8k3same-pool2-conv8k3same-pool2",
    ],
}


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_bad_link_says_what_is_wrong_and_the_page_works(link):
    at = opened(link)
    for fragment in BAD_LINKS[link]:
        assert fragment in words(at)
    widget(at, "data").select("xor").run()
    assert draft_of(at).data == "xor" and not at.error


BAD_WIDGETS = {
    ("hidden_text", "eight"): ["eight", "8-8"],
    ("hidden_text", "0"): ["1 to 512", "0"],
    ("hidden_text", "512-512-512-512-512-512-512-512-512-512"): ["at most 2,000,000"],
    ("hidden_text", "8;8"): ["8;8"],
    ("activation_text", "tahn"): ["Did you mean 'tanh'"],
}


@pytest.mark.parametrize("case", BAD_WIDGETS)
def test_a_refused_value_changes_nothing_and_says_why(case):
    name, value = case
    at = ready("data=circle&hidden=4-2")
    press(at, "step")
    run = until(at, lambda run: run.epoch == 1)
    before = draft_of(at)
    widget(at, name).set_value(value).run()
    assert not at.exception
    for fragment in BAD_WIDGETS[case]:
        assert fragment in words(at)
    assert draft_of(at) == before and run_of(at) is run and run.epoch == 1
    assert widget(at, name).value == getattr(before, name.removesuffix("_text"))


# ---- layer by layer


def test_the_way_back_to_the_defaults_leaves_no_refusal():
    at = ready()
    widget(at, "hidden_text").set_value("8-x").run()
    assert at.session_state[session.PROBLEMS]
    at.button(key="defaults").click().run()
    assert at.session_state[session.PROBLEMS] == [] and draft_of(at) == DEFAULT


def test_layers_are_edited_one_by_one_in_step_with_their_notation():
    at = opened("data=circle&hidden=4-2&activation=tanh-relu")
    assert "gives 4, 12 weights" in words(at) and "gives 2, 10 weights" in words(at)
    for name, value, wanted in [
        ("layer_0_units", 6, ("6-2", "tanh-relu")),
        ("layer_1_activation", "gelu", ("6-2", "tanh-gelu")),
        ("layer_1_normalization", "batch", ("6-2:batchnorm", "tanh-gelu")),
        ("layer_0_dropout", 0.3, ("6:dropout0.3-2:batchnorm", "tanh-gelu")),
    ]:
        widget(at, name).set_value(value).run()
        assert not at.exception and (draft_of(at).hidden, draft_of(at).activation) == wanted
        assert widget(at, "hidden_text").value == wanted[0] and run_of(at).origin == draft_of(at)
    assert "batch normalisation" in words(at) and "30 % dropout" in words(at)
    for key, wanted in [
        ("layer_move_layer_1", ("2:batchnorm-6:dropout0.3", "gelu-tanh")),
        ("layer_add", ("2:batchnorm-6:dropout0.3-6:dropout0.3", "gelu-tanh-tanh")),
        ("layer_remove_layer_1", ("2:batchnorm-6:dropout0.3", "gelu-tanh")),
    ]:
        press(at, key)
        assert (draft_of(at).hidden, draft_of(at).activation) == wanted
    # What is refused says why and changes nothing.
    widget(at, "layer_0_kind").set_value("lstm").run()
    assert "Circle is not a sequence" in words(at) and draft_of(at).hidden == "2-6:dropout0.3"
    # Another kind, with its own numbers: nothing that it had is in the way.
    widget(at, "data").set_value("digits").run()
    for name, value, wanted in [
        ("layer_0_kind", "conv", "conv2k3-6:dropout0.3"),
        ("layer_0_size", 5, "conv2k5-6:dropout0.3"),
        ("layer_0_same", True, "conv2k5same-6:dropout0.3"),
        ("layer_0_stride", 2, "conv2k5s2same-6:dropout0.3"),
        ("layer_0_stride", 1, "conv2k5s1same-6:dropout0.3"),
        ("layer_1_kind", "pool", "conv2k5s1same-pool2"),
    ]:
        widget(at, name).set_value(value).run()
        assert not at.exception and draft_of(at).hidden == wanted
    assert "gives 8 × 8 × 2, 52 weights" in words(at) and "gives 4 × 4 × 2, no weights" in words(at)
    widget(at, "layer_1_size").set_value(9).run()
    assert "its window of 9 is larger than the 8 there are" in words(at)
    assert draft_of(at).hidden == "conv2k5s1same-pool2"
    widget(at, "data").set_value("moons").run()
    assert "Moons is not a sequence or an image" in words(at) and draft_of(at).hidden == "2"
    # By the notation, too.
    widget(at, "hidden_text").set_value("5").run()
    assert widget(at, "layer_0_units").value == 5
    press(at, "layer_remove_layer_0")
    assert draft_of(at).hidden == "none"
    widget(at, "hidden_text").set_value("-".join(["2"] * 30)).run()
    assert "14 more layers" in words(at)


def test_a_number_that_comes_with_a_kind_that_has_none_is_refused():
    at = opened("data=digits&loss=categorical_crossentropy&hidden=conv2k3-8")
    widget(at, "layer_0_kind").set_value("flatten")
    widget(at, "layer_0_size").set_value(5).run()
    assert not at.exception and draft_of(at).hidden == "flatten-8"
    assert "Flatten has no 'Window' to be set." in words(at)


# ---- sequences


def test_the_length_of_sequences_is_offered_where_there_are_some():
    at = opened("data=recall&classes=4&hidden=lstm4-3&steps=7")
    assert widget(at, "steps").value == 7 and widget(at, "recurrent_scale").value == 1
    assert "7 × 7 → 4 → 3 → 4" in words(at)
    assert not any((found.key or "").startswith("normalization") for found in at.selectbox)
    widget(at, "steps").set_value(9).run()
    assert draft_of(at).steps == 9 and "9" in at.query_params["steps"]
    # Away from sequences: what reads them is put right, and said.
    widget(at, "data").set_value("moons").run()
    assert draft_of(at).hidden == "4-3" and "Moons is not a sequence" in words(at)
    assert not any((found.key or "").startswith(("steps", "kind")) for found in (*at.slider, *at.selectbox))


def test_what_reads_a_sequence_is_chosen_by_name():
    at = opened("data=adding&hidden=8-4&steps=6")
    assert widget(at, "kind").value == "dense"
    for kind, hidden in (("gru", "gru8-4"), ("rnn", "rnn8-4"), ("dense", "8-4")):
        widget(at, "kind").set_value(kind).run()
        assert not at.exception and draft_of(at).hidden == hidden
    widget(at, "hidden_text").set_value("flatten-lstm4").run()
    assert draft_of(at).hidden == "8-4" and "Put 'lstm4' before 'flatten', or leave that out." in words(at)
    widget(at, "hidden_text").set_value("lstm4-gru3").run()
    assert not at.exception and widget(at, "kind").value is None


def test_the_more_runs_go_the_more_seldom_their_pages_tick(monkeypatch: pytest.MonkeyPatch):
    going = {1: 0.2, 6: 0.2, 30: 1.0, 60: 2.0}
    for runs, seconds in going.items():
        monkeypatch.setattr(Runs, "going", property(lambda _, runs=runs: runs))
        assert live.tick_seconds() == pytest.approx(seconds)
