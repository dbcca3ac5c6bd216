"""Exported scripts: the same arrays bit for bit, the same final loss, and plain Keras that exists."""

import ast
import csv
import json
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
import sklearn.datasets
from arbitrary import experiments
from environment import make_environment
from hypothesis import HealthCheck, given, settings

from nnplay import catalog
from nnplay.data import DATASETS, encode_targets, hold
from nnplay.data.own import columns_of, guess, make, read_text
from nnplay.engine.backend import keras
from nnplay.engine.chunk import train_chunk
from nnplay.engine.weights import WeightEdit, set_weight
from nnplay.experiment import DEFAULT, Experiment, settle
from nnplay.export import data_csv, notebook, script
from nnplay.export.data_code import DATA_FILE, data_section
from nnplay.export.section import CannotExport
from nnplay.jobs import Change

# ---- data


@pytest.mark.parametrize("name", DATASETS)
def test_the_code_makes_the_same_data_bit_for_bit(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    noisy = {"label_noise": 0.2, "position_noise": 0.1, "imbalance": 0.4}
    few = {"samples": 9, "seed": 3, "steps": 7, "test_fraction": 0.7, "classes": 4}
    cases = ({}, noisy, few, {**noisy, **few, "standardize": "on", "features": "x1-x2-x1sq-x1x2-sinx2-cosx1"})
    for fields in cases:
        experiment, _ = settle({**DEFAULT.model_dump(), "data": name, **fields})
        assert_same_data(experiment)


def test_own_data_are_read_from_the_file_that_is_saved_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{k % 7},{k % 5},{'ab'[k % 2]}\n" for k in range(40))
    columns = columns_of(read_text("a,b,kind\n" + rows))
    own = hold(make(columns, guess(columns), "mine").dataset)
    assert_same_data(DEFAULT.change(data=own.name, label_noise=0.1))


def assert_same_data(experiment: Experiment) -> None:
    """In the folder of the test, where the file is that some data are read from."""
    split, encoding = experiment.load_data(), experiment.pairing.targets
    Path(DATA_FILE).write_text(data_csv(experiment), "utf-8")
    made: dict[str, Any] = {
        "np": np,
        "csv": csv,
        "keras": keras,
        "SEED": experiment.seed,
        **vars(sklearn.datasets),
    }
    exec(data_section(experiment).code, made)
    for ours, theirs in (
        (split.x_train, made["x_train"]),
        (split.x_test, made["x_test"]),
        (encode_targets(split.y_train, encoding, split.classes), made["y_train"]),
        (encode_targets(split.y_test, encoding, split.classes), made["y_test"]),
    ):
        assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs), experiment.to_link()


# ---- the text


def names_of_keras(text: str) -> set[str]:
    """All dotted names in the text that begin with `keras`."""
    tree = ast.parse(text)
    return {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("keras.")
    }


def assert_plain(text: str) -> None:
    """It is Python, imports what it may, and every name of Keras in it exists."""
    compile(text, "script.py", "exec")
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= {"csv", "keras", "numpy", "sklearn.datasets"}
    for name in names_of_keras(text):
        found: Any = keras
        for part in name.split(".")[1:]:
            found = getattr(found, part)


REGISTRIES = {
    "data": DATASETS,
    "activation": catalog.ACTIVATIONS,
    "loss": catalog.LOSSES,
    "optimizer": catalog.OPTIMIZERS,
    "initializer": catalog.INITIALIZERS,
    "normalization": catalog.NORMALIZATIONS,
    "regularizer": catalog.REGULARIZERS,
    "schedule": catalog.SCHEDULES,
}


def members() -> dict[str, Experiment]:
    """An experiment for every entry of every registry; a loss on the first task that it fits."""
    found = {}
    for setting, registry in REGISTRIES.items():
        for name in registry:
            for data in ("circle", "blobs", "plane", "random_targets") if setting == "loss" else ("xor",):
                experiment = settle({**DEFAULT.model_dump(), "data": data, setting: name})[0]
                if getattr(experiment, setting) == name:
                    found[f"{setting}-{name}"] = experiment
                    break
    for kind in catalog.LAYER_KINDS.values():
        data = "recall" if 2 in kind.axes else "digits"
        found[f"layer-{kind.name}"] = DEFAULT.change(data=data, hidden=kind.example, loss="mse")
    for clip, entry in catalog.CLIPPINGS.items():
        found[f"clip-{clip}"] = DEFAULT.change(clip=clip + "0.1" * bool(entry.keras))
    return found


def test_every_member_of_every_registry_gives_plain_keras_in_good_style(tmp_path: Path) -> None:
    made = members()
    assert len(made) == sum(map(len, (*REGISTRIES.values(), catalog.LAYER_KINDS, catalog.CLIPPINGS)))
    for name, experiment in made.items():
        text = script(experiment)
        assert_plain(text)
        (tmp_path / f"{name}.py".replace("~", "_")).write_text(text, "utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--isolated", "--line-length", "100", str(tmp_path)]
    for command in (["format", "--check"], ["check", "--select", "E,F,I,B,UP,SIM,C4,W", "--ignore", "E501"]):
        done = subprocess.run([*ruff, *command, *options], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:]


