"""Links of TensorFlow Playground: the same data, network and steps in Keras terms, and bad links."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnplay import catalog
from nnplay.experiment import MAX_LINK_LENGTH, SETTINGS, Experiment, ExperimentError, make
from nnplay.tensorflow_playground import (
    CLASSIFICATION,
    HIDES,
    INPUTS,
    REGRESSION,
    Page,
    is_tensorflow_playground,
    page_of,
    read,
)

quick = settings(deadline=None, max_examples=100)
ADDRESS = "https://playground.tensorflow.org/"
# As its page writes it into the address bar, untouched.
WHOLE = (
    "activation=tanh&batchSize=10&dataset=circle&regDataset=reg-plane&learningRate=0.03&regularizationRate=0"
    "&noise=0&networkShape=4,2&seed=0.52398&showTestData=false&discretize=false&percTrainData=50&x=true&y=true"
    "&xTimesY=false&xSquared=false&ySquared=false&cosX=false&sinX=false&cosY=false&sinY=false"
    "&collectStats=false&problem=classification&initZero=false&hideText=false"
)
START: dict[str, Any] = {
    "data": "circle",
    "samples": 500,
    "features": "x1-x2",
    "hidden": "4-2",
    "activation": "tanh",
    "initializer": "playground",
    "loss": "mse",
    "optimizer": "sgd",
    "learning_rate": 0.015,
    "batch_size": 10,
    "shuffle": False,
}


@pytest.mark.parametrize(
    "link", [ADDRESS, ADDRESS + "#", "playground.tensorflow.org", "#", "", "dataset=&noise="]
)
def test_a_bare_address_is_what_it_starts_with(link: str) -> None:
    assert read(link)[0] == make(START)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("dataset=xor", {"data": "xor"}),
        ("dataset=xor&problem=classification&regDataset=reg-gauss", {"data": "xor"}),
        ("dataset=gauss&noise=25", {"data": "gauss", "position_noise": 0.25}),
        ("dataset=spiral&noise=50", {"data": "spiral", "position_noise": 0.5}),
        ("noise=35", {"label_noise": 0.35}),
        ("problem=regression", {"data": "plane", "samples": 1200}),
        ("problem=regression&regDataset=reg-gauss&dataset=xor", {"data": "gaussians", "samples": 1200}),
        ("percTrainData=10", {"test_fraction": 0.9}),
        ("percTrainData=90", {"test_fraction": 0.1}),
        ("percTrainData=70", {"test_fraction": 0.3}),
        ("learningRate=0.00001", {"learning_rate": 0.000005}),
        ("learningRate=10", {"learning_rate": 5}),
        ("learningRate=1e-3", {"learning_rate": 0.0005}),
        ("batchSize=30", {"batch_size": 30}),
        ("networkShape=8,8,8,8,8,8", {"hidden": "8-8-8-8-8-8"}),
        ("networkShape=8%2C4", {"hidden": "8-4"}),
        ("networkShape=", {"hidden": "none"}),
        ("networkShape=1", {"hidden": "1"}),
        ("activation=relu", {"activation": "relu"}),
        ("activation=sigmoid", {"activation": "sigmoid"}),
        ("activation=linear", {"activation": "linear"}),
        ("regularization=L2&regularizationRate=0.1", {"regularizer": "l2", "regularization_rate": 0.1}),
        ("regularization=L1&regularizationRate=0.003", {"regularizer": "l1", "regularization_rate": 0.006}),
        ("regularization=L1&regularizationRate=10", {"regularizer": "l1", "regularization_rate": 20}),
        ("regularization=L2", {"regularizer": "l2", "regularization_rate": 0}),
        ("regularizationRate=3", {}),
        ("regularization=none&regularizationRate=3", {}),
        ("initZero=true", {"initializer": "zeros"}),
        ("x=false&sinX=true&sinY=true", {"features": "x2-sinx1-sinx2"}),
        ("xSquared=true&ySquared=true&xTimesY=true", {"features": "x1-x2-x1sq-x2sq-x1x2"}),
        ("x=false&y=false&cosX=true&cosY=true", {"features": "cosx1-cosx2"}),
        ("showTestData=true&discretize=true&playButton_hide=true&tutorial=dnn&hideText=true", {}),
    ],
)
def test_links_become_experiments(link: str, expected: dict[str, Any]) -> None:
    experiment, notes = read("#" + link)
    assert experiment == make({**START, **expected})
    assert read(ADDRESS + "#" + link) == (experiment, notes) == read(link)


def test_a_whole_link() -> None:
    experiment, notes = read(ADDRESS + "#" + WHOLE)
    assert experiment.change(seed=1) == make(START)
    assert experiment.pairing.output == "tanh" and experiment.pairing.targets == "signs"
    # Nothing was set there that is not here.
    assert len(notes) == 3


@pytest.mark.parametrize("problem", ["classification", "regression"])
@pytest.mark.parametrize("noise", ["0", "5", "17.5", "50"])
@pytest.mark.parametrize("regularization", ["none", "L1", "L2"])
def test_every_combination_can_be_loaded(problem: str, noise: str, regularization: str) -> None:
    entries, key = (CLASSIFICATION, "dataset") if problem == "classification" else (REGRESSION, "regDataset")
    for name, data in entries.items():
        link = (
            f"problem={problem}&{key}={name}&noise={noise}&regularization={regularization}&percTrainData=30"
        )
        experiment, _ = read(link)
        assert experiment.data == data.name
        noises = {"label_noise", "position_noise"}
        assert getattr(experiment, data.noise) == float(noise) / 100
        assert all(getattr(experiment, other) == 0 for other in noises - {data.noise})
        split = experiment.load_data()
        assert (len(split.x_train), len(split.x_test)) == (data.points * 3 // 10, data.points * 7 // 10)
        assert experiment.pairing.output == ("tanh" if problem == "classification" else "linear")


def test_its_page_is_shown_alike() -> None:
    assert page_of(ADDRESS + "#" + WHOLE) == page_of("") == Page(False, False, ())
    assert page_of("#showTestData=true&discretize=true&dataset=xor") == Page(True, True, ())
    every = "&".join(f"{name}_hide=true" for name in HIDES)
    hidden = page_of("#" + every).hidden
    assert set(hidden) == {name for names in HIDES.values() for name in names} <= SETTINGS.keys()
    assert page_of(f"#{every.replace('=true', '=false')}").hidden == ()


def test_the_seed_is_a_number_of_its_text() -> None:
    seeds = [read(f"seed={text}")[0].seed for text in ("0.52398", "0.52399", "1", "x", "%F0%9F%8C%80")]
    assert len(set(seeds)) == len(seeds)
    # Links must mean the same for ever.
    assert seeds[0] == 1004631899
    assert read("seed=")[0].seed == read("")[0].seed == 1


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "another random generator"),
        ("", "0.1 there is 0.2 here. With half the learning rate, 0.015 for 0.03,"),
        ("", "ends by itself here, after 1000 epochs"),
        ("batchSize=30", "250 training points do not fill batches of 30"),
        ("problem=regression&percTrainData=10&batchSize=7", "120 training points do not fill batches of 7"),
        (
            "regularization=L1&regularizationRate=0.1",
            "doubled as the loss is, 0.2 for 0.1. A weight that L1 pulls",
        ),
        ("cosX=true&cosY=true", "cosX and cosY: an input here"),
        ("tutorial=dnn&playButton_hide=true", "only concerns the page there: tutorial, playButton_hide."),
        ("batchSize_hide=true&noise_hide=true", "and keep their values: noise, batchSize."),
        ("regularization=L2&regularizationRate=0.1", "include the price on large weights"),
        ("abc=1&%00=2", r"no key of TensorFlow Playground: abc, \x00."),
        ("&".join(f"k{n}=1" for n in range(9)), "k0, k1, k2, k3, k4 and 4 more."),
    ],
)
def test_notes_say_what_differs(link: str, words: str) -> None:
    usual = read("")[1]
    notes = read(link)[1]
    assert any(words in note for note in notes)
    # L1 has a note more: its losses include it, as those of any regularisation.
    more = ("=L1" in link) + (words not in " ".join(usual))
    assert len(notes) == len(usual) + more
    assert all(note.endswith(".") for note in notes)


@pytest.mark.parametrize(
    ("link", "key", "words"),
    [
        ("activation=elu", "activation", "must be one of: relu, tanh, sigmoid, linear, not 'elu'."),
        ("dataset=moons", "dataset", "must be one of: circle, xor, gauss, spiral, not 'moons'."),
        ("regDataset=plane", "regDataset", "must be one of: reg-plane, reg-gauss, not 'plane'."),
        ("problem=both", "problem", "must be one of: classification, regression, not 'both'."),
        ("regularization=l2", "regularization", "must be one of: none, L1, L2, not 'l2'."),
        ("regularizationRate=11", "regularizationRate", "must be a number from 0 to 10, not '11'."),
        ("learningRate=0", "learningRate", "must be a number from 0.00001 to 10, not '0'."),
        ("learningRate=1e999", "learningRate", "must be a number from 0.00001 to 10, not '1e999'."),
        ("learningRate=NaN", "learningRate", "not 'NaN'."),
        ("noise=51", "noise", "must be a number from 0 to 50, not '51'."),
        ("noise=-1", "noise", "not '-1'."),
        ("batchSize=0", "batchSize", "must be a whole number from 1 to 1024, not '0'."),
        ("batchSize=2.5", "batchSize", "not '2.5'."),
        ("batchSize=" + "9" * 3000, "batchSize", "not '999"),
        ("percTrainData=95", "percTrainData", "must be a number from 10 to 90, not '95'."),
        ("networkShape=4,0", "networkShape", "up to 100 numbers from 1 to 512, with commas, not '4,0'."),
        ("networkShape=4,", "networkShape", "not '4,'."),
        ("networkShape=4-2", "networkShape", "not '4-2'."),
        ("networkShape=" + "1," * 100 + "1", "networkShape", "not '1,1,"),
        ("networkShape=" + "512," * 9 + "512", "networkShape", "at most 2,000,000 are allowed."),
        ("initZero=1", "initZero", "must be one of: true, false, not '1'."),
        ("x=yes", "x", "must be one of: true, false, not 'yes'."),
        ("x=false&y=false", "x", "A network needs at least one input. Set one or more of x, y,"),
        ("noise=1&noise=2", "noise", "'noise' is given twice, as '1' and '2'."),
        ("noise=%ff", "noise", "not '\ufffd'."),
        ("a" * (MAX_LINK_LENGTH + 1), "", "Shorten it."),
    ],
)
def test_bad_links_say_why(link: str, key: str, words: str) -> None:
    for text in (link, "#" + link, ADDRESS + "#" + link):
        with pytest.raises(ExperimentError) as caught:
            read(text)
        assert list(caught.value.problems) == [key] and words in caught.value.problems[key]
        assert len(str(caught.value)) < 300


def test_every_fault_is_named_and_the_rest_kept() -> None:
    with pytest.raises(ExperimentError) as caught:
        read("noise=x&dataset=spiral&batchSize=y&networkShape=3&networkShape=z")
    assert set(caught.value.problems) == {"noise", "batchSize", "networkShape"}
    assert caught.value.experiment == make({**START, "data": "spiral", "hidden": "3"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ADDRESS, True),
        ("http://playground.tensorflow.org", True),
        ("  PLAYGROUND.tensorflow.org/#x", True),
        (ADDRESS + "#" + WHOLE, True),
        ("#" + WHOLE, True),
        (WHOLE, True),
        ("#dataset=xor", True),
        ("https://copy.example.org/#" + WHOLE, True),
        ("", False),
        ("v=1&data=xor&activation=tanh&seed=3", False),
        ("https://nnplay.example.org/?data=xor&seed=3#" + WHOLE, False),
        ("https://nnplay.example.org/", False),
        ("https://playground.tensorflow.org.example.org/", False),
        ("dataset=xor", False),  # a slip: nnplay's answer is "Did you mean 'data'?"
        ("hello world", False),
        ("x" * 10_000, False),
        ("\ud800", False),
    ],
)
def test_its_links_are_told_from_ours(text: str, expected: bool) -> None:
    assert is_tensorflow_playground(text) is expected


@quick
@given(
    st.text()
    | st.lists(st.tuples(st.sampled_from(["noise", "x", "networkShape", "seed", "dataset"]), st.text())).map(
        lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
    )
)
@example("\ud800=\ud800&seed=\udfff")
def test_any_text_is_an_experiment_or_our_error(text: str) -> None:
    is_tensorflow_playground(text)
    try:
        experiment, notes = read(text)
    except ExperimentError as error:
        assert error.problems
    else:
        assert Experiment.from_link(experiment.to_link()) == experiment
        assert all(note.encode() for note in notes)


def test_all_inputs_are_known_here() -> None:
    everything = read("&".join(f"{name}=true" for name in INPUTS))[0]
    assert everything.features == tuple(INPUTS[name] for name in INPUTS)


# ---- the same steps: its engine in a few lines of numpy, beside Keras with what `read` says


class Its:
    """TensorFlow Playground's network 2-3-1 with tanh everywhere, and its steps."""

    def __init__(self) -> None:
        self.kernels = [np.array([[0.1, 0.3, -0.5], [-0.2, 0.4, 0.25]]), np.array([[0.2], [-0.4], [0.6]])]
        self.biases = [np.full(3, 0.1), np.full(1, 0.1)]

    def outputs(self, x: np.ndarray) -> list[np.ndarray]:
        """Of the input and of each layer."""
        hidden = np.tanh(x @ self.kernels[0] + self.biases[0])
        return [x, hidden, np.tanh(hidden @ self.kernels[1] + self.biases[1])]

    def loss(self, x: np.ndarray, y: np.ndarray) -> float:
        """Mean of (output - target)^2 / 2."""
        return float(np.mean((self.outputs(x)[-1][:, 0] - y) ** 2) / 2)

    def step(self, x: np.ndarray, y: np.ndarray, rate: float, slope: Any, penalty: float) -> None:
        """One update on a batch."""
        outputs = self.outputs(x)
        delta = (outputs[2] - y[:, None]) * (1 - outputs[2] ** 2)
        deltas = [(delta @ self.kernels[1].T) * (1 - outputs[1] ** 2), delta]
        for layer in (0, 1):
            gradient = outputs[layer].T @ deltas[layer] / len(x)
            self.kernels[layer] = self.kernels[layer] - rate * (
                gradient + penalty * slope(self.kernels[layer])
            )
            self.biases[layer] = self.biases[layer] - rate * deltas[layer].mean(axis=0)


