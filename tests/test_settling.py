"""Settings that do not go together, put right with the reason said."""

from dataclasses import replace

import pytest

from nnplay import catalog
from nnplay.data import DATASETS
from nnplay.experiment import DEFAULT, ExperimentError, make, settle

# All that some loss wants, and one that none does.
OUTPUTS = {"auto", "gelu", *(pair.output for loss in catalog.LOSSES.values() for pair in loss.pairs)}


# What a loss has to fit: the first dataset of each kind.
KINDS = {(data.task, len(data.layout), data.classes): name for name, data in reversed(DATASETS.items())}


@pytest.mark.parametrize("data", KINDS.values())
def test_settling_finds_a_loss_for_all_data(data: str) -> None:
    for loss in catalog.LOSSES:
        for output in sorted(OUTPUTS):
            experiment, notes = settle({"data": data, "loss": loss, "output": output})
            assert experiment.data == data
            kept = experiment.loss == loss and experiment.output == output
            assert kept == (not notes) and all(note.endswith(".") for note in notes)


@pytest.mark.parametrize(
    ("fields", "expected", "words"),
    [
        (
            {"data": "plane", "loss": "hinge", "output": "tanh"},
            {"loss": "mse", "output": "auto"},
            "Hinge wants",
        ),
        ({"data": "plane", "output": "tanh"}, {"output": "auto"}, "which means 'linear'"),
        ({"hidden": "4", "activation": "relu-tanh"}, {"activation": "relu"}, "1 hidden layer:"),
        ({"hidden": "4-4-4", "activation": "relu-elu"}, {"activation": "relu-elu-elu"}, "3 hidden layers:"),
        ({"hidden": "none", "activation": "relu-elu"}, {"activation": "relu"}, "0 hidden layers:"),
        (
            {"hidden": "lstm4-gru3-2"},
            {"hidden": "4-3-2"},
            "Spiral is not a sequence or an image, as these layers need: 4-3-2",
        ),
        (
            {"data": "digits", "hidden": "lstm4-3", "loss": "mse"},
            {"hidden": "rows-lstm4-3"},
            "Digits is not a",
        ),
        ({"data": "wave", "hidden": "rows-lstm4-3"}, {"hidden": "lstm4-3"}, "is not an image"),
        ({"hidden": "conv4k3-pool2-flatten-6"}, {"hidden": "4-6"}, "4-6 takes the place"),
        (
            {"data": "digits", "hidden": "conv4k3", "initializer": "identity", "loss": "mse"},
            {"initializer": "glorot_uniform"},
            "The identity does not go with convolutions",
        ),
        (
            {"data": "wave", "hidden": "lstm4-2", "activation": "glu"},
            {"activation": "tanh-glu"},
            "cannot have a gated",
        ),
        (
            {"data": "wave", "hidden": "rnn4", "normalization": "batch"},
            {"normalization": "none"},
            "it is off now",
        ),
        ({"data": "sine", "features": "x2-x1x2"}, {"features": ("x1",)}, "Sine has only x1"),
    ],
)
def test_settling_says_what_it_put_right(fields: dict, expected: dict, words: str) -> None:
    experiment, notes = settle(fields)
    assert experiment == make({**fields, **expected})
    assert len(notes) == 1 and words in notes[0]


def test_settling_keeps_inputs_for_later() -> None:
    # Back on the plane, x2 is there again.
    experiment, notes = settle({"data": "sine"})
    assert not notes and experiment.input_names == ("x₁",) and experiment.features == DEFAULT.features


def test_settling_brings_classes_into_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(DATASETS, "few", replace(DATASETS["blobs"], name="few", label="Few", classes=(4, 5)))
    experiment, notes = settle({"data": "few", "classes": 3})
    assert experiment.classes == 4 and notes == ["Few has 4 to 5 classes: 4 instead of 3."]
    with pytest.raises(ExperimentError, match="Choose a number from 4 to 5"):
        make({"data": "few", "classes": 6})


@pytest.mark.parametrize(
    "fields", [{"loss": "x"}, {"nothing": 1}, {"seed": -1}, {"hidden": "512-" * 9 + "512"}]
)
def test_settling_does_not_guess(fields: dict) -> None:
    with pytest.raises(ExperimentError):
        settle(fields)
