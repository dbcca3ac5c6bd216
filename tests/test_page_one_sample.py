"""The panel of one sample without a browser: closed it costs nothing, open it shows what was measured."""

import json
from typing import Any

import numpy as np
import pytest
import visits
from feeds import brought
from streamlit.testing.v1 import AppTest
from visits import opened, press, workers  # noqa: F401

from nnplay.data.sample import write_sample
from nnplay.engine.build import build
from nnplay.engine.inspection import look
from nnplay.experiment import DEFAULT, Experiment, settle
from nnplay.figures.tiles import tile_bytes
from nnplay.ui import one_sample, server, session
from nnplay.ui.one_sample import pictures
from nnplay.ui.one_sample.registry import SAMPLE_VIEWS, fitting

CONV = "data=digits&samples=60&hidden=conv3k3-flatten"


def run_of(at: AppTest) -> Any:
    return server.runs().get(at.session_state[session.RUN])


def parts(at: AppTest) -> dict[str, bytes]:
    """What the last tick brought, by places."""
    return brought(at, "loss")


def wanted(at: AppTest) -> set[str]:
    return {name.partition(":")[0] for name in run_of(at).wanted}


def ready(at: AppTest) -> dict[str, Any]:
    """What the panel shows, once it is measured."""
    visits.until(at, lambda: not run_of(at).stale and "one_sample" in parts(at))
    found: dict[str, Any] = json.loads(parts(at)["one_sample"].partition(b"\n")[0])
    return found


def choose(at: AppTest, name: str | None) -> None:
    group = next(each for each in at.get("button_group") if "one_sample_view_of_" in (each.key or ""))
    group.set_value(name).run()
    assert not at.exception


def test_the_panel_shows_the_sample_that_is_chosen() -> None:
    at = opened(CONV)
    head = ready(at)
    assert [group["title"] for group in head["groups"]][1] == "1 · Convolution"
    assert len(head["groups"][1]["tiles"]) == 3 and head["epoch"] == "epoch 0"
    experiment = run_of(at).origin
    split, network = experiment.load_data(), build(experiment, 1)
    truth = network.model(split.x_test[:1]).numpy()[0]
    assert [share for _, share in head["groups"][0]["bars"]] == pytest.approx(truth.tolist(), abs=1e-4)
    # The next sample, and one that is not there.
    press(at, "one_sample_row_next")
    number = next(each for each in at.number_input if each.key.startswith("one_sample_row"))
    assert number.value == 2
    truth = network.model(split.x_test[1:2]).numpy()[0]
    visits.until(at, lambda: ready(at)["groups"][0]["bars"][0][1] == pytest.approx(float(truth[0]), abs=1e-4))
    number.set_value(99).run()
    assert "There is no test sample number 99: they go from 1 to 30." in visits.words(at)
    # Training goes on, and what is shown is of the page's epoch.
    press(at, "step")
    visits.until(at, lambda: run_of(at).epoch == 1 and ready(at)["epoch"] == "epoch 1")


def test_closed_it_costs_nothing() -> None:
    at = opened(CONV)
    ready(at)
    assert "flow" in wanted(at)
    choose(at, None)
    assert wanted(at) == {"predictions", "baseline", "evaluation"} & wanted(at)
    assert "one_sample" not in parts(at)
    choose(at, "filters")
    assert [len(group["tiles"]) for group in ready(at)["groups"]] == [1, 3]
    assert {"flow", "filters"} <= wanted(at)


def test_of_dense_layers_it_is_opened_by_hand() -> None:
    at = opened("data=digits&samples=60&hidden=4")
    visits.until(at, lambda: run_of(at).views and not run_of(at).stale)
    assert not wanted(at) & {"flow", "occlusion"}
    choose(at, "occlusion")
    assert ready(at)["groups"][1]["title"].startswith("What speaks for class")
    assert not fitting(DEFAULT)


NETWORKS = (
    ("digits", "conv3k3same-pool2-conv4k3:dropout0.3-flatten-6"), ("digits", "rows-bilstm3-attention2h-mean"),
    ("digits", "none"), ("mnist1d", "conv4k5-max"), ("mnist1d", "position-attention1h-gru3"),
    ("adding", "lstm3"), ("parity", "birnn3-rnn2"), ("recall", "6-attention2h-flatten"),
)  # fmt: skip


@pytest.mark.parametrize(("data", "hidden"), NETWORKS)
def test_every_view_draws_what_fits_it(data: str, hidden: str) -> None:
    experiment, _ = settle({**DEFAULT.model_dump(), "data": data, "hidden": hidden, "samples": 60})
    split, network = experiment.load_data(), build(experiment, 1)
    position = split.positions_test[0]
    views = fitting(experiment)
    assert views
    for broken in (False, True):
        for variable in network.model.trainable_variables if broken else ():
            variable.assign(np.full(variable.shape, np.nan))
        for view in views.values():
            names = [*(f"{name}:{write_sample(position)}" for name in view.needs), *view.of_network]
            found = {
                name.partition(":")[0]: shown for name, shown in look(experiment, network, names).items()
            }
            groups = [
                *pictures.head(experiment, position, found[view.needs[0]]["output"]),
                *view.groups(experiment, found),
            ]
            assert groups and tile_bytes(groups, epoch="epoch 1")
            assert all(tile.values.ndim == 2 for group in groups for tile in group.tiles)


def test_every_view_is_somewhere_at_home() -> None:
    experiments = [
        settle({**DEFAULT.model_dump(), "data": data, "hidden": hidden})[0] for data, hidden in NETWORKS
    ]
    assert {name for each in experiments for name in fitting(each)} == set(SAMPLE_VIEWS)
    assert one_sample.panel is not None and isinstance(experiments[0], Experiment)
