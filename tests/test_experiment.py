"""The record: what is refused and how it is said, and what anything written in it becomes."""

import math
import pickle

import numpy as np
import pytest
from arbitrary import experiments
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnplay.data import DATASETS
from nnplay.experiment import DEFAULT, SETTINGS, Experiment, ExperimentError, make, settle

quick = settings(deadline=None, max_examples=100)


# Settings of which the first is to blame, and what the message must say: what is wrong, what is allowed and
# what was given.
BAD = [
    ({"data": "mons"}, "Unknown dataset 'mons'. Did you mean 'moons'? Known: circle, xor,"),
    ({"data": ""}, "Unknown dataset ''. Known: circle,"),
    ({"data": "XOR"}, "Unknown dataset 'XOR'. Did you mean 'xor'?"),
    ({"data": 3}, "Data (data) must be text, not 3."),
    ({"data": None}, "Data (data) must be text, not None."),
    ({"data": "x" * 10_000}, "Unknown dataset 'xxx"),
    ({"data": "\ud800"}, r"Unknown dataset '\ud800'."),
    ({"data": "\0"}, r"Unknown dataset '\x00'."),
    ({"samples": "10001"}, "Samples (samples) must be a whole number from 0 to 10000, not '10001'."),
    ({"samples": "1e3"}, "must be a whole number from 0 to 10000, not '1e3'."),
    ({"samples": "1_000"}, "not '1_000'."),
    ({"samples": " 5"}, "not ' 5'."),
    ({"samples": "٣"}, "must be a whole number from 0 to 10000, not '٣'."),
    ({"samples": "9" * 10_000}, "must be a whole number from 0 to 10000, not '999"),
    ({"samples": 10**10_000}, "must be a whole number from 0 to 10000, not a number too long to write out."),
    ({"samples": 2.5}, "must be a whole number from 0 to 10000, not 2.5."),
    ({"samples": True}, "not True."),
    ({"samples": -1}, "not -1."),
    ({"classes": 1}, "Classes (classes) must be a whole number from 2 to 6, not 1."),
    ({"classes": "seven"}, "must be a whole number from 2 to 6, not 'seven'."),
    ({"steps": 1}, "Time steps (steps) must be a whole number from 2 to 100, not 1."),
    ({"label_noise": "0.51"}, "Label noise (label_noise) must be a number from 0 to 0.5, not '0.51'."),
    ({"label_noise": math.nan}, "must be a number from 0 to 0.5, not nan."),
    ({"position_noise": -0.1}, "Position noise (position_noise) must be a number from 0 to 0.5, not -0.1."),
    ({"imbalance": "0,5"}, "Class imbalance (imbalance) must be a number from 0 to 0.9, not '0,5'."),
    ({"test_fraction": 0}, "Test share (test_fraction) must be a number from 0.05 to 0.9, not 0."),
    ({"features": ()}, "A network needs at least one input. Choose from: x1, x2,"),
    ({"features": ""}, "A network needs at least one input."),
    ({"features": "x1-x3"}, "Unknown input 'x3'. Known: x1, x2, x1sq,"),
    ({"features": "x1--x2"}, "Unknown input ''. Known: x1,"),
    ({"features": 5}, "Inputs (features) must be a list of names, not 5."),
    ({"features": ["x1", 5]}, "Inputs (features) must be a list of names, not 5."),
    ({"features": ["x1"] * 60 + ["x0"]}, "Unknown input 'x0'."),
    ({"features": "x2-x2sq", "data": "sine"}, "Sine has only x1, of which no input x2 or x2sq can be made."),
    ({"standardize": "yes"}, "Unknown standardize 'yes'. Known: auto, on, off."),
    ({"hidden": "8-x"}, "Unknown hidden layer 'x'. Known: '8' (dense)"),
    ({"hidden": "8-0"}, "1 to 512 units; '0' asks for 0."),
    ({"hidden": "513"}, "1 to 512 units; '513' asks for 513."),
    ({"hidden": "lstm0"}, "LSTM must have 1 to 512 units; 'lstm0' asks for 0."),
    (
        {"hidden": "8-gru8"},
        "Hidden layer 2, 'gru8', takes a sequence (steps, inputs), but '8' gives 8 numbers. "
        "Choose data that are sequences, or dense layers, as in '8-8'. Sequences: mnist1d, adding",
    ),
    (
        {"hidden": "mean-gru8", "data": "adding"},
        "'gru8', takes a sequence (steps, inputs), but 'mean' gives 2 numbers. Put 'gru8' before 'mean'",
    ),
    (
        {"hidden": "conv4k9", "data": "digits", "loss": "mse"},
        "Hidden layer 1, 'conv4k9': the data give an image of 8 × 8 × 1, and its window of 9 is larger than "
        "the 8 there are. Take a window of at most 8: 'conv4k8'.",
    ),
    (
        {"hidden": "lstm4", "data": "digits", "loss": "mse"},
        "Put 'rows' before it, so that each row is a step, or 'pixels': 'rows-lstm4'.",
    ),
    (
        {"hidden": "rnn8", "data": "moons"},
        "'rnn8', takes a sequence (steps, inputs), but the data give 2 numbers. Choose data that are "
        "sequences, or dense layers, as in '8-8'. Sequences: mnist1d, adding, recall,",
    ),
    ({"hidden": "lstm2-flatten-rnn5", "data": "wave"}, "Put 'rnn5' before 'flatten', or leave that out."),
    (
        {"activation": "glu", "data": "wave", "hidden": "lstm2"},
        "a recurrent layer does not have to give. Choose another for 'lstm2', such as tanh.",
    ),
    (
        {"normalization": "layer", "data": "wave", "hidden": "lstm2-8"},
        "a recurrent layer has both inside. Choose none, or dense layers only.",
    ),
    ({"recurrent_scale": -1}, "Recurrent scale g (recurrent_scale) must be a number from 0 to 10, not -1."),
    ({"hidden": "-".join("1" * 101)}, "Too many hidden layers: 101 given, at most 100 allowed."),
    ({"hidden": "8" * 1001}, "Hidden layers (hidden) must have at most 1,000 characters; '888"),
    ({"hidden": "-".join(["512"] * 9)}, "weights; at most 2,000,000 are allowed. Use fewer layers or units."),
    ({"activation": "tan"}, "Unknown activation 'tan'. Did you mean 'tanh'? Known:"),
    ({"activation": "tanh-"}, "Unknown activation ''."),
    ({"activation": "tanh-relu-elu"}, "names 3 layers, but the network has 2 hidden layers. Give one"),
    (
        {"activation": "tanh-relu", "hidden": "4"},
        "names 2 layers, but the network has 1 hidden layer. Give one",
    ),
    ({"output": "tahn"}, "Unknown output 'tahn'. Did you mean 'tanh'? Known: auto,"),
    ({"output": "relu"}, "'relu' on two classes. Choose one of: auto, tanh, linear, sigmoid."),
    ({"dropout": "1"}, "Dropout (dropout) must be a number from 0 to 0.9, not '1'."),
    ({"normalization": "bach"}, "Unknown normalization 'bach'. Did you mean 'batch'? Known: none, batch,"),
    ({"initializer": "random"}, "Unknown initializer 'random'."),
    ({"activation": "elu~0"}, "The alpha of 'elu' must be a number from 0.01 to 10, not '0'; write it as in"),
    ({"activation": "tanh~1"}, "Activation 'tanh' has no parameter. Write it without '~'."),
    ({"sigma_w": 0}, "Weight scale σ_w (sigma_w) must be a number from 0.01 to 10, not 0."),
    ({"sigma_b": "-1"}, "Bias scale σ_b (sigma_b) must be a number from 0 to 10, not '-1'."),
    ({"residual": "on"}, "Residual connections (residual) must be 0 or 1, not 'on'."),
    ({"loss": "msee"}, "Unknown loss 'msee'. Did you mean 'mse'? Known: mse, mae,"),
    (
        {"loss": "hinge", "data": "plane"},
        "Hinge does not fit real-valued targets: it wants two classes. Choose",
    ),
    ({"optimizer": "adm"}, "Unknown optimizer 'adm'. Did you mean 'adam'? Known: sgd,"),
    ({"learning_rate": "0"}, "Learning rate (learning_rate) must be a number from 1e-06 to 100, not '0'."),
    ({"learning_rate": "inf"}, "must be a number from 1e-06 to 100, not 'inf'."),
    ({"learning_rate": "1e999"}, "must be a number from 1e-06 to 100, not '1e999'."),
    ({"learning_rate": "٠.١"}, "must be a number from 1e-06 to 100, not '٠.١'."),
    ({"learning_rate": 10**400}, "must be a number from 1e-06 to 100, not 1000"),
    ({"schedule": "cosinus"}, "Unknown schedule 'cosinus'. Did you mean 'cosine'?"),
    ({"momentum": 1}, "Momentum (momentum) must be a number from 0 to 0.999, not 1."),
    ({"nesterov": "yes"}, "Nesterov (nesterov) must be 0 or 1, not 'yes'."),
    ({"nesterov": 2}, "Nesterov (nesterov) must be 0 or 1, not 2."),
    ({"clip": "norm0"}, "A clipping limit must lie between 0.0001 and 1000; 'norm0' was given."),
    ({"clip": "nrom1"}, "Unknown clipping 'nrom1'. Known: none, valueLIMIT, normLIMIT, globalLIMIT;"),
    ({"clip": "norm" + "1" * 40}, "Gradient clipping (clip) must have at most 40 characters;"),
    ({"batch_size": "1025"}, "Batch size (batch_size) must be a whole number from 0 to 1024, not '1025'."),
    ({"shuffle": ""}, "Shuffle (shuffle) must be 0 or 1, not ''."),
    ({"regularizer": "l3"}, "Unknown regularizer 'l3'. Known: none, l1, l2, l1l2."),
    ({"regularization_rate": 21}, "(regularization_rate) must be a number from 0 to 20, not 21."),
    ({"seed": 2**31}, "Seed (seed) must be a whole number from 0 to 2147483647, not 2147483648."),
    ({"epochs": "0"}, "Epochs (epochs) must be a whole number from 1 to 100000, not '0'."),
    ({"target_loss": "-1"}, "Stop at test loss (target_loss) must be a number from 0 to 1000000, not '-1'."),
    ({"patience": []}, "Patience (patience) must be a whole number from 0 to 100000, not []."),
    ({"learningrate": 1}, "Unknown setting 'learningrate'. Did you mean 'learning_rate'? Known: data,"),
    ({"\ud800" * 99: 1}, r"Unknown setting '\ud800"),
]


