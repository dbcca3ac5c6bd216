"""The engine's fused epochs against `model.fit` on the same network written in plain Keras."""

from itertools import zip_longest

import numpy as np
import plain_keras
import pytest

from nnplay.catalog import CLIPPINGS, LOSSES, NORMALIZATIONS, OPTIMIZERS, REGULARIZERS, SCHEDULES
from nnplay.engine import program
from nnplay.engine.chunk import train_chunk
from nnplay.experiment import Experiment

EPOCHS = 50
# 20 training samples in batches of 8: the last batch has four.
SMALL = Experiment(
    data="moons", samples=40, position_noise=0.2, hidden="4-3", batch_size=8, shuffle=False, epochs=EPOCHS
)
# What each optimizer needs, where 0.02 is not it, to move visibly but not so wildly that rounding errors
# grow from step to step (XLA and `fit` do not round alike).
RATES = {"sgd": 0.1, "adadelta": 1.0, "adagrad": 0.1, "ftrl": 0.1, "lion": 0.005, "lamb": 0.005}

# With XLA's rounding as well; what that makes of the others is no different.
COMPILED = ("sgd", "adam")


def assert_parity(experiment: Experiment, epochs: int = EPOCHS) -> None:
    """Train here and with `fit`; compare every column that `fit` has, and the kernels at the end."""
    start = train_chunk(experiment, None, views=("weights",))
    trained = train_chunk(experiment, start.state, epochs=epochs, views=("weights",))
    plain = plain_keras.compiled(experiment, start.views["weights"])
    history = plain_keras.fit(plain, experiment, epochs)
    assert set(history) == {
        name for name in trained.rows.names if not name.startswith(("epoch", "lr", "grad_", "update_"))
    }
    difference = plain_keras.largest_difference(history, trained.rows)
    print(f"largest difference from fit: {difference:.1e}")
    assert difference < 1e-5
    for ours, theirs, before in zip(
        trained.views["weights"]["kernels"],
        plain_keras.kernels(plain),
        start.views["weights"]["kernels"],
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)
        assert np.abs(ours - before).max() > 1e-3, "nothing was learned, so nothing was compared"


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer(name: str, request: pytest.FixtureRequest) -> None:
    if name not in COMPILED:
        request.getfixturevalue("without_xla")
    assert_parity(SMALL.change(optimizer=name, learning_rate=RATES.get(name, 0.02)))


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("name", [name for name, entry in OPTIMIZERS.items() if entry.momentum])
def test_momentum_and_nesterov(name: str) -> None:
    experiment = SMALL.change(optimizer=name, momentum=0.8, learning_rate=0.01)
    assert_parity(experiment.change(nesterov=OPTIMIZERS[name].nesterov))


