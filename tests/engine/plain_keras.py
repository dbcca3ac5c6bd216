"""The networks of experiments written out in plain Keras: the truth that the engine is held to.

Nothing here uses `nnplay.engine`; only the drawn initial weights are taken over, so that both start alike.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from nnplay import catalog
from nnplay.experiment import Experiment

RECURRENT = {"rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
METRICS: dict[str, Any] = {
    "signs": lambda: sign_accuracy,
    "binary": lambda: keras.metrics.BinaryAccuracy(name="accuracy"),
    "onehot": lambda: keras.metrics.CategoricalAccuracy(name="accuracy"),
    "labels": lambda: keras.metrics.SparseCategoricalAccuracy(name="accuracy"),
}


def sign_accuracy(y_true: Any, y_pred: Any) -> Any:
    """1 where target and output have the same sign, else 0."""
    return keras.ops.cast(y_true * y_pred > 0, "float32")


sign_accuracy.__name__ = "accuracy"


def targets(y: np.ndarray, encoding: str) -> np.ndarray:
    """Class numbers, or real values, (samples,) as the loss wants them."""
    if encoding == "onehot":
        return (y[:, None] == np.arange(y.max() + 1)).astype("float32")
    if encoding == "labels":
        return y[:, None]
    return (2.0 * y - 1.0 if encoding == "signs" else 1.0 * y).astype("float32")[:, None]


def data(experiment: Experiment) -> tuple[np.ndarray, ...]:
    """x, y, x_test, y_test, encoded."""
    split, encoding = experiment.load_data(), experiment.pairing.targets
    return (
        split.x_train,
        targets(split.y_train, encoding),
        split.x_test,
        targets(split.y_test, encoding),
    )


def model(experiment: Experiment, weights: dict[str, Any]) -> keras.Model:
    """The network with these kernels and biases, not compiled."""
    penalty = catalog.REGULARIZERS[experiment.regularizer]
    rates = {rate: experiment.regularization_rate for rate in penalty.rates}
    regularizer = getattr(keras.regularizers, penalty.keras)(**rates) if penalty.keras else None
    kinds = [layer.kind for layer in experiment.layers] + ["dense"]
    layers = [
        keras.layers.Dense(kernel.shape[1], kernel_regularizer=regularizer, name=name)
        if kind == "dense"
        else RECURRENT[kind](
            layer.units,
            activation=experiment.activations[place],
            return_sequences=kinds[place + 1] != "dense",
            kernel_regularizer=regularizer,
            recurrent_regularizer=regularizer,
            name=name,
        )
        for place, (kind, layer, kernel, name) in enumerate(
            zip(kinds, (*experiment.layers, None), weights["kernels"], _names(weights), strict=True)
        )
    ]
    x = inputs = keras.Input(experiment.load_data().x_train.shape[1:])
    for place, (layer, name) in enumerate(zip(layers[:-1], experiment.activations, strict=True), start=1):
        if kinds[place - 1] != "dense":
            x = layer(x)
            continue
        if len(x.shape) > 2:
            x = keras.layers.Reshape((-1,))(x)
        x = layer(x)
        if normalization := catalog.NORMALIZATIONS[experiment.normalizations[place - 1]].keras:
            x = getattr(keras.layers, normalization)()(x)
        x = keras.layers.Activation(catalog.ACTIVATIONS[name].keras)(x)
        if rate := experiment.dropouts[place - 1]:
            # The engine gives each dropout layer this seed.
            x = keras.layers.Dropout(rate, seed=1000 * experiment.seed + 500 + place)(x)
    x = keras.layers.Activation(experiment.pairing.output)(layers[-1](x))
    plain = keras.Model(inputs, x)
    for layer, kernel, recurrent, bias in zip(
        layers, weights["kernels"], weights["recurrent_kernels"], weights["biases"], strict=True
    ):
        layer.set_weights([kernel, recurrent, bias] if recurrent.size else [kernel, bias])
    return plain


def _names(weights: dict[str, Any]) -> list[str]:
    # Muon looks for "output" in the path of a variable, and leaves that layer to AdamW.
    count = len(weights["kernels"])
    return [f"hidden_{k}" for k in range(1, count)] + ["output"]


def optimizer(experiment: Experiment) -> keras.optimizers.Optimizer:
    """The Keras optimizer, with a Keras schedule that has the rate in it."""
    entry = catalog.OPTIMIZERS[experiment.optimizer]
    arguments = dict(entry.arguments)
    if experiment.momentum:
        arguments["momentum"] = experiment.momentum
    if experiment.nesterov:
        arguments["nesterov"] = True
    if clip := catalog.parse_clip(experiment.clip):
        arguments[clip.kind] = clip.limit
    rate: Any = experiment.learning_rate
    schedule = catalog.SCHEDULES[experiment.schedule]
    if schedule.keras:
        samples = len(experiment.load_data().x_train)
        total = experiment.epochs * -(-samples // (experiment.batch_size or samples))
        rate = getattr(keras.optimizers.schedules, schedule.keras)(**schedule.arguments(rate, total))
    return getattr(keras.optimizers, entry.keras)(learning_rate=rate, **arguments)


def loss(experiment: Experiment) -> keras.losses.Loss:
    """The Keras loss."""
    return getattr(keras.losses, catalog.LOSSES[experiment.loss].keras)()


def compiled(experiment: Experiment, weights: dict[str, Any]) -> keras.Model:
    """The network, ready for `fit`."""
    encoding = experiment.pairing.targets
    if experiment.task == "regression":
        metrics = [keras.metrics.R2Score(name="r2"), keras.metrics.RootMeanSquaredError(name="rmse")]
    else:
        metrics = [METRICS[encoding]()]
    plain = model(experiment, weights)
    plain.compile(optimizer(experiment), loss(experiment), metrics=metrics, jit_compile=False)
    # Left to itself, `fit` builds the optimizer where assignments are lost: ScheduleFreeAdamW, which starts
    # from a copy of the weights, would start from zeros (Keras 3.15.1).
    plain.optimizer.build(plain.trainable_variables)
    return plain


def fit(plain: keras.Model, experiment: Experiment, epochs: int, **more: Any) -> dict[str, np.ndarray]:
    """`fit` without shuffling; its history as arrays, (epochs,) or for `val_` every tenth or last epoch.

    Evaluating is most of its time on such small data, then starting each epoch: so one endless row of batches
    is given to it instead of the arrays.
    """
    x, y, x_test, y_test = data(experiment)
    size = experiment.batch_size or len(x)
    history = plain.fit(
        tf.data.Dataset.from_tensor_slices((x, y)).batch(size).cache().repeat(),
        shuffle=False,
        steps_per_epoch=-(-len(x) // size),
        epochs=epochs,
        validation_data=(x_test, y_test),
        validation_batch_size=10_000,
        validation_freq=validation_epochs(epochs),
        verbose=0,
        **more,
    )
    return {name: np.array(values) for name, values in history.history.items()}


def validation_epochs(epochs: int) -> list[int]:
    """The epochs after which `fit` evaluates the test samples."""
    return sorted({*range(10, epochs + 1, 10), epochs})


def largest_difference(history: dict[str, np.ndarray], rows: Any) -> float:
    """The largest difference between a history of `fit` and the engine's rows from epoch 1, all columns."""
    epochs = np.array(validation_epochs(len(rows.values)))
    differences = [0.0]
    for name, values in history.items():
        ours = rows.column(name)[epochs - 1] if name.startswith("val_") else rows.column(name)
        differences.append(float(np.abs(ours - values).max()))
    return max(differences)


def kernels(plain: keras.Model) -> list[np.ndarray]:
    """The kernels of the layers that have one, first = nearest the input."""
    return [layer.get_weights()[0] for layer in plain.layers if _has_kernel(layer)]


def _has_kernel(layer: keras.layers.Layer) -> bool:
    return isinstance(layer, keras.layers.Dense | keras.layers.RNN)
