"""The tutorials' models beside `model.fit`: weights, what they reach, and how long both take.

The Keras models are written as the tutorials write them, or as they must have meant it where that cannot run.
Both sides see the same samples in batches of the same size, with the test samples judged after each epoch.
Each has a process of its own: `model.fit` with TensorFlow's default threads, ours with one. What is timed is
training alone: neither tracing nor compiling.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

from loky import ProcessPoolExecutor

from nnplay.data import is_here
from nnplay.examples import TUTORIALS
from nnplay.experiment import Experiment

MOST_SECONDS = 15.0


def measure() -> dict[str, Any]:
    """A row for each variant of each tutorial's example."""
    rows = []
    usual = {"NNPLAY_THREADS": "0"}  # TensorFlow's own choice
    with ProcessPoolExecutor(1, env=usual) as theirs, ProcessPoolExecutor(1) as ours:
        for name, example in TUTORIALS.items():
            for variant in example.variants:
                experiment = variant.experiment
                if not is_here(experiment.data):
                    continue
                count, fit_seconds = theirs.submit(fit, name, experiment).result()
                row = ours.submit(run, experiment).result()
                rows.append(
                    {
                        "example": f"{example.source} {variant.label}",
                        "parameters": row["parameters"],
                        "keras": count,
                        "data": f"{experiment.data}, {row['samples']}",
                        "epochs": experiment.epochs,
                        "reached": row["reached"],
                        "nnplay": row["seconds"],
                        "fit": fit_seconds,
                        "ratio": fit_seconds / row["seconds"],
                    }
                )
                # It takes minutes: what is known already is told.
                print(line(rows[-1]), file=sys.stderr, flush=True)
    return {"unit": "seconds of training", "rows": rows}


def run(experiment: Experiment) -> dict[str, Any]:
    """Our side: its weights, samples to learn from, what it measured last, and seconds."""
    from nnplay.engine import fit as engine
    from nnplay.engine.build import build

    results, _ = engine.run(experiment)
    trained = [result for result in results if len(result.rows.values)]
    last = dict(zip(trained[-1].rows.names, trained[-1].rows.values[-1].tolist(), strict=True))
    reached = {name: last[name] for name in ("val_accuracy", "val_loss") if name in last}
    return {
        "parameters": build(experiment, 1).model.count_params(),
        "samples": len(experiment.load_data().x_train),
        "reached": reached,
        "seconds": sum(result.seconds for result in trained),
    }


def fit(name: str, experiment: Experiment) -> tuple[int, float]:
    """Keras's side: weights, and seconds of `fit` after two epochs that are not counted; of a long run those
    of its beginning, as many times as it is longer."""
    from nnplay.data import encode_targets

    split, targets = experiment.load_data(), experiment.pairing.targets
    y, y_test = (encode_targets(part, targets, split.classes) for part in (split.y_train, split.y_test))
    model = keras_model(name, experiment)
    shape = (-1, *model.input_shape[1:])
    x, x_test = split.x_train.reshape(shape), split.x_test.reshape(shape)
    batch = experiment.batch_size or len(x)

    def seconds(epochs: int) -> float:
        start = time.perf_counter()
        model.fit(x, y, batch_size=batch, epochs=epochs, validation_data=(x_test, y_test), verbose=0)
        return time.perf_counter() - start

    seconds(1)
    epochs = max(1, min(experiment.epochs, int(MOST_SECONDS / seconds(1))))
    return model.count_params(), seconds(epochs) * experiment.epochs / epochs


def keras_model(name: str, experiment: Experiment) -> Any:
    """The tutorial's model, compiled as it says; of T3b the one whose steps the experiment has."""
    import keras

    layers = keras.layers
    optimizer, loss = optimizer_of(experiment, keras), experiment.loss
    model = MODELS[name](keras, layers, experiment.hidden)
    metrics = ["accuracy"] if experiment.task != "regression" else []
    model.compile(optimizer=optimizer, loss=loss, metrics=metrics)
    return model


