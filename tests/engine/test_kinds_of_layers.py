"""Every kind of layer: shapes and weights as Keras counts them, and training as `model.fit` does it."""

from typing import Any

import keras
import numpy as np
import pytest
from arbitrary import fitting, layers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from keras import layers as kl

from nnplay import catalog
from nnplay.data import encode_targets
from nnplay.engine.build import build
from nnplay.engine.chunk import train_chunk
from nnplay.engine.program import compile_program, uses_xla
from nnplay.experiment import Experiment, ExperimentError, make

# The tutorials' networks and others, with the number of weights that counting by hand gives: a digit of
# 28 x 28, ten classes.
COUNTED = {
    "128:dropout0.2": 784 * 128 + 128 + 1290,
    "flatten-64": 784 * 64 + 64 + 650,
    "conv32k3-pool2-conv64k3-pool2-flatten-64": 320 + 18_496 + 1600 * 64 + 64 + 650,
    "rows-lstm64-lstm64": 4 * 64 * (28 + 64 + 1) + 4 * 64 * (64 + 64 + 1) + 650,
    "rows-dense64-attention4h-mean": 28 * 64 + 64 + 4 * (64 * 64 + 64) + 650,
    "pixels-gru8": 3 * 8 * (1 + 8 + 2) + 90,
}
DATA = ("digits", "adding", "recall", "iris")


@pytest.mark.parametrize("hidden", COUNTED)
def test_the_weights_of_known_networks(hidden: str) -> None:
    experiment = make({"data": "digits28", "hidden": hidden, "loss": "mse"})
    assert experiment.parameters_estimate == COUNTED[hidden]


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(layers(), st.sampled_from(DATA), st.sampled_from(["none", "batch"]), st.sampled_from(["relu", "glu"]))
def test_shapes_and_weights_of_any_stack_are_keras_own(
    wanted: tuple[catalog.Layer, ...], data: str, normalization: str, name: str
) -> None:
    plain = Experiment(data=data, hidden="none", loss="mse", steps=7)
    hidden = fitting(wanted[:5], plain.input_shape, plain.dataset.layout)
    if any(catalog.LAYER_KINDS[layer.kind].recurrent for layer in hidden):
        normalization, name = "none", "relu"
    experiment = plain.change(
        hidden=catalog.format_layers(hidden), normalization=normalization, activation=name, residual=True
    )
    network = build(experiment, 1)
    assert network.model.count_params() == experiment.parameters_estimate
    made = {layer.name: tuple(layer.output.shape[1:]) for layer in network.model.layers}
    for number, stage in enumerate(experiment.stages, start=1):
        if f"hidden_{number}" in made and name != "glu":
            assert made[f"hidden_{number}"] == stage.made
    assert len(network.weight_layers) == len(experiment.kernel_places) + 1
    assert all(network.kernels_of(layer) for layer in network.weight_layers)


# ---- training

SMALL: dict[str, Any] = {
    "data": "digits", "samples": 60, "loss": "categorical_crossentropy", "batch_size": 16, "shuffle": False,
    "activation": "relu", "optimizer": "sgd", "momentum": 0.9, "learning_rate": 0.05,
}  # fmt: skip
# How each is written in plain Keras, after its input.
STACKS: dict[str, list[Any]] = {
    "conv4k3same-pool2-conv3k2s2-6": [
        kl.Reshape((8, 8, 1)), kl.Conv2D(4, 3, padding="same", activation="relu"), kl.MaxPooling2D(2),
        kl.Conv2D(3, 2, strides=2, activation="relu"), kl.Flatten(), kl.Dense(6, activation="relu"),
    ],
    "conv4k3:batchnorm-avgpool2s1-mean": [
        kl.Reshape((8, 8, 1)), kl.Conv2D(4, 3), kl.BatchNormalization(), kl.ReLU(),
        kl.AveragePooling2D(2, strides=1), kl.GlobalAveragePooling2D(),
    ],
    "rows-conv5k3-layernorm-max": [
        kl.Reshape((8, 8)), kl.Conv1D(5, 3, activation="relu"), kl.LayerNormalization(),
        kl.GlobalMaxPooling1D(),
    ],
    "rows-6-bigru3-bilstm4": [
        kl.Reshape((8, 8)), kl.Dense(6, activation="relu"),
        kl.Bidirectional(kl.GRU(3, activation="relu", return_sequences=True)),
        kl.Bidirectional(kl.LSTM(4, activation="relu")),
    ],
    "batchnorm-12-8": [
        kl.BatchNormalization(), kl.Dense(12, activation="relu"), kl.Dense(8, activation="relu"),
    ],
}  # fmt: skip


