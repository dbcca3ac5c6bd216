"""How weights and outputs are spread, against plain Keras and numpy, now and in states of the past."""

import keras
import numpy as np
import plain_keras
import pytest

from nnplay.engine.chunk import look_back, train_chunk
from nnplay.engine.inspection.distributions import MOST_OUTPUTS, QUANTILES, quantiles
from nnplay.experiment import Experiment

VIEWS = ("distributions", "weights")
SMALL = {"samples": 40, "batch_size": 8, "dropout": 0.1}


@pytest.mark.parametrize(
    "fields",
    [
        {"data": "moons", "hidden": "4-3", "activation": "tanh"},
        {"data": "iris", "hidden": "5-5", "activation": "relu", "residual": True},
        {"data": "adding", "steps": 4, "hidden": "lstm3"},
    ],
    ids=["dense", "residual", "recurrent"],
)
def test_they_are_those_of_a_keras_model_with_the_same_weights(fields: dict[str, object]) -> None:
    experiment = Experiment(**SMALL, **fields)
    start = train_chunk(experiment, None, views=VIEWS)
    result = train_chunk(experiment, start.state, epochs=3, views=VIEWS)
    for shown in (start.views, result.views):
        _compare(experiment.change(residual=False), shown, outputs=not experiment.residual)
    # The past is measured the same, in whatever order, and nothing is trained by it.
    past = look_back(experiment, [result.state, start.state], VIEWS)
    for looked, shown in zip(past, (result.views, start.views), strict=True):
        for name, values in shown["distributions"].items():
            np.testing.assert_array_equal(looked["distributions"][name], values)
    again = train_chunk(experiment, start.state, epochs=3)
    np.testing.assert_array_equal(again.rows.values, result.rows.values)


def _compare(experiment: Experiment, shown: dict[str, dict], *, outputs: bool) -> None:
    found, weights = shown["distributions"], shown["weights"]
    shares = np.linspace(0, 1, QUANTILES)
    layers = zip(weights["kernels"], weights["recurrent_kernels"], strict=True)
    for place, (kernel, recurrent) in enumerate(layers):
        values = np.concatenate([kernel.ravel(), recurrent.ravel()])
        np.testing.assert_allclose(found["weights"][place], np.quantile(values, shares), rtol=1e-5, atol=1e-6)
        assert found["weights_mean"][place] == pytest.approx(values.mean(), rel=1e-4, abs=1e-6)
        assert found["weights_std"][place] == pytest.approx(values.std(), rel=1e-4)
        assert " × ".join(map(str, kernel.shape)) in found["shapes"][place]
    if not outputs:
        return
    plain = plain_keras.model(experiment, weights)
    kinds = (keras.layers.Activation, keras.layers.RNN)
    watched = keras.Model(plain.input, [layer.output for layer in plain.layers if isinstance(layer, kinds)])
    x = experiment.load_data().x_train[:256]
    for place, values in enumerate(watched(x, training=False)):
        wanted = np.quantile(np.asarray(values), shares)
        np.testing.assert_allclose(found["outputs"][place], wanted, rtol=1e-4, atol=1e-5)
        assert found["mean"][place] == pytest.approx(float(np.mean(values)), rel=1e-3, abs=1e-5)


def test_what_is_not_finite_has_no_quantiles() -> None:
    assert np.isnan(quantiles(np.array([1.0, np.inf], "float32"))).all()
    assert quantiles(np.arange(QUANTILES, dtype="float32")).tolist() == list(range(QUANTILES))
    assert MOST_OUTPUTS >= QUANTILES