def test_xla_only_rounds_differently(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same run with and without XLA, shuffled, with all that a program can have in it but dropout."""
    experiment = SMALL.change(
        data="plane", shuffle=True, normalization="layer", regularizer="l1l2", schedule="cosine",
        clip="global1", learning_rate=0.01,
    )  # fmt: skip
    tables = []
    for xla in (True, False):
        monkeypatch.setattr(program, "_programs", {})
        monkeypatch.setattr(program, "uses_xla", lambda experiment, xla=xla: xla)
        tables.append(train_chunk(experiment, None, epochs=EPOCHS).rows.values)
    np.testing.assert_allclose(*tables, rtol=1e-4, atol=1e-5)


# The members of four registries side by side: each of them is in some case, and they meet each other.
TOGETHER = list(
    zip_longest(
        REGULARIZERS, SCHEDULES, [c + "0.1" * bool(e.keras) for c, e in CLIPPINGS.items()], NORMALIZATIONS
    )
)


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize(("regularizer", "schedule", "clip", "normalization"), TOGETHER)
def test_every_regularizer_schedule_clipping_and_normalization(
    regularizer: str | None,
    schedule: str | None,
    clip: str | None,
    normalization: str | None,
) -> None:
    experiment = SMALL.change(
        regularizer=regularizer or "none",
        schedule=schedule or "constant",
        clip=clip or "none",
        normalization=normalization or "none",
        optimizer="sgd",
        momentum=0.9,
        learning_rate=0.02,
        regularization_rate=0.01,
    )
    assert_parity(experiment)


# Every kind of task with every encoding of its targets that some loss wants: the first such pair.
PAIRS = {
    (fit.task, fit.targets): (loss.name, fit.output)
    for loss in reversed(LOSSES.values())
    for fit in reversed(loss.pairs)
    if not fit.unit_targets
}
DATA = {"binary": "moons", "multiclass": "blobs", "regression": "plane"}


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize(("task", "encoding"), PAIRS)
def test_every_task_and_encoding(task: str, encoding: str) -> None:
    loss, output = PAIRS[task, encoding]
    experiment = SMALL.change(data=DATA[task], loss=loss, output=output, learning_rate=0.01)
    assert (experiment.task, experiment.pairing.targets) == (task, encoding)
    assert_parity(experiment)


@pytest.mark.usefixtures("without_xla")
def test_full_batch() -> None:
    assert_parity(SMALL.change(batch_size=0, learning_rate=0.02))


# One layer of each kind alone, and what differs in a stack: sequences handed on, a flattened sequence.
SEQUENCES = {
    "rnn": {"hidden": "rnn4"},
    "lstm": {"hidden": "lstm4", "data": "recall"},
    "gru": {"hidden": "gru4", "data": "wave", "regularizer": "l1l2"},
    "stack": {"hidden": "gru4-rnn3-2", "activation": "tanh-relu-tanh", "clip": "global0.1"},
    "dense": {"hidden": "4-3"},
}


@pytest.mark.usefixtures("without_xla")
@pytest.mark.parametrize("fields", SEQUENCES.values(), ids=list(SEQUENCES))
def test_recurrent_layers_and_sequences(fields: dict) -> None:
    sequence = {"data": "adding", "steps": 6, "learning_rate": 0.02, "loss": "mse", "recurrent_scale": 0.9}
    # Through two recurrent layers rounding errors grow too large for fifty.
    epochs = 20 if fields == SEQUENCES["stack"] else EPOCHS
    assert_parity(SMALL.change(**{**sequence, **fields}), epochs)


def test_dropout() -> None:
    """With the same seeds, Keras's dropout layers draw the same masks in both."""
    assert_parity(SMALL.change(dropout=0.3, hidden="6-5"))


def test_layers_with_their_own_normalization_and_dropout() -> None:
    # Not Adam: a bias before a normalisation has no gradient but rounding, which Adam would blow up.
    own = SMALL.change(hidden="6:batchnorm-5:dropout0:layernorm-4:nonorm", dropout=0.2)
    assert_parity(own.change(optimizer="sgd", momentum=0.9))


@pytest.mark.usefixtures("without_xla")
def test_no_hidden_layer_and_single_samples() -> None:
    assert_parity(SMALL.change(hidden="none", batch_size=1, samples=20))


@pytest.mark.usefixtures("without_xla")
def test_test_samples_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two whole pieces and a rest; R² and RMSE are not means over samples, so they would show it."""
    monkeypatch.setattr(program, "EVALUATION_BATCH", 9)
    monkeypatch.setattr(program, "_programs", {})
    assert_parity(SMALL.change(data="plane"))


@pytest.mark.usefixtures("without_xla")
def test_shuffled() -> None:
    """`fit` is given, epoch by epoch, the samples in the order in which the engine says it takes them."""
    experiment = SMALL.change(shuffle=True)
    start = train_chunk(experiment, None, views=("weights",))
    losses = train_chunk(experiment, start.state, epochs=4).rows.column("loss")
    plain = plain_keras.compiled(experiment, start.views["weights"])
    x, y, _, _ = plain_keras.data(experiment)
    for epoch, loss in enumerate(losses):
        order = np.concatenate([program.batch_of(experiment, epoch, batch).numpy() for batch in range(3)])
        history = plain.fit(x[order], y[order], batch_size=8, shuffle=False, verbose=0).history
        assert abs(history["loss"][0] - loss) < 1e-6


@pytest.mark.usefixtures("without_xla")
def test_more_test_samples_than_one_piece() -> None:
    experiment = SMALL.change(data="plane", samples=2300, test_fraction=0.9, batch_size=0)
    assert len(experiment.load_data().x_test) > 2 * program.EVALUATION_BATCH
    assert_parity(experiment)