def attention() -> keras.Model:
    """rows-8-position-attention2h-mean; the positions by the paper's formula, one by one."""
    x = inputs = keras.Input((64,))
    x = kl.Dense(8, activation="relu")(kl.Reshape((8, 8))(x))
    table = np.zeros((8, 8), "float32")
    for step in range(8):
        for pair in range(4):
            angle = step / 10_000 ** (2 * pair / 8)
            table[step, 2 * pair], table[step, 2 * pair + 1] = np.sin(angle), np.cos(angle)
    x = x + table
    x = kl.GlobalAveragePooling1D()(kl.MultiHeadAttention(2, 4)(x, x))
    return keras.Model(inputs, kl.Dense(10, activation="softmax")(x))


def plain_model(hidden: str) -> keras.Model:
    if "attention" in hidden:
        return attention()
    return keras.Sequential([keras.Input((64,)), *STACKS[hidden], kl.Dense(10, activation="softmax")])


# Rounding errors grow: with layer normalisation behind a convolution the loss begins to jump before 50.
EPOCHS = 20


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("hidden", [*STACKS, "rows-8-position-attention2h-mean"])
def test_epochs_are_those_of_fit(hidden: str) -> None:
    """To 1e-5 in losses and accuracies of every epoch; twice that for sums over many steps and pixels."""
    experiment = make({**SMALL, "hidden": hidden})
    # From the very same weights: Keras lists them in the same order.
    weights = build(experiment, 1).model.get_weights()
    plain = plain_model(hidden)
    assert [w.shape for w in plain.get_weights()] == [w.shape for w in weights]
    plain.set_weights(weights)
    plain.compile(
        keras.optimizers.SGD(0.05, momentum=0.9),
        "categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    split = experiment.load_data()
    y, y_test = (encode_targets(y, "onehot", 10) for y in (split.y_train, split.y_test))
    history = plain.fit(
        split.x_train, y, batch_size=16, epochs=EPOCHS, shuffle=False, validation_data=(split.x_test, y_test),
        validation_batch_size=1000, verbose=0,
    ).history  # fmt: skip
    rows = train_chunk(experiment, None, epochs=EPOCHS).rows
    for name, values in history.items():
        assert np.abs(rows.column(name) - values).max() < 2e-5, name
    assert rows.column("loss")[-1] < 0.97 * rows.column("loss")[0], "nothing was learned"


def test_nothing_that_xla_is_slow_on_is_compiled_by_it() -> None:
    for kind in catalog.LAYER_KINDS.values():
        hidden = f"conv2k2-{kind.example}" if kind.axes[0] > 1 else kind.example
        data = "adding" if 3 not in kind.axes and kind.axes != (1, 2, 3) else "digits"
        experiment = make({"data": data, "samples": 40, "hidden": hidden, "loss": "mse"})
        assert not (uses_xla(experiment) and ("conv" in hidden or "pool" in hidden))


def test_every_view_can_be_made_of_images_and_attention() -> None:
    for hidden in ("conv4k3-pool2-6", "rows-4-attention2h-bilstm3"):
        experiment = make({**SMALL, "hidden": hidden, "samples": 40})
        views = ("predictions", "activations", "weights", "baseline", "evaluation")
        result = train_chunk(experiment, None, epochs=1, views=views)
        count = len(compile_program(experiment).network.weight_layers)
        assert all(len(values) == count for values in result.views["activations"].values())
        assert [name for name in result.rows.names if name.startswith("grad_")] == [
            f"grad_{k}" for k in range(1, count + 1)
        ]


@pytest.mark.parametrize("name", catalog.INITIALIZERS)
def test_every_initializer_can_draw_windows_and_heads(name: str) -> None:
    fields = {**SMALL, "initializer": name}
    if catalog.INITIALIZERS[name].keras == "Identity":
        with pytest.raises(ExperimentError, match="The identity is a matrix"):
            make({**fields, "hidden": "conv2k3"})
        return
    for hidden in ("conv2k3-3", "rows-4-attention2h-bigru2"):
        network = build(make({**fields, "hidden": hidden}), 1)
        kernels = [kernel.numpy() for layer in network.weight_layers for kernel in network.kernels_of(layer)]
        drawn = {array.tobytes() for array in kernels}
        # No two arrays are the same by an accident of their seeds.
        assert len(drawn) == len(kernels) or not catalog.INITIALIZERS[name].random