def optimizer_of(experiment: Experiment, keras: Any) -> Any:
    """The optimizer with its rate."""
    return {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}[experiment.optimizer](
        experiment.learning_rate
    )


def _t0a(keras: Any, layers: Any, hidden: str) -> Any:
    inputs = keras.Input((10,))
    x = layers.Dense(128, activation="relu")(inputs)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def _t0b(keras: Any, layers: Any, hidden: str) -> Any:
    parts = [layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dropout(0.2)]
    return keras.Sequential([keras.Input((28, 28)), *parts, layers.Dense(10, activation="softmax")])


def _t1(keras: Any, layers: Any, hidden: str) -> Any:
    parts = [layers.Dense(32, activation="relu"), layers.Dense(1, activation="sigmoid")]
    return keras.Sequential([keras.Input((20,)), *parts])


def _t2(keras: Any, layers: Any, hidden: str) -> Any:
    normal = keras.initializers.RandomNormal(stddev=1.0, seed=1)
    parts = [layers.Dense(4, "sigmoid", kernel_initializer=normal), layers.Dense(1, "sigmoid")]
    return keras.Sequential([keras.Input((2,)), *parts])


def _t3a(keras: Any, layers: Any, hidden: str) -> Any:
    parts = [layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
    return keras.Sequential([keras.Input((784,)), *parts])


def _t3b(keras: Any, layers: Any, hidden: str) -> Any:
    shape = (784, 1) if hidden.startswith("pixels") else (28, 28)
    parts = [layers.LSTM(64, return_sequences=True), layers.LSTM(64)]
    return keras.Sequential([keras.Input(shape), *parts, layers.Dense(10, activation="softmax")])


def _t3c(keras: Any, layers: Any, hidden: str) -> Any:
    parts = [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
    ]
    return keras.Sequential([keras.Input((28, 28, 1)), *parts, layers.Dense(10, activation="softmax")])


def _t3d(keras: Any, layers: Any, hidden: str) -> Any:
    inputs = keras.Input((28, 28))
    x = layers.Dense(64, activation="relu")(inputs)
    x = layers.Flatten()(layers.MultiHeadAttention(1, 64)(x, x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def _t4(keras: Any, layers: Any, hidden: str) -> Any:
    parts = [layers.Dense(4, activation="relu"), layers.Dense(1, activation="sigmoid")]
    return keras.Sequential([keras.Input((2,)), *parts])


# By the examples' names.
MODELS: dict[str, Callable[[Any, Any, str], Any]] = {
    "t0a": _t0a, "t0b": _t0b, "t1": _t1, "t2": _t2, "t3a": _t3a, "t3b": _t3b, "t3c": _t3c, "t3d": _t3d,
    "t4": _t4,
}  # fmt: skip


HEAD = (
    "| model | weights (Keras) | data, training samples | epochs | reached on the test samples | model.fit | "
    "nnplay | ratio |"
)


def table(report: dict[str, Any]) -> str:
    """The report as a table in Markdown."""
    return "\n".join([HEAD, "|---" * 8 + "|", *map(line, report["rows"])])


def line(row: dict[str, Any]) -> str:
    """A row of it."""
    reached = ", ".join(
        f"{value:.1%}" if name == "val_accuracy" else f"loss {value:.3f}"
        for name, value in row["reached"].items()
    )
    ratio = f"{row['ratio']:,.{0 if row['ratio'] >= 10 else 1}f}"
    return (
        f"| {row['example']} | {row['parameters']:,} ({row['keras']:,}) | {row['data']} | "
        f"{row['epochs']:,} | {reached} | {seconds(row['fit'])} | {seconds(row['nnplay'])} | {ratio}x |"
    )


def seconds(value: float) -> str:
    """Two digits of it."""
    return f"{value:,.0f} s" if value >= 10 else f"{value:.2g} s"
