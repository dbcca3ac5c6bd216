"""The gradients page without a browser: its parts, links, predictions, and training up to the verdict."""

from functools import partial
from typing import Any

import pytest
import visits
from streamlit.testing.v1 import AppTest
from visits import address, until, words, workers  # noqa: F401

from nnplay.experiment import Experiment
from nnplay.laboratories import GradientLab, LaboratoryError
from nnplay.laboratories.gradients import PARTS
from nnplay.laboratories.memory import MEMORY_TASKS
from nnplay.laboratories.remedies import REMEDIES, STARTS, after, before, fitting
from nnplay.numerals import times
from nnplay.ui import server, visit
from nnplay.ui.gradients import PART_VIEWS, depth, exploding, phase, through_time
from nnplay.ui.gradients.said_wrong import SAID_WRONG
from nnplay.ui.gradients.training import TRAININGS
from nnplay.ui.gradients.words import change_in_words

opened = partial(visits.opened, page="pages/gradients.py")


def lab_of(at: AppTest) -> GradientLab:
    return at.session_state["GradientLab"]


def runs_of(at: AppTest, part: str) -> dict[str, Any]:
    return at.session_state[TRAININGS][part].runs()


def pills(at: AppTest, name: str) -> Any:
    return next(found for found in at.get("button_group") if name in (found.key or ""))


def saved(at: AppTest, file: str) -> bool:
    """Whether the page offers this file."""
    return any(file in element.proto.id for element in at.get("download_button"))


# ---- settings and links


def test_every_part_has_its_view():
    assert set(PART_VIEWS) == set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_by_its_link_and_answers(part):
    at = opened(f"part={part}")
    assert lab_of(at).part == part
    until(at, lambda: at.get("download_button") or "Off the rails" in words(at))
    assert not at.error


def test_a_link_holds_everything():
    lab = GradientLab(
        part="remedies", activation="relu", depth=77, width=32, initializer="he_normal",
        normalization="layer",
        residual=True, seed=9, remedies="residual-relu", clip="norm0.5", radius=0.7,
        orthogonal=False,
    )  # fmt: skip
    assert GradientLab.from_link(lab.to_link()) == lab
    at = opened(lab.to_link())
    assert lab_of(at) == lab
    assert GradientLab.from_pairs(address(at).items()) == lab


BAD_LINKS = {
    "depth=300": ["Layers", "2 to 100", "300"],
    "activation=tahn": ["tahn", "Did you mean 'tanh'"],
    "activation=softmax": ["softmax"],
    "activation=leaky_relu~99": ["0.01 to 10", "99"],
    "function=tanh~2": ["no parameter"],
    "remedies=prayer": ["prayer", "residual"],
    "part=deep": ["deep", "depth"],
    "clip=often": ["often"],
    "sigma_w=nan": ["Weight scale", "nan"],
    "colour=red": ["colour"],
}


@pytest.mark.parametrize("link", BAD_LINKS)
def test_a_bad_link_says_what_is_wrong_and_the_page_works(link):
    with pytest.raises(LaboratoryError):
        GradientLab.from_link(link)
    at = opened(link)
    for fragment in BAD_LINKS[link]:
        assert fragment in words(at)


def test_every_extreme_network_can_be_trained_and_opened_in_the_playground():
    for lab in (GradientLab(depth=100, width=128), GradientLab(depth=2, width=8, normalization="batch")):
        assert Experiment.from_link(lab.experiment.to_link()) == lab.experiment
    for task in MEMORY_TASKS:
        for size, length in ((1, 2), (64, 100)):
            lab = GradientLab(memory=task, size=size, length=length, radius=3.0, recurrent_activation="relu")
            for network in lab.memories.values():
                assert Experiment.from_link(network.to_link()) == network
    for name in STARTS:
        start = before(name, seed=1, data="circle")
        for remedy in fitting(start):
            assert Experiment.from_link(after(start, remedy).to_link()) == after(start, remedy)


def test_every_remedy_changes_something_somewhere():
    used = {name for start in STARTS for name in fitting(before(start, seed=1, data="circle"))}
    assert used == set(REMEDIES)


def test_all_questions_can_be_set_up():
    for module in (depth, phase, through_time, exploding):
        question = __import__(module.__module__, fromlist=["QUESTION"]).QUESTION
        GradientLab().change(**question.setup)
    for wrong in SAID_WRONG:
        for fields in wrong.networks.values():
            GradientLab().change(**fields)


# ---- what the page does