@given(experiments())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_experiment_gives_plain_keras(experiment: Experiment) -> None:
    with suppress(CannotExport):
        assert_plain(script(experiment))


# ---- what it arrives at

CASES: dict[str, dict[str, Any]] = {
    "plane, signs": {"epochs": 6},
    "binary, noise, dropout": {
        "data": "circle", "loss": "binary_crossentropy", "activation": "relu", "batch_size": 32,
        "dropout": 0.2, "hidden": "8:layernorm-6:dropout0.1",
        "label_noise": 0.1, "position_noise": 0.2, "regularizer": "l2", "epochs": 3,
    },
    "multi-class, features, schedule": {
        "data": "blobs", "classes": 4, "loss": "categorical_crossentropy", "samples": 100, "epochs": 4,
        "features": "x1-x2-x1sq-sinx1", "standardize": "on", "schedule": "cosine", "optimizer": "rmsprop",
    },
    "table, class numbers, imbalance": {
        "data": "iris", "loss": "sparse_categorical_crossentropy", "hidden": "6", "activation": "elu~0.5",
        "imbalance": 0.3, "epochs": 4,
    },
    "curve, residual, own scale": {
        "data": "sine", "loss": "huber", "hidden": "8-8-8", "residual": True, "activation": "silu",
        "initializer": "gaussian", "sigma_w": 1.5, "sigma_b": 0.3, "optimizer": "sgd", "momentum": 0.9,
        "nesterov": True, "learning_rate": 0.003, "epochs": 4,
    },
    "surface, gated, normalisation, clipping": {
        "data": "gaussians", "samples": 200, "loss": "mae", "normalization": "layer", "activation": "glu",
        "clip": "global0.5", "epochs": 4,
    },
    "table, regression, patience": {
        "data": "diabetes", "hidden": "8", "loss": "log_cosh", "batch_size": 64, "patience": 1,
        "learning_rate": 0.3, "epochs": 60,
    },
    "digits": {
        "data": "digits", "hidden": "16", "loss": "categorical_crossentropy", "batch_size": 64, "epochs": 2,
        "clip": "norm1", "optimizer": "schedule_free_adamw",
    },
    "sequence, LSTM, clipping": {
        "data": "adding", "steps": 6, "samples": 60, "hidden": "lstm4", "batch_size": 16, "clip": "value0.1",
        "epochs": 3,
    },
    "sequence, stack, penalties": {
        "data": "recall", "steps": 5, "samples": 60, "hidden": "gru4-rnn3-2", "batch_size": 16,
        "loss": "categorical_crossentropy", "regularizer": "l1l2", "epochs": 3,
    },
    "hinge, batch normalisation, warm-up, no shuffling, threshold units": {
        "data": "xor", "loss": "hinge", "hidden": "4-3", "batch_size": 16, "normalization": "batch",
        "activation": "tanh-step", "shuffle": False,
        "optimizer": "sgd", "schedule": "warmup", "learning_rate": 0.1, "epochs": 4,
    },
    "full batch, target": {
        "data": "moons", "batch_size": 0, "optimizer": "adamw", "initializer": "playground", "samples": 80,
        "target_loss": 0.6, "epochs": 40,
    },
    "image, convolution, pooling, normalisation": {
        "data": "digits", "samples": 80, "loss": "categorical_crossentropy", "activation": "relu",
        "hidden": "conv4k3same:layernorm-pool2-conv3k2s2-batchnorm-mean-6", "optimizer": "sgd",
        "batch_size": 16, "epochs": 3,
    },
    "rows of an image, residual": {
        "data": "digits", "samples": 80, "loss": "categorical_crossentropy", "residual": True, "epochs": 3,
        "hidden": "rows-8-dropout0-8-gru4", "batch_size": 16,
    },
    "image, residual": {
        "data": "digits", "samples": 80, "loss": "categorical_crossentropy", "residual": True, "epochs": 2,
        "hidden": "conv1k3same-flatten", "batch_size": 16,
    },
    "rows of an image, position, attention": {
        "data": "digits", "samples": 80, "loss": "categorical_crossentropy", "residual": True, "epochs": 3,
        "hidden": "rows-6-position-attention2h-layernorm-6-mean", "batch_size": 16, "regularizer": "l2",
    },
    "sequence, attention of one head, own scale": {
        "data": "recall", "steps": 9, "samples": 80, "loss": "categorical_crossentropy", "epochs": 2,
        "batch_size": 16, "hidden": "conv4k3s2-attention1h3-max", "initializer": "gaussian",
        "sigma_w": 1.2, "sigma_b": 0.2,
    },
    "sequence, both ways": {
        "data": "recall", "steps": 5, "samples": 60, "hidden": "bilstm3-bigru2-birnn2", "batch_size": 16,
        "loss": "categorical_crossentropy", "regularizer": "l2", "initializer": "gaussian", "sigma_b": 0.1,
        "epochs": 3,
    },
}  # fmt: skip


