"""The tutorials' code, really run with Keras as it is written, and the models as they were meant."""

import numpy as np
import pytest

from benchmarks.tutorials import MODELS, keras_model
from nnplay.engine.backend import keras
from nnplay.engine.build import build
from nnplay.examples import TUTORIALS

layers = keras.layers
VARIANTS = [(name, variant) for name, example in TUTORIALS.items() for variant in example.variants]


@pytest.mark.parametrize(("name", "variant"), VARIANTS, ids=[f"{n} {v.label}" for n, v in VARIANTS])
def test_each_has_the_weights_that_keras_counts(name: str, variant):
    theirs = keras_model(name, variant.experiment).count_params()
    assert variant.experiment.parameters_estimate == theirs
    assert build(variant.experiment, 1).model.count_params() == theirs


def test_every_tutorial_is_there():
    assert set(MODELS) == set(TUTORIALS)
    assert [example.source for example in TUTORIALS.values()] == [
        "T0a", "T0b", "T1", "T2", "T3a", "T3b", "T3c", "T3d", "T4",
    ]  # fmt: skip


def test_t1_as_written_has_no_accuracy_and_the_loss_of_one_half():
    random = np.random.default_rng(0)
    x, y = random.random((100, 20)), random.random((100, 1))
    keras.utils.set_random_seed(0)
    model = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    history = model.fit(x, y, epochs=10, batch_size=32, verbose=0).history
    assert history["accuracy"] == [0.0] * 10
    assert 0.6 < history["loss"][-1] < 0.8
    assert "accuracy of 0" in TUTORIALS["t1"].written and "ln 2" in TUTORIALS["t1"].written


X, Y = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float), np.array([[0], [1], [1], [0]], float)


def test_t2_as_written_multiplies_shapes_that_do_not_fit():
    output_weights = np.zeros((4, 1))
    with pytest.raises(ValueError, match=r"shapes \(4,2\) and \(4,1\) not aligned"):
        np.dot(X, output_weights)
    assert "4 × 2" in TUTORIALS["t2"].written and "4 × 1" in TUTORIALS["t2"].written


@pytest.mark.parametrize("seed", range(3))
def test_t2_done_right_in_plain_numpy_says_the_same(seed: int):
    slow, fast = (descend(seed, rate) for rate in (0.01, 10.0))
    assert slow > 0.2, "it hardly moves"
    assert fast < 0.01


def descend(seed: int, rate: float) -> float:
    """Loss of the 2-4-1 sigmoid network after 1000 epochs, its gradient by the chain rule."""
    random = np.random.default_rng(seed)
    v, w = random.normal(size=(2, 4)), random.normal(size=(4, 1))
    b, c = np.zeros(4), np.zeros(1)

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    for _ in range(1000):
        h = sigmoid(X @ v + b)
        p = sigmoid(h @ w + c)
        d = 2 * (p - Y) / len(X) * p * (1 - p)
        e = d @ w.T * h * (1 - h)
        w, c, v, b = w - rate * h.T @ d, c - rate * d.sum(0), v - rate * X.T @ e, b - rate * e.sum(0)
    return float(np.mean((sigmoid(sigmoid(X @ v + b) @ w + c) - Y) ** 2))


def test_t3a_as_written_ends_with_shapes_that_do_not_match():
    x, y = np.zeros((64, 784), "float32"), np.arange(64) % 10

    def made(loss: str) -> keras.Model:
        parts = [layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
        model = keras.Sequential(parts)
        model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
        return model

    model = made("categorical_crossentropy")
    with pytest.raises(ValueError) as caught:
        model.fit(x, y, epochs=1, batch_size=32, verbose=0)
    for words in ("target", "output", "must have the same rank", "(32,)", "(32, 10)"):
        assert words in str(caught.value) and words in TUTORIALS["t3a"].written
    made("sparse_categorical_crossentropy").fit(x, y, epochs=1, batch_size=32, verbose=0)


def test_t3d_as_written_ends_because_attention_needs_query_and_value():
    x, y = np.zeros((64, 784), "float32"), np.arange(64) % 10
    parts = [layers.Dense(64, activation="relu"), layers.Attention(), layers.Dense(10, activation="softmax")]
    sentence = "Attention layer must be called on a list of inputs"
    assert sentence in TUTORIALS["t3d"].written
    with pytest.raises(ValueError, match=sentence):
        model = keras.Sequential(parts)
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        model.fit(x, y, epochs=1, verbose=0)
    assert layers.Attention()([x[None, :9], x[None, :9]]).shape == (1, 9, 784)