X = np.array([[1, 2], [-1, 0.5], [2, -1], [-0.5, -2], [0.3, 0.7]])
Y = np.array([1.0, -1, -1, 1, 1])


def test_the_numpy_network_is_tensorflow_playgrounds() -> None:
    net, losses, carried = Its(), [], []
    for _ in range(6):
        losses.append(net.loss(X, Y))
        for sample in range(len(X)):
            carried.append(sample)
            # An update at each full batch of this epoch; what is left is carried over into the next one.
            if (sample + 1) % 2 == 0:
                net.step(X[carried], Y[carried], 0.3, lambda w: 0 * w, 0)
                carried = []
    # A trace of its own engine.
    trace = [0.5280697381, 0.4758466955, 0.4552836666, 0.4467950323, 0.4404100417, 0.4341391666]
    np.testing.assert_allclose(losses, trace, rtol=0, atol=5e-11)


@pytest.mark.parametrize(
    ("regularization", "slope"), [("none", lambda w: 0 * w), ("L1", np.sign), ("L2", lambda w: w)]
)
def test_keras_makes_the_same_steps(regularization: str, slope: Any) -> None:
    import keras

    rate, penalty = 0.3, 0.01
    experiment, _ = read(
        f"learningRate={rate}&regularization={regularization}&regularizationRate={penalty}&networkShape=3"
    )
    entry = catalog.REGULARIZERS[experiment.regularizer]
    rates = dict.fromkeys(entry.rates, experiment.regularization_rate)

    def dense(units: int) -> keras.layers.Dense:
        regularizer = getattr(keras.regularizers, entry.keras)(**rates) if entry.keras else None
        return keras.layers.Dense(units, experiment.activation, kernel_regularizer=regularizer)

    model = keras.Sequential([keras.Input((2,)), dense(3), dense(1)])
    net = Its()
    model.set_weights([net.kernels[0], net.biases[0], net.kernels[1], net.biases[1]])
    model.compile(keras.optimizers.SGD(experiment.learning_rate), experiment.loss)
    for _ in range(3):
        net.step(X[:4], Y[:4], rate, slope, penalty)
        model.train_on_batch(X[:4].astype("float32"), Y[:4, None].astype("float32"))
    expected = [net.kernels[0], net.biases[0], net.kernels[1], net.biases[1]]
    for array, wanted in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(array, wanted, atol=1e-5)