@pytest.mark.parametrize(("part", "name"), [("depth", "activation"), ("phase", "function")])
def test_an_activation_has_its_parameter(part, name):
    at = opened(f"part={part}&{name}=leaky_relu~0.1&depth=6&width=16")
    slider = at.slider(key=f"GradientLab_{name}_leaky_relu_0")
    assert slider.value == 0.1
    slider.set_value(0.5).run()
    assert getattr(lab_of(at), name) == "leaky_relu~0.5" == address(at)[name]
    until(at, lambda: at.get("download_button"))
    box = at.selectbox(key=f"GradientLab_{name}_0")
    assert box.value == "leaky_relu"
    box.set_value("elu").run()
    assert getattr(lab_of(at), name) == "elu" and not at.exception


def test_a_closed_tab_ends_what_is_trained(monkeypatch):
    tab = visit._Tab()
    monkeypatch.setattr(visit, "_tab", lambda: tab)
    at = opened("part=exploding")
    at.button(key="train_exploding").click().run()
    runs = runs_of(at, "exploding").values()
    assert all(run.going or run.place for run in runs)
    tab.leave()
    server.runs().tidy()
    assert not any(run.playing or run.place for run in runs)


def test_each_page_has_messages_of_its_own():
    at = opened("depth=300", page="pages/gradients.py")
    assert "2 to 100" in words(at)
    at.query_params.clear()
    at.switch_page("app.py").run()
    assert "2 to 100" not in words(at)
    at.query_params.clear()
    at.switch_page("pages/gradients.py").run()
    assert "2 to 100" in words(at)


def test_a_prediction_sets_its_network_up_and_is_compared():
    at = opened()
    question = pills(at, "predict_depth")
    question.set_value("nothing").run()
    assert lab_of(at).activation == "tanh"
    until(at, lambda: "You said" in words(at))
    assert "it is “" in words(at)


@pytest.mark.slow
def test_training_deep_networks_ends_in_a_table():
    at = opened("part=remedies&remedies=selu")
    at.button(key="train_remedies").click().run()
    until(at, lambda: all(run.over for run in runs_of(at, "remedies").values()))
    at.run()
    assert "does not learn" in words(at) and "**learns**" in words(at)


def test_an_explosion_names_its_epoch_batch_and_layer():
    at = opened("part=exploding")
    at.button(key="train_exploding").click().run()
    until(at, lambda: all(run.over for run in runs_of(at, "exploding").values()))
    at.run()
    said = words(at)
    assert saved(at, "exploding-by-epoch.csv") and saved(at, "first-batches-clipped.csv")
    assert "Diverged in epoch" in said and "batch" in said and "layer" in said
    assert "Finished" in said


def test_another_part_stops_nothing_and_comes_back():
    at = opened("part=exploding")
    at.button(key="train_exploding").click().run()
    runs = runs_of(at, "exploding")
    pills(at, "GradientLab_part").set_value("depth").run()
    assert lab_of(at).part == "depth"
    assert all(run.going or run.place or run.over for run in runs.values())
    pills(at, "GradientLab_part").set_value("exploding").run()
    assert runs_of(at, "exploding") == runs


# ---- words


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.25, "0.25"),
        (37, "37"),
        (3.14e-18, "3.1 · 10⁻¹⁸"),
        (1234, "1,234"),
        (0, "0"),
        (float("inf"), "infinity"),
    ],
)
def test_numbers_in_words(number, text):
    assert times(number) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(1e-3, "shrinks 1,000 times"), (40, "grows 40 times"), (1.1, "stays about the same"), (0, "is gone")],
)
def test_changes_in_words(ratio, text):
    assert text in change_in_words(ratio)


@pytest.mark.slow
def test_the_networks_that_are_to_remember_are_trained_and_open_in_the_playground():
    at = opened("part=time&length=5&size=2&steps=5&units=4&clipped=1&limit=0.5")
    until(at, lambda: "recurrent matrix makes a vector" in words(at))
    networks = lab_of(at).memories
    assert [str(network.layers[0].kind) for network in networks.values()] == ["rnn", "lstm", "gru"]
    for network in networks.values():
        assert network.clip == "global0.5" and network.steps == 5
        assert f"(./?{network.to_link()})" in words(at)
        assert Experiment.from_link(network.to_link()) == network
    at.button(key="train_time").click().run()
    at.button(key="stop_time").click().run()
    assert not any(run.going for run in runs_of(at, "time").values())
    at.button(key="train_time").click().run()
    # Each compiles a program of its own: one of them is enough.
    until(at, lambda: "of what knowing nothing has" in words(at))
    assert any("lags" in run.views and len(run.history) for run in runs_of(at, "time").values())
    assert not at.exception
