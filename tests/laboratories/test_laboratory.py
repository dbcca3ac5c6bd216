"""What every laboratory's settings promise: links read back, and a bad one says what was wrong."""

import pytest

from nnplay import catalog
from nnplay.experiment import ExperimentError
from nnplay.laboratories import ActivationLab, GradientLab, Laboratory, LaboratoryError
from nnplay.laboratories import activations as activations_page
from nnplay.laboratories import gradients as gradients_page
from nnplay.laboratories.size import refusal
from nnplay.laboratories.tasks import TASKS, experiment

KINDS = Laboratory.__subclasses__()
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def variants(kind: type[Laboratory]) -> list[Laboratory]:
    """The record with each setting by itself at another value."""
    found = []
    for name in kind.model_fields:
        setting = kind.setting(name)
        candidates = [
            *setting.choices,
            setting.low,
            setting.high,
            1 - setting.default if setting.whole is None and isinstance(setting.default, bool) else None,
        ]
        for value in candidates:
            if value is None or value == setting.default:
                continue
            try:
                found.append(kind().change(**{name: value}))
            except LaboratoryError as error:
                # Only together with others.
                assert error.problems
    return found


@kinds
def test_links_read_back_and_are_short(kind: type[Laboratory]) -> None:
    assert kind().to_link() == "v=1"
    for record in [kind(), *variants(kind)]:
        link = record.to_link()
        assert kind.from_link(link) == record == kind.from_link("https://example.org/x?" + link)
        assert link.isascii() and len(link) < 200


@kinds
def test_every_setting_has_words(kind: type[Laboratory]) -> None:
    for name in kind.model_fields:
        setting = kind.setting(name)
        assert setting.label != name and setting.help.endswith("."), name


@kinds
def test_a_bad_link_names_every_fault_and_keeps_the_rest(kind: type[Laboratory]) -> None:
    whole = next(name for name in kind.model_fields if kind.setting(name).whole)
    part = kind.setting("part").choices[-1]
    with pytest.raises(LaboratoryError) as caught:
        kind.from_link(f"part={part}&{whole}=1e9&colour=red")
    assert set(caught.value.problems) == {whole, "colour"}
    assert "whole number" in caught.value.problems[whole] and "1e9" in caught.value.problems[whole]
    assert caught.value.record == kind(part=part)


@kinds
@pytest.mark.parametrize("link", ["v=2", "part=curvs", "part=", "part=curves&part=depth", "=", "part"])
def test_wrong_links_are_refused_in_words(kind: type[Laboratory], link: str) -> None:
    with pytest.raises(LaboratoryError) as caught:
        kind.from_link(link)
    assert all(sentence.endswith(".") for sentence in caught.value.problems.values())
    assert caught.value.record == kind()


def test_a_link_that_is_too_long_is_not_read() -> None:
    with pytest.raises(ExperimentError, match="4,000"):
        ActivationLab.from_link("functions=" + "tanh-" * 2000)


def test_chosen_functions_are_in_menu_order_and_named_once() -> None:
    assert ActivationLab(functions="relu-tanh").functions == "tanh-relu"
    assert ActivationLab(functions="elu~1").functions == "elu"
    assert ActivationLab(functions="relu-leaky_relu~0.1").names == ("relu", "leaky_relu~0.1")


FUNCTIONS = {
    "functions=": "at least one",
    "functions=tahn": "Did you mean 'tanh'",
    "functions=relu-relu": "named twice",
    "functions=leaky_relu~99": "0.01 to 10",
    "functions=tanh~2": "no parameter",
    "probe=nan": "-6 to 6",
    "task=sin": "Did you mean 'sine'",
}


@pytest.mark.parametrize("link", FUNCTIONS)
def test_what_cannot_be_compared_is_refused(link: str) -> None:
    with pytest.raises(LaboratoryError, match=FUNCTIONS[link]):
        ActivationLab.from_link(link)


@pytest.mark.parametrize("functions", ["tanh", "tanh-glu"])
def test_no_network_is_accepted_that_is_then_too_large_to_be_measured(functions: str) -> None:
    factor = max(catalog.parse_activation(name)[0].units_factor for name in functions.split("-"))
    refused = 0
    for depth in (1, 10, 20, 21, 22, 40, 60):
        for width in (4, 128, 256, 512):
            sentence = refusal(depth, width, activations_page.SAMPLES, factor)
            link = f"functions={functions}&depth={depth}&width={width}"
            if sentence:
                refused += 1
                with pytest.raises(LaboratoryError) as caught:
                    ActivationLab.from_link(link)
                assert caught.value.problems == {"width": sentence}
                assert caught.value.record == ActivationLab(functions=functions, depth=depth)
            else:
                assert ActivationLab.from_link(link).width == width
    assert refused >= 3
    highest = {name: GradientLab.setting(name).high for name in ("depth", "width")}
    assert not refusal(**highest, samples=gradients_page.SAMPLES)


def test_what_is_left_of_a_link_goes_together() -> None:
    # The depth that takes the place of the wrong one does not go with that width.
    with pytest.raises(LaboratoryError) as caught:
        ActivationLab.from_link("functions=glu&depth=9999&width=512")
    assert set(caught.value.problems) == {"depth", "width"}
    assert caught.value.record == ActivationLab(functions="glu")


@pytest.mark.parametrize("name", TASKS)
def test_every_task_is_an_experiment_that_a_link_can_carry(name: str) -> None:
    task = TASKS[name]
    for function in task.telling:
        one = experiment(task, function, seed=3, initializer="he_normal")
        assert type(one).from_link(one.to_link()) == one
        assert one.activation == function and one.seed == 3
    assert task.name == name and task.about.endswith(".")
