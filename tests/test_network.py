"""The network's picture without a browser: what it is told, and what comes of what a person does on it."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import visits
from feeds import taken_apart
from streamlit.testing.v1 import AppTest
from visits import workers  # noqa: F401

from nnplay.data import DATASETS
from nnplay.engine.weights import layer_places
from nnplay.experiment import Experiment
from nnplay.ui import server, session
from nnplay.ui.layers import changed
from nnplay.ui.network.description import MOST_WEIGHTS, cannot, describe, encode_weights

APP = str(Path(__file__).parents[1] / "app.py")


def acting() -> None:
    """A page that only does what the picture asks for."""
    import streamlit as st

    from nnplay.ui import arrival
    from nnplay.ui.network.acts import take

    arrival.begin()
    take(st.session_state.pop("request", None))
    arrival.write_address()


def opened(link: str) -> AppTest:
    at = AppTest.from_function(acting, default_timeout=60)
    for part in link.split("&"):
        name, _, value = part.partition("=")
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def act(page: AppTest, /, **request: Any) -> None:
    page.session_state["request"] = request
    page.run()
    assert not page.exception


def until(at: AppTest, done: Callable[[Any], bool]) -> Any:
    visits.until(at, lambda: done(run_of(at)))
    return run_of(at)


BASE = Experiment(hidden="4-2", activation="tanh-relu")
OWN = Experiment(hidden="4:batchnorm-2:dropout0.2", activation="tanh-relu")


@pytest.mark.parametrize(
    ("name", "at", "wanted"),
    [
        ("add_layer", 0, ("4-4-2", "tanh-tanh-relu")),
        ("add_layer", 1, ("4-4-2", "tanh-tanh-relu")),
        ("add_layer", 2, ("4-2-2", "tanh-relu-relu")),
        ("remove_layer", 0, ("2", "relu")),
        ("add_unit", 1, ("4-3", "tanh-relu")),
        ("remove_unit", 0, ("3-2", "tanh-relu")),
    ],
)
def test_layers_keep_their_activations(name: str, at: int, wanted: tuple[str, str]) -> None:
    after = BASE.change(**changed(BASE, name, at))
    assert (after.hidden, after.activation) == wanted


@pytest.mark.parametrize(
    ("name", "at", "wanted"),
    [
        ("add_layer", 2, "4:batchnorm-2:dropout0.2-2:dropout0.2"),
        ("remove_layer", 0, "2:dropout0.2"),
        ("add_unit", 0, "5:batchnorm-2:dropout0.2"),
    ],
)
def test_layers_keep_their_own_normalization_and_dropout(name: str, at: int, wanted: str) -> None:
    assert changed(OWN, name, at)["hidden"] == wanted


def test_from_no_layer_to_one_and_back() -> None:
    none = Experiment(hidden="none", activation="relu")
    one = none.change(**changed(none, "add_layer", 0))
    assert (one.hidden, one.activation) == ("8", "relu")
    assert one.change(**changed(one, "remove_layer", 0)) == none


def test_what_is_done_on_the_picture_is_in_draft_link_and_run() -> None:
    at = opened("data=circle&hidden=4-2&epochs=100000")
    act(at, act="add_unit", at=1)
    assert at.session_state[session.DRAFT].hidden == "4-3" and run_of(at).origin.hidden == "4-3"
    assert "4-3" in at.query_params["hidden"]
    until(at, lambda run: run.state is not None)
    # A weight before the first epoch, then while playing.
    act(at, act="weight", layer=0, **{"from": 1.0}, to=2, value=3.5)
    run = until(at, lambda run: not run.edits)
    kernel = layer_places(run.origin)[0].kernel
    assert run.state.arrays[kernel][1, 2] == 3.5 and run.changes[0].weight.value == 3.5
    server.runs().play(run)
    until(at, lambda run: run.epoch > 2)
    act(at, act="weight", layer=2, **{"from": None}, to=0, value=-1)
    run = until(at, lambda run: len(run.changes) == 2)
    assert run.playing and run.changes[1].epoch >= 2
    # Another network while it plays: it starts anew and plays on.
    act(at, act="add_layer", at=2)
    assert run_of(at) is run and run.origin.hidden == "4-3-3" and run.changes == []
    until(at, lambda run: run.epoch > 0)
    assert run.playing


NONSENSE = [
    {},
    {"act": "explode"},
    {"act": "add_unit"},
    {"act": "add_unit", "at": 2},
    {"act": "add_unit", "at": -1},
    {"act": "add_layer", "at": 3},
    {"act": "remove_layer", "at": "0"},
    {"act": "remove_layer", "at": True},
    {"act": ["weight"]},
]
REFUSED = {
    "number from -1000 to 1000, not 5000": {"layer": 0, "from": 0, "to": 0, "value": 5000},
    "must be a number, not 'x'": {"layer": 0, "from": 0, "to": 0, "value": "x"},
    "must be a number, not 'None'": {"layer": 0, "from": 0, "to": 0},
    "no layer number 9": {"layer": 9, "from": 0, "to": 0, "value": 1},
    "no unit number None": {"layer": 0, "from": 0, "value": 1},
    "no input number": {"layer": 0, "from": [1], "to": 0, "value": 1},
}


def test_nonsense_changes_nothing_and_what_is_refused_says_why() -> None:
    at = opened("data=circle&hidden=4-2")
    run, before = run_of(at), at.session_state[session.DRAFT]
    for request in NONSENSE:
        act(at, **request)
        assert at.session_state[session.DRAFT] == before and run_of(at) is run
    for words, request in REFUSED.items():
        act(at, act="weight", **request)
        (problem,) = at.session_state[session.PROBLEMS]
        assert words in problem
    assert run.changes == [] and not run.edits
    act(at, act="add_unit", at=0)
    assert at.session_state[session.PROBLEMS] == []


def test_a_layer_is_set_on_the_picture_and_only_another_dropout_needs_no_new_start() -> None:
    at = opened("data=circle&hidden=4-2&dropout=0.1&epochs=100000")
    run = run_of(at)
    for name, place, value, wanted in [
        ("activation", 1, "elu~0.5", ("4-2", "tanh-elu~0.5")),
        ("normalization", 0, "batch", ("4:batchnorm-2", "tanh-elu~0.5")),
        ("dropout", 1, 0.3, ("4:batchnorm-2:dropout0.3", "tanh-elu~0.5")),
        ("normalization", 0, "none", ("4-2:dropout0.3", "tanh-elu~0.5")),
    ]:
        act(at, act=name, at=place, value=value)
        assert (run.origin.hidden, run.origin.activation) == wanted and at.session_state[
            session.PROBLEMS
        ] == []
    server.runs().play(run)
    until(at, lambda run: run.epoch > 2)
    act(at, act="dropout", at=1, value=0.5)
    assert run.origin.hidden == "4-2:dropout0.3" and run.experiment.hidden == "4-2:dropout0.5"
    assert describe(run.experiment, "x")["layers"][1]["settings"]["dropout"] == 0.5 and run.epoch > 2
    # As all layers again: nothing of its own is left.
    act(at, act="dropout", at=1, value=0.1)
    assert run.experiment.hidden == "4-2"
    before = run.experiment
    for words, request in {
        "Unknown activation 'tan'. Did you mean 'tanh'": {"act": "activation", "at": 0, "value": "tan"},
        "Unknown normalization 'None'": {"act": "normalization", "at": 0},
        "Dropout must be a number from 0 to 0.9, not '0.95'": {"act": "dropout", "at": 0, "value": 0.95},
        "not 'True'": {"act": "dropout", "at": 0, "value": True},
    }.items():
        act(at, **request)
        assert words in at.session_state[session.PROBLEMS][0] and run.experiment == before


def test_numbers_of_a_layer_are_set_on_the_picture() -> None:
    at = opened("data=digits&samples=60&loss=categorical_crossentropy&hidden=conv4k3-pool2-rows-attention2h")
    for name, place, value, written in (
        ("size", 0, 5.0, "conv4k5-pool2-rows-attention2h"),
        ("same", 0, True, "conv4k5same-pool2-rows-attention2h"),
        ("stride", 0, 2, "conv4k5s2same-pool2-rows-attention2h"),
        ("stride", 1, 1, "conv4k5s2same-pool2s1-rows-attention2h"),
        ("stride", 1, 0, "conv4k5s2same-pool2-rows-attention2h"),
        ("units", 0, 8, "conv8k5s2same-pool2-rows-attention2h"),
        ("heads", 3, 4, "conv8k5s2same-pool2-rows-attention4h"),
        ("units", 3, 6, "conv8k5s2same-pool2-rows-attention4h6"),
        ("units", 3, 0, "conv8k5s2same-pool2-rows-attention4h"),
        ("same", 0, 0, "conv8k5s2-pool2-rows-attention4h"),
        ("same", 0, 1, "conv8k5s2same-pool2-rows-attention4h"),
    ):
        act(at, act=name, at=place, value=value)
        assert at.session_state[session.PROBLEMS] == []
        settings = describe(run_of(at).experiment, "x")["layers"][place]["settings"]
        assert settings[name] == value and run_of(at).experiment.hidden == written
    before = run_of(at).experiment
    for refused, request in {
        "Window must be a whole number from 1 to 15, not 2.5": {"act": "size", "at": 0, "value": 2.5},
        "Heads must be a whole number from 1 to 16, not None": {"act": "heads", "at": 3, "value": None},
        "from 1 to 16, not 17": {"act": "heads", "at": 3, "value": 17},
        "from 1 to 15, not 16": {"act": "size", "at": 0, "value": 16},
        "from 1 to 15, not -3": {"act": "size", "at": 0, "value": -3},
        "Units must be a whole number from 1 to 512, not 0": {"act": "units", "at": 0, "value": 0},
        "from 1 to 512, not True": {"act": "units", "at": 0, "value": True},
        "from 1 to 512, or 0 for the usual one, not -1": {"act": "units", "at": 3, "value": -1},
        "Step must be a whole number from 1 to 15, or 0 for": {"act": "stride", "at": 0, "value": 16},
        "Pad the rim must be on (1) or off (0), not 7": {"act": "same", "at": 0, "value": 7},
        "not a number too long to write out": {"act": "size", "at": 0, "value": 10**5000},
        "Max pooling has no 'Heads' to be set": {"act": "heads", "at": 1, "value": 2},
        "Hidden layer 2": {"act": "size", "at": 1, "value": 9},
    }.items():
        act(at, **request)
        assert refused in " ".join(at.session_state[session.PROBLEMS]) and run_of(at).experiment == before
    # What the last refusal suggests is taken.
    act(at, act="suggestion")
    assert run_of(at).experiment.hidden == "conv8k5s2same-pool4-rows-attention4h"
    act(at, act="suggestion")
    assert at.session_state[session.PROBLEMS] == []
    # Nothing but the layers would be changed by it.
    act(at, act="size", at=1, value=9)
    assert at.session_state[session.PROBLEMS] and set(at.session_state[session.SUGGESTED][1]) == {"hidden"}


def test_caps_hold_on_the_picture_too() -> None:
    at = opened("data=circle&hidden=512-1")
    act(at, act="add_unit", at=0)
    assert "1 to 512" in at.session_state[session.PROBLEMS][0]
    act(at, act="remove_unit", at=1)
    assert at.session_state[session.DRAFT].hidden == "512-1"


def test_a_tick_carries_the_weights_alone() -> None:
    at = visits.opened("hidden=8-8")
    until(at, lambda run: run.state is not None)
    at.run()
    assert not at.exception
    protos = [element.proto for element in at.get("bidi_component")]
    run = run_of(at)
    parts = fed(protos)
    assert set(parts) == {"result", "result_words", "loss", "metric", "numbers", "network", "timeline"}
    head, _, numbers = parts["network"].partition(b"\n")
    assert json.loads(head)["epoch"] == 0
    assert len(numbers) == 4 * run.origin.parameters_estimate and len(parts["network"]) < 1000
    described = json.loads(json.loads(next(p.json for p in protos if "description" in p.json))["description"])
    assert described["id"] == json.loads(head)["id"]
    assert (np.frombuffer(numbers, "<f4")[:16] == run.state.arrays[0].ravel()).all()
    places = [json.loads(p.json)["place"] for p in protos if '"place"' in p.json]
    assert sorted(places) == sorted(parts)


def fed(protos: list[Any]) -> dict[str, bytes]:
    """The parts of the one message of a tick."""
    return taken_apart(next(p.bytes for p in protos if p.bytes))[0]


@pytest.mark.parametrize("name", DATASETS)
def test_every_dataset_can_be_described(name: str) -> None:
    experiment = Experiment(data=name, loss="mse", hidden="3")
    told = describe(experiment, "x")
    text = json.dumps(told, allow_nan=False)
    assert len(text) < 400_000, "too much for a page to send at every rerun"
    split = experiment.load_data()
    points = np.frombuffer(base64.b64decode(told["points"]), "<f4")
    targets = np.frombuffer(base64.b64decode(told["targets"]), "<f4")
    wanted = split.positions_train if told["plane"] else split.x_train
    assert (points == wanted[: len(targets)].ravel()).all()
    assert told["layers"][0]["inputs"] == len(told["inputs"])


def test_recurrent_networks_say_that_they_have_no_maps() -> None:
    experiment = Experiment(data="adding", hidden="gru4-3", samples=40)
    told = describe(experiment, "x")
    assert "shown below" in told["cannot"] and told["given"] == [20, 2]
    assert [layer["units"] for layer in told["layers"]] == [4, 3, 1]
    assert len(encode_weights(experiment, "x", None, False)) < 100


def test_too_many_weights_are_said_and_not_sent() -> None:
    large = Experiment(hidden="512-512")
    assert large.parameters_estimate > MOST_WEIGHTS
    assert "too many to draw live" in cannot(large) and not cannot(
        Experiment(hidden="128-128-128-128-128-128")
    )
    assert len(encode_weights(large, "x", None, False)) < 100
