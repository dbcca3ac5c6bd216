"""Which changes a running model takes over, and which wait for a reset."""

from itertools import product

import pytest

from nnplay import catalog
from nnplay.experiment import DEFAULT, SETTINGS, Experiment, settle


def other_value(experiment: Experiment, name: str) -> object:
    """Another value of the setting."""
    setting, present = SETTINGS[name], getattr(experiment, name)
    if isinstance(present, bool):
        return not present
    notations = {"hidden": "4", "clip": "norm1", "features": "x1"}
    if name in notations:
        return notations[name]
    return next(value for value in (setting.high, *setting.choices) if value not in (None, present))


@pytest.mark.parametrize("name", SETTINGS)
def test_needs_reset_names_what_waits(name: str) -> None:
    old = DEFAULT.change(optimizer="sgd")
    new = settle({**old.model_dump(), name: other_value(old, name)})[0]
    assert (name in old.needs_reset(new)) == (not SETTINGS[name].live)


@pytest.mark.parametrize(
    ("optimizer", "before", "after", "waits"),
    [
        ("sgd", 0, 0.5, True),
        ("sgd", 0.5, 0, True),
        ("sgd", 0.5, 0.9, False),
        ("rmsprop", 0, 0.1, True),
        ("adam", 0, 0.5, False),  # has none
        ("muon", 0, 0.5, False),  # 0 is its usual one
    ],
)
def test_momentum_is_taken_over_unless_switched(
    optimizer: str, before: float, after: float, waits: bool
) -> None:
    old = DEFAULT.change(optimizer=optimizer, momentum=before)
    assert old.needs_reset(old.change(momentum=after)) == (("momentum",) if waits else ())


def test_a_change_that_waits_does_not_excuse_another() -> None:
    # The momentum alone would be taken over at once, by the optimizer that still runs.
    old = DEFAULT.change(optimizer="rmsprop")
    assert set(old.needs_reset(old.change(optimizer="adam", momentum=0.5))) == {"optimizer", "momentum"}


def test_dropout_is_taken_over_unless_switched() -> None:
    old = DEFAULT.change(dropout=0.2)
    assert old.needs_reset(old.change(dropout=0.5)) == ()
    assert old.needs_reset(DEFAULT) == DEFAULT.needs_reset(old) == ("dropout",)


@pytest.mark.parametrize(
    ("before", "after", "waits"),
    [
        ({"hidden": "8:dropout0.2-8"}, {"hidden": "8:dropout0.3-8"}, set()),
        ({"hidden": "8:dropout0.2-8"}, {"hidden": "8-8"}, {"hidden"}),
        ({"hidden": "8-8:dropout0.2"}, {"hidden": "8:dropout0.2-8"}, {"hidden"}),
        ({"hidden": "8-8", "dropout": 0.2}, {"hidden": "8:dropout0.4-8", "dropout": 0.1}, set()),
        ({"hidden": "8:dropout0.2"}, {"hidden": "8:dropout0.2", "dropout": 0.5}, set()),
        # Either alone changes nothing: the layer's own dropout, or none of all, still counts.
        ({"hidden": "8:dropout0"}, {"hidden": "8", "dropout": 0.5}, {"hidden", "dropout"}),
        # The dropout is that of the old layers until the new ones come.
        ({"hidden": "8", "dropout": 0.5}, {"hidden": "8-8", "dropout": 0.3}, {"hidden"}),
    ],
)
def test_a_layers_own_dropout_is_taken_over_unless_switched(before: dict, after: dict, waits: set) -> None:
    old, new = DEFAULT.change(**before), DEFAULT.change(**after)
    assert set(old.needs_reset(new)) == set(new.needs_reset(old)) == waits


@pytest.mark.parametrize("optimizer", catalog.OPTIMIZERS)
def test_what_needs_no_reset_keeps_the_state_in_keras_too(optimizer: str) -> None:
    from nnplay.engine.build import build

    def shapes(experiment: Experiment) -> list[tuple[int, ...]]:
        return [array.shape for array in build(experiment, steps_per_epoch=25).read()]

    old = DEFAULT.change(optimizer=optimizer, hidden="2")
    changes: list[dict] = [
        {}, {"momentum": 0.5}, {"momentum": 0.9}, {"momentum": 0.5, "nesterov": True}, {"nesterov": True},
        {"schedule": "cosine"}, {"clip": "global1"}, {"regularizer": "l2"},
        {"dropout": 0.2}, {"dropout": 0.4}, {"hidden": "2:dropout0.3"},
    ]  # fmt: skip
    made = [(experiment, shapes(experiment)) for experiment in (old.change(**change) for change in changes)]
    for (before, shapes_before), (after, shapes_after) in product(made, repeat=2):
        assert (before.needs_reset(after) == ()) == (shapes_before == shapes_after)
