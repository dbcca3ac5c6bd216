"""The code that trains an experiment with `model.fit`, on the same batches as the engine, and what it prints.

Changes made while the run was going are repeated where `fit` can take them over between two calls; others
are told in comments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from nnplay import catalog
from nnplay.engine.weights import WeightEdit
from nnplay.experiment import SETTINGS, Experiment
from nnplay.export.section import Code, Section, call, wrapped

ACCURACY = '''def accuracy(y_true, y_pred):
    """1 where the output has the sign of the target, else 0."""
    return keras.ops.cast(keras.ops.equal(y_true > 0, y_pred > 0), "float32")'''

# As `nnplay.engine.order` has it.
ORDER = '''def mixed(x):
    """Mix the bits of 32-bit numbers (Wellons, "Prospecting for Hash Functions": lowbias32)."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x


def order_of(samples, epoch):
    """The order in which an epoch, counted from 0, takes the samples: sorted by a hash."""
    epoch_key = mixed(np.array([epoch], "uint32") + mixed(np.array([SEED], "uint32")))
    keys = mixed(mixed(np.arange(samples, dtype="uint32")) + epoch_key)
    return np.argsort(keys.view("int32"), kind="stable")'''

BATCHES = '''def batches(epochs, size):
    """The batches of these epochs, one after the other."""
    for epoch in epochs:
        order = {order}
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            yield x_train[rows], y_train[rows]'''

TARGET = """class StopAtTarget(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        if logs["val_loss"] <= {target!r}:
            self.model.stop_training = True"""

REPORT = """def report(epoch, logs):
    print(f"epoch {epoch + 1}: loss {logs['loss']:.6f}, test loss {logs['val_loss']:.6f}")"""

SELDOM = """def report(epoch, logs):
    if (epoch + 1) % {every} == 0:
        print(f"epoch {{epoch + 1}}: loss {{logs['loss']:.6f}}, test loss {{logs['val_loss']:.6f}}")"""

# Changes that are repeated: the others are part of what Keras has compiled.
REPEATED = {"learning_rate", "batch_size", "shuffle", "epochs", "target_loss", "patience"}


@dataclass(frozen=True)
class Piece:
    """From epoch `first` to `last`, trained by this experiment; before it `words` are said, `lines` done."""

    first: int
    last: int
    experiment: Experiment
    words: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def pieces(origin: Experiment, epochs: int, changes: Sequence[Any]) -> tuple[Piece, ...]:
    """The run cut where something was changed (`jobs.Change`), up to so many epochs."""
    found = [Piece(0, epochs, origin)]
    for change in changes:
        if change.epoch > epochs:
            break
        before = found[-1]
        words, lines, now = _taken_over(before.experiment, change)
        if change.epoch == before.first:
            found[-1] = Piece(before.first, epochs, now, (*before.words, *words), (*before.lines, *lines))
        elif change.epoch == epochs and not lines:
            # Nothing was trained since.
            continue
        else:
            found[-1] = Piece(before.first, change.epoch, before.experiment, before.words, before.lines)
            found.append(Piece(change.epoch, epochs, now, tuple(words), tuple(lines)))
    return tuple(found)


def _taken_over(before: Experiment, change: Any) -> tuple[list[str], list[str], Experiment]:
    """Words on a change, the lines that repeat it, and the experiment from then on."""
    where = f"epoch {change.epoch}" + (f" and {change.batch} batches" if change.batch else "")
    if change.weight:
        if change.batch:
            return (
                [f"After {where} a weight was set by hand; this script does so after the epoch."],
                (_edit(before, change.weight)),
                before,
            )
        return [f"After {where} a weight was set by hand."], _edit(before, change.weight), before
    words, lines, kept = [], [], {}
    for name, setting in SETTINGS.items():
        old, new = getattr(before, name), getattr(change.experiment, name)
        if old == new:
            continue
        told = f"After {where}: {setting.label} {old} to {new}."
        if name in REPEATED and not change.batch and not (name in LEARNING and _scheduled(before)):
            kept[name] = new
            if name == "learning_rate":
                lines.append(f"model.optimizer.learning_rate = {new!r}")
            words.append(told)
        else:
            words.append(f"{told} Not repeated here: from here on the numbers differ.")
    return words, lines, before.change(**kept)


LEARNING = {"learning_rate", "batch_size", "epochs"}


def _scheduled(experiment: Experiment) -> bool:
    return bool(catalog.SCHEDULES[experiment.schedule].keras)


def _edit(experiment: Experiment, edit: WeightEdit) -> list[str]:
    name = "output" if edit.layer == len(experiment.layers) else f"hidden_{edit.layer + 1}"
    where = f"1][{edit.unit_to}]" if edit.unit_from is None else f"0][{edit.unit_from}, {edit.unit_to}]"
    return [
        f'layer = model.get_layer("{name}")',
        "weights = layer.get_weights()",
        f"weights[{where} = {float(edit.value)!r}",
        "layer.set_weights(weights)",
    ]


def training_section(experiment: Experiment, parts: tuple[Piece, ...]) -> Section:
    """Lines that compile and train `model`; they end with `history` of the last call of `fit`."""
    code = [*_metrics(experiment), *_compile(experiment), ""]
    last = parts[-1].last
    stops = _stops(parts[-1].experiment) if len(parts) == 1 else []
    every = max(1, last // 10)
    code += [*_order(parts), SELDOM.format(every=every) if every > 1 else REPORT, "", ""]
    if stops and experiment.target_loss:
        code += [TARGET.format(target=experiment.target_loss), "", ""]
    shown = Code("keras.callbacks.LambdaCallback(on_epoch_end=report)")
    code.append(wrapped(f"callbacks = [{', '.join([shown, *stops])}]"))
    for part in parts:
        code += [f"# {sentence}" for sentence in part.words]
        code += part.lines
        if part.last > part.first or len(parts) == 1:
            code += _fit(part, only=len(parts) == 1)
    return Section("Training", _words(experiment, parts), "\n".join(code))


def _words(experiment: Experiment, parts: tuple[Piece, ...]) -> str:
    words = ""
    if any(_ordered(part.experiment) for part in parts):
        words = (
            "The order of the samples in each epoch is a hash of seed, epoch and place, so that it can be "
            "repeated anywhere; with these batches the numbers are those of nnplay, up to rounding."
        )
    if any(experiment.dropouts):
        words += (
            " What is dropped is the same too, as long as XLA is off (jit_compile=False) and the versions of "
            "Keras and TensorFlow are the same."
        )
    if "batch" in experiment.normalizations and experiment.optimizer != "sgd":
        words += (
            " Batch normalisation takes out what a bias before it adds: the gradient of that bias is nothing "
            "but rounding, of which this optimizer makes steps. The test loss agrees to two or three digits."
        )
    return words.strip()


def _metrics(experiment: Experiment) -> list[str]:
    return [ACCURACY, "", ""] if experiment.pairing.targets == "signs" else []


def _compile(experiment: Experiment) -> list[str]:
    optimizer, lines = _optimizer(experiment)
    loss = f"keras.losses.{catalog.LOSSES[experiment.loss].keras}()"
    made = call(
        "model.compile",
        optimizer=Code(optimizer),
        loss=Code(loss),
        metrics=Code(f"[{', '.join(_metric(experiment, name) for name in metric_names(experiment))}]"),
        # XLA draws other random numbers.
        jit_compile=False if any(experiment.dropouts) else None,
    )
    lines = [*lines, wrapped(made)]
    if experiment.optimizer == "schedule_free_adamw":
        lines += [
            "# It starts from a copy of the weights; left to itself `fit` would start it from zeros.",
            "model.optimizer.build(model.trainable_variables)",
        ]
    return lines


def metric_names(experiment: Experiment) -> tuple[str, ...]:
    """The names of the metrics in Keras's history."""
    return catalog.METRICS[experiment.task]


def _metric(experiment: Experiment, name: str) -> str:
    kinds = {
        "binary": "BinaryAccuracy",
        "labels": "SparseCategoricalAccuracy",
        "onehot": "CategoricalAccuracy",
    }
    if name == "accuracy" and experiment.pairing.targets == "signs":
        return "accuracy"
    kind = catalog.METRIC_ENTRIES[name].keras or kinds[experiment.pairing.targets]
    return call(f"keras.metrics.{kind}", name=name)


def _optimizer(experiment: Experiment) -> tuple[str, list[str]]:
    """The call that makes the optimizer, and the lines before it."""
    entry = catalog.OPTIMIZERS[experiment.optimizer]
    arguments: dict[str, object] = dict(entry.arguments)
    if entry.momentum and experiment.momentum_used:
        arguments["momentum"] = experiment.momentum_used
    if entry.nesterov and (experiment.nesterov or entry.usual_nesterov):
        arguments["nesterov"] = True
    if clip := catalog.parse_clip(experiment.clip):
        arguments[clip.kind] = clip.limit
    rate: object = experiment.learning_rate
    lines = []
    schedule = catalog.SCHEDULES[experiment.schedule]
    if schedule.keras:
        steps = experiment.epochs * ceil(len(experiment.load_data().x_train) / batch_size(experiment))
        made = call(
            f"keras.optimizers.schedules.{schedule.keras}",
            **schedule.arguments(experiment.learning_rate, steps),
        )
        lines = [
            f"# Over all {experiment.epochs:,} epochs of the run, {steps:,} steps.",
            wrapped(f"rate = {made}"),
        ]
        rate = Code("rate")
    return call(f"keras.optimizers.{entry.keras}", learning_rate=rate, **arguments), lines


def batch_size(experiment: Experiment) -> int:
    """Samples of a batch: all of them for 0."""
    samples = len(experiment.load_data().x_train)
    return min(experiment.batch_size or samples, samples)


def _ordered(experiment: Experiment) -> bool:
    """Whether the order of the samples counts: it does not where a batch has all of them."""
    whole = batch_size(experiment) == len(experiment.load_data().x_train)
    return experiment.shuffle and not (whole and not any(experiment.dropouts))


def _order(parts: tuple[Piece, ...]) -> list[str]:
    """The functions that make the batches, as far as they are needed."""
    if not any(_ordered(part.experiment) for part in parts):
        return []
    batches = BATCHES.format(order="order_of(len(x_train), epoch)")
    return [ORDER, "", "", batches, "", ""]


def _stops(experiment: Experiment) -> list[str]:
    found = []
    if experiment.patience:
        found.append(call("keras.callbacks.EarlyStopping", monitor="val_loss", patience=experiment.patience))
    return [*found, *(["StopAtTarget()"] if experiment.target_loss else [])]


def _fit(part: Piece, *, only: bool) -> list[str]:
    size = batch_size(part.experiment)
    samples = len(part.experiment.load_data().x_train)
    first, last = (0, "EPOCHS") if only else (part.first, part.last)
    if _ordered(part.experiment):
        numbers = f"range({last})" if not first else f"range({first}, {last})"
        size_name = "BATCH_SIZE" if only else str(size)
        given: list[object] = [Code(f"batches({numbers}, {size_name})")]
        named: dict[str, object] = {"steps_per_epoch": ceil(samples / size)}
    else:
        given = [Code("x_train"), Code("y_train")]
        named = {"batch_size": Code("BATCH_SIZE") if only else size}
    made = call(
        "model.fit",
        *given,
        **named,
        shuffle=False,
        initial_epoch=first or None,
        epochs=Code(str(last)),
        validation_data=Code("(x_test, y_test)"),
        validation_batch_size=1000,
        callbacks=Code("callbacks"),
        verbose=0,
    )
    return [wrapped(f"history = {made}")]


def result_section(experiment: Experiment) -> Section:
    """Lines that print the losses and metrics of the last epoch."""
    names = [("loss", "loss"), *((name, name) for name in metric_names(experiment))]
    lines = [
        "last = {name: values[-1] for name, values in history.history.items()}",
        'print(f"after {len(history.epoch) + history.epoch[0]} epochs")',
    ]
    for name, key in names:
        lines.append(f"print(f\"{name:<9} {{last['{key}']:.6f}}   test {{last['val_{key}']:.6f}}\")")
    return Section("Result", "", "\n".join(lines))