@pytest.mark.parametrize(("fields", "words"), BAD, ids=[str(place) for place in range(len(BAD))])
def test_what_is_wrong_is_said(fields: dict, words: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        make(fields)
    error = caught.value
    assert words in str(error) and len(str(error)) < 800
    if (blamed := next(iter(fields))) in SETTINGS:
        assert list(error.problems) == [blamed] and words in error.problems[blamed]
    str(error).encode(), "".join(error.problems).encode()
    # All but the setting to blame is kept.
    rest = {name: value for name, value in fields.items() if name != blamed}
    assert error.experiment == make(rest)


def test_the_table_above_covers_every_setting() -> None:
    assert {next(iter(fields)) for fields, _ in BAD} >= SETTINGS.keys()


def test_every_fault_is_named_at_once() -> None:
    bad = {
        "data": "xor",
        "samples": "x",
        "loss": "hing",
        "hidden": "8-8-8",
        "activation": "tanh-relu",
        "no": 1,
    }
    with pytest.raises(ExperimentError) as caught:
        make(bad)
    assert set(caught.value.problems) == {"samples", "loss", "activation", "no"}
    assert caught.value.experiment == make({"data": "xor", "hidden": "8-8-8"})


def test_what_hangs_on_a_fault_is_not_blamed() -> None:
    # Whether the loss fits cannot be said without the data.
    with pytest.raises(ExperimentError) as caught:
        make({"data": "ring", "loss": "categorical_crossentropy", "seed": 7})
    assert set(caught.value.problems) == {"data"}
    assert caught.value.experiment == make({"seed": 7})


def test_errors_survive_a_worker() -> None:
    with pytest.raises(ExperimentError) as caught:
        make({"samples": -1, "seed": 2})
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.problems, copy.experiment) == (caught.value.problems, caught.value.experiment)


