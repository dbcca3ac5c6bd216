"""The activations page without a browser: its parts, links, the race, and an activation new to it."""

import time
from concurrent.futures import Executor
from functools import partial
from typing import Any

import pytest
import visits
from loky import ProcessPoolExecutor
from streamlit.testing.v1 import AppTest
from visits import address, press, until, words, workers  # noqa: F401

from nnplay import catalog
from nnplay.catalog import ACTIVATIONS
from nnplay.experiment import Experiment
from nnplay.jobs import Runs, Settings
from nnplay.jobs.lanes import WORKER_ENVIRONMENT, Lanes
from nnplay.laboratories import ActivationLab
from nnplay.laboratories.activations import PARTS
from nnplay.laboratories.tasks import TASKS
from nnplay.ui import server, visit
from nnplay.ui.activations import PART_VIEWS
from nnplay.ui.download import as_csv

opened = partial(visits.opened, page="pages/activations.py")


def lab_of(at: AppTest) -> ActivationLab:
    found: ActivationLab = at.session_state["ActivationLab"]
    return found


def charts(at: AppTest) -> list[str]:
    """The figures on the page, as their JSON."""
    found = [element.proto for element in at.get("bidi_component")]
    return [proto.bytes.decode() for proto in found if proto.bytes]


def answered(at: AppTest) -> None:
    until(at, lambda: charts(at) and not any("measuring" in chart for chart in charts(at)))


def test_every_part_has_its_view() -> None:
    assert list(PARTS) == list(PART_VIEWS)


@pytest.mark.parametrize("part", ["curves", "depth", "neuron"])
def test_a_part_opens_by_link_and_draws_all_that_was_chosen(part: str) -> None:
    at = opened(f"part={part}&functions=tanh-leaky_relu~0.1-step&depth=6&width=32")
    answered(at)
    assert lab_of(at).part == part
    drawn = " ".join(charts(at))
    for label in ("tanh", "Leaky ReLU 0.1", "Step"):
        assert label in drawn
    assert not at.error


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_of_the_catalogue_can_be_looked_at(name: str) -> None:
    at = opened(f"functions={name}&depth=4&width=16")
    for part in ("curves", "depth", "neuron"):
        at.query_params["part"] = part
        at.run()
        answered(at)
        assert not at.exception and not at.error, part
        assert ACTIVATIONS[name].label in " ".join(charts(at))


def test_the_address_follows_and_settings_survive_a_page_switch() -> None:
    at = opened("functions=relu-tanh")
    assert address(at)["functions"] == "tanh-relu"
    at.slider(key="ActivationLab_probe_0").set_value(-2.0).run()
    assert lab_of(at).probe == -2 and address(at)["probe"] == "-2"
    at.query_params.clear()
    at.switch_page("app.py").run()
    at.query_params.clear()
    at.switch_page("pages/activations.py").run()
    assert not at.exception
    assert lab_of(at) == ActivationLab(functions="tanh-relu", probe=-2.0)
    assert address(at)["probe"] == "-2"


BAD_LINKS = {
    "part=curvs": ["curvs", "Did you mean 'curves'"],
    "functions=tahn": ["Did you mean 'tanh'"],
    "functions=": ["at least one"],
    "probe=nan": ["-6 to 6", "nan"],
    "depth=1e9": ["whole number", "1e9"],
    "v=99": ["99", "version"],
    "colour=red": ["colour", "Known"],
    "data=xor": ["data", "Known"],
}


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_bad_link_says_what_is_wrong_and_the_page_works(link: str) -> None:
    at = opened(link)
    for fragment in BAD_LINKS[link]:
        assert fragment in words(at)
    at.slider(key="ActivationLab_probe_0").set_value(2.0).run()
    assert lab_of(at).probe == 2 and not at.error


def test_the_last_function_cannot_be_taken_away() -> None:
    at = opened("functions=tanh")
    at.get("button_group")[0].set_value([]).run()
    assert "at least one" in words(at) and lab_of(at).names == ("tanh",)


