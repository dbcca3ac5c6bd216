"""What an experiment means to the engine: its program, its data, the size of its layers."""

from arbitrary import experiments
from hypothesis import given, settings

from nnplay.experiment import DEFAULT, Experiment, make


@settings(deadline=None, max_examples=40)
@given(experiments(), experiments())
def test_program_key_leaves_out_what_is_not_compiled(experiment: Experiment, other: Experiment) -> None:
    key = experiment.program_key()
    assert key == make(experiment.model_dump()).program_key()
    names = ["learning_rate", "initializer", "target_loss", "patience"]
    if experiment.schedule == "constant":
        names += ["epochs"]
    if experiment.imbalance == 0:
        # With an imbalance they change how many points are left.
        names += ["seed", "label_noise", "position_noise"]
    assert experiment.change(**{name: getattr(other, name) for name in names}).program_key() == key


def test_program_key_tells_programs_apart() -> None:
    sgd = DEFAULT.change(optimizer="sgd", regularizer="l2")
    changes = [
        {}, {"hidden": "8-4"}, {"activation": "relu"}, {"output": "linear"}, {"dropout": 0.1},
        {"normalization": "batch"}, {"loss": "mae"}, {"optimizer": "rmsprop"}, {"momentum": 0.5},
        {"momentum": 0.6}, {"nesterov": True}, {"schedule": "cosine"}, {"schedule": "cosine", "epochs": 5},
        {"clip": "norm1"}, {"batch_size": 11}, {"shuffle": False}, {"regularization_rate": 0.1},
        {"regularizer": "l1"}, {"regularizer": "none"}, {"data": "plane"}, {"data": "rings"},
        {"samples": 100}, {"features": "x1"},
    ]  # fmt: skip
    keys = {sgd.change(**change).program_key() for change in changes}
    assert len(keys) == len(changes)


def test_program_key_is_shared_where_nothing_differs() -> None:
    key = DEFAULT.program_key()
    for change in (
        {"data": "moons"}, {"samples": 500}, {"momentum": 0.5}, {"nesterov": True}, {"epochs": 5},
        {"regularization_rate": 1}, {"regularizer": "l1", "regularization_rate": 0},
    ):  # fmt: skip
        assert DEFAULT.change(**change).program_key() == key
    assert DEFAULT.change(batch_size=0).program_key() == DEFAULT.change(batch_size=250).program_key()


def test_a_layers_own_settings_count_as_those_of_all() -> None:
    own = DEFAULT.change(hidden="8:batchnorm:dropout0.2-8:batchnorm:dropout0.2")
    assert own.program_key() == DEFAULT.change(normalization="batch", dropout=0.2).program_key()
    assert own.program_key() != DEFAULT.change(hidden="8:batchnorm:dropout0.2-8:batchnorm").program_key()


def test_data_is_shared() -> None:
    assert DEFAULT.load_data() is DEFAULT.change(hidden="4").load_data()
    assert DEFAULT.load_data() is not DEFAULT.change(seed=2).load_data()


def test_a_gated_activation_doubles_its_layer() -> None:
    assert make({"hidden": "8-4"}).parameters_estimate == 3 * 8 + 9 * 4 + 5
    assert make({"hidden": "8-4", "activation": "tanh-glu"}).parameters_estimate == 3 * 8 + 9 * 8 + 5