@pytest.mark.parametrize(
    "fields",
    [
        {"activation": "tanh-tanh"},
        {"activation": "tanh", "hidden": " 08-8 "},
        {"features": "x2-x1-x2"},
        {"features": ["x2", "x1"]},
        {"label_noise": -0.0},
        {"label_noise": "-0"},
        {"learning_rate": "1e-2"},
        {"learning_rate": ".01"},
        {"samples": "00"},
        {"batch_size": np.int64(10)},
        {"learning_rate": np.float64(0.01)},
        {"nesterov": "FALSE", "shuffle": 1},
        {"clip": ""},
        {"steps": "020"},
    ],
)
def test_one_experiment_however_it_is_written(fields: dict) -> None:
    made = make(fields)
    assert made == DEFAULT and hash(made) == hash(DEFAULT)
    assert made.to_link() == DEFAULT.to_link() and made.to_json() == DEFAULT.to_json()


@quick
@given(experiments())
def test_everything_valid_can_be_made_again(experiment: Experiment) -> None:
    again = make(experiment.model_dump())
    assert again == experiment and hash(again) == hash(experiment)
    assert experiment.change() == experiment
    assert pickle.loads(pickle.dumps(experiment)) == experiment
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert make(experiment.differences()) == experiment
    assert settle(experiment.model_dump()) == (experiment, [])
    assert experiment.needs_reset(again) == ()
    assert len(experiment.activations) == len(experiment.layers)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(list(DATASETS)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@quick
@given(st.dictionaries(st.sampled_from(list(SETTINGS)) | st.text(max_size=8), ANYTHING, max_size=5))
@example({"learning_rate": 10**400})
def test_anything_makes_an_experiment_or_our_error(fields: dict) -> None:
    for door in (make, lambda fields: settle(fields)[0]):
        try:
            assert isinstance(door(fields), Experiment)
        except ExperimentError as error:
            assert error.problems and isinstance(error.experiment, Experiment)


def test_experiments_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValueError, match="frozen"):
        DEFAULT.seed = 2  # type: ignore[misc]
    assert DEFAULT.change(seed=2).seed == 2
    with pytest.raises(ExperimentError, match="Hinge does not fit"):
        DEFAULT.change(loss="hinge").change(data="plane")


def test_settings_are_whole() -> None:
    for name, setting in SETTINGS.items():
        assert setting.name == name and setting.label and setting.help.endswith(".")
        assert getattr(DEFAULT, name) == setting.default
        assert (setting.low is None) == (setting.high is None)
    labels = [setting.label for setting in SETTINGS.values()]
    assert len(set(labels)) == len(labels)