@pytest.mark.slow
def test_a_race_runs_to_its_end_and_over_seeds() -> None:
    at = opened("part=race&task=step&functions=tanh-step")
    press(at, "race_play")
    until(at, lambda: "Finished." in texts(at))
    press(at, "race_repeat")
    assert at.button(key="race_pause")
    until(at, lambda: "Finished." in texts(at))
    drawn = " ".join(charts(at))
    assert "tonexty" in drawn and "ReLU" not in drawn
    links = [element.proto for element in at.get("page_link") if element.proto.query_string]
    assert [Experiment.from_link(proto.query_string).activation for proto in links] == ["tanh", "step"]
    assert all(Experiment.from_link(p.query_string).hidden == TASKS["step"].fields["hidden"] for p in links)


def test_other_settings_give_the_runs_back() -> None:
    at = opened("part=race&task=step&functions=tanh-elu")
    first = racing("elu")
    at.query_params["task"] = "sine"
    at.run()
    second = racing("elu")
    press(at, "race_reset")
    third = racing("elu")
    assert len({*first, *second, *third}) == len(first) + len(second) + len(third) == 3


def test_a_closed_tab_ends_the_race(monkeypatch: pytest.MonkeyPatch) -> None:
    tab = visit._Tab()
    monkeypatch.setattr(visit, "_tab", lambda: tab)
    opened("part=race&task=step&functions=tanh-mish")
    now = time.monotonic()
    assert all(run.seen > now - 30 for run in map(all_runs().get, racing("mish")))
    tab.leave()
    seconds = server.runs().settings.lease_seconds
    assert all(run.seen <= time.monotonic() - seconds for run in map(all_runs().get, racing("mish")))


def racing(activation: str) -> list[str]:
    """The runs of the server with this activation, by id."""
    return [id for id, run in all_runs().items() if run.origin.activation == activation]


def texts(at: AppTest) -> str:
    return " ".join(element.proto.text for element in at.get("progress"))


def all_runs() -> dict[str, Any]:
    return dict(server.runs()._turns.runs)


def test_a_downloaded_table_reads_back() -> None:
    text = as_csv({"x": [1, 2.5], "name": ["a", "b"], "gap": [float("nan"), 0.1]})
    assert text == "x,name,gap\n1,a,\n2.5,b,0.1\n"


# ---- an activation that the page has never heard of

TOY = catalog.Activation(
    name="toy",
    keras="tanh",
    label="Toy squash",
    formula=r"\tanh(x)",
    slope=r"1 - \tanh(x)^2",
    about="Made for this test.",
    range="(-1, 1)",
    bounds=(-1.0, 1.0),
    initializer="glorot_uniform",
)


def toy_executor() -> Executor:
    """A worker whose catalogue has the toy, too."""

    # By value: a worker cannot import this file.
    def add(toy: catalog.Activation) -> None:
        from nnplay.catalog import ACTIVATIONS
        from nnplay.engine import program

        ACTIVATIONS[toy.name] = toy
        program.uses_xla = lambda experiment: False

    add.__module__ = "__main__"
    return ProcessPoolExecutor(max_workers=1, initializer=add, initargs=(TOY,), env=WORKER_ENVIRONMENT)


def test_a_new_entry_of_the_catalogue_is_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACTIVATIONS, "toy", TOY)
    runs = Runs(Settings(1), Lanes(1, toy_executor))
    monkeypatch.setattr(server, "runs", partial(lambda runs: runs, runs))
    try:
        at = opened("functions=tanh-toy&depth=4&width=16&task=step")
        assert "Toy squash" in at.get("button_group")[0].options[-1]
        for part in ("curves", "depth", "neuron"):
            at.query_params["part"] = part
            at.run()
            answered(at)
            assert "Toy squash" in " ".join(charts(at)), part
        at.query_params["part"] = "race"
        at.run()
        press(at, "race_play")
        until(at, lambda: "Finished." in texts(at))
        assert "Toy squash" in " ".join(charts(at))
    finally:
        runs.close()