EDIT = WeightEdit(0, 1, 2, 1.5)


def changed_run() -> tuple[list[Experiment], list[Change]]:
    """A run of 9 epochs with settings changed on the way, and a weight set by hand."""
    first = DEFAULT.change(data="circle", hidden="4", samples=100, epochs=20)
    second = first.change(learning_rate=0.002, batch_size=16)
    third = second.change(shuffle=False)
    changes = [Change(3, 0, second), Change(5, 0, second, EDIT), Change(5, 0, third)]
    return [first, second, third], changes


def trained_with_changes(first: Experiment, second: Experiment, third: Experiment) -> dict[str, float]:
    """What `changed_run` comes to."""
    state = train_chunk(first, None, epochs=3).state
    state = train_chunk(second, state, epochs=2).state
    state = set_weight(second, state, EDIT)
    result = train_chunk(third, state, epochs=4)
    return dict(zip(result.rows.names, result.rows.values[-1].tolist(), strict=True))


def losses(text: str) -> tuple[int, float, float]:
    """Epochs and both losses that a script has printed."""
    found = re.search(r"^after (\d+) epochs\nloss +(\S+) +test (\S+)$", text, re.MULTILINE)
    assert found, text[-3000:]
    return int(found[1]), float(found[2]), float(found[3])


def own_table() -> Experiment:
    """Somebody's own data, which a script reads from the file that is saved with it."""
    rows = "".join(f"{k % 7},{k % 5},{'uvw'[k % 3]},{'ab'[k % 2]}\n" for k in range(40))
    columns = columns_of(read_text("one,two,three,kind\n" + rows))
    own = hold(make(columns, guess(columns), "mine").dataset)
    return DEFAULT.change(data=own.name, hidden="4", epochs=3)


@pytest.mark.usefixtures("without_xla")
def test_scripts_arrive_at_the_loss_of_the_app(tmp_path: Path) -> None:
    """In an environment of their own with TensorFlow, Keras, NumPy and scikit-learn, and nothing else."""
    made = {name: DEFAULT.change(**fields) for name, fields in CASES.items()} | {"own table": own_table()}
    (tmp_path / DATA_FILE).write_text(data_csv(made["own table"]), "utf-8")
    texts = [script(experiment) for experiment in made.values()]
    # One of them as its notebook has it.
    cells = json.loads(notebook(made["plane, signs"]))["cells"]
    texts[0] = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    changed, changes = changed_run()
    texts.append(script(changed[0], epochs=9, changes=changes))
    program = Path(__file__).with_name("run_scripts.py")
    python = make_environment(tmp_path / "environment")
    given, said = tmp_path / "scripts.json", tmp_path / "printed.json"
    given.write_text(json.dumps(texts), "utf-8")
    with given.open() as scripts, said.open("w") as out, (tmp_path / "errors.txt").open("w") as errors:
        running = subprocess.Popen(
            [str(python), "-I", str(program)], cwd=tmp_path, stdin=scripts, stdout=out, stderr=errors
        )
        # Meanwhile, on the other core, what the app comes to.
        try:
            expected = {"changed on the way": trained_with_changes(*changed)}
            for name, experiment in made.items():
                result = train_chunk(experiment, None, epochs=experiment.epochs)
                expected[name] = dict(zip(result.rows.names, result.rows.values[-1].tolist(), strict=True))
            code = running.wait()
        finally:
            running.kill()
    assert code == 0, (tmp_path / "errors.txt").read_text()[-3000:]
    printed = dict(zip((*made, "changed on the way"), json.loads(said.read_text()), strict=True))
    for name, text in printed.items():
        epochs, loss, test_loss = losses(text)
        row = expected[name]
        far = max(abs(loss / row["loss"] - 1), abs(test_loss / row["val_loss"] - 1))
        print(f"{name:<42} {epochs:3} {loss:.6f} {test_loss:.6f}  off by {far:.0e}")
        assert epochs == row["epoch"], name
        assert far < 1e-4, f"{name}: {loss}, {test_loss} printed; {row['loss']}, {row['val_loss']} in the app"


def test_what_cannot_be_repeated_is_said() -> None:
    changed = DEFAULT.change(regularizer="l2")
    text = script(DEFAULT, epochs=9, changes=[Change(4, 3, changed)])
    assert "# After epoch 4 and 3 batches: Regularisation none to l2. Not repeated" in text
    assert_plain(text)


def test_the_notebook_is_a_valid_one_with_the_same_code() -> None:
    made = nbformat.reads(notebook(DEFAULT), as_version=4)
    nbformat.validate(made)
    assert [cell.cell_type for cell in made.cells] == ["markdown", "code"] * 5
    code = "\n".join(cell.source for cell in made.cells if cell.cell_type == "code")
    assert ast.dump(ast.parse(code)) == ast.dump(ast.Module(ast.parse(script(DEFAULT)).body[1:], []))
