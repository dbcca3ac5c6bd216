"""The picture's forward pass in the browser against Keras, for every activation and every input feature."""

import base64
import posixpath
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from nnplay import catalog
from nnplay.data import DATASETS, FEATURES
from nnplay.engine.backend import keras
from nnplay.engine.build import build
from nnplay.engine.inspection.activations import activation_statistics
from nnplay.engine.state import State
from nnplay.experiment import Experiment
from nnplay.ui.browser import FOLDER, IMPORT, MODULES, script
from nnplay.ui.network.description import describe, encode_weights

# Of each value, or absolutely where it is below 1: Keras computes in 32-bit numbers, JavaScript in 64.
TOLERANCE = 1e-5

COMPUTE = """cases => {
%s
  const floats = (text, start = 0) => {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    return new Float32Array(bytes.buffer, start ? bytes.indexOf(10) + 1 : 0);
  };
  const columns = (values, count) => {
    const rows = values.length / count;
    const column = k => Float32Array.from({length: rows}, (_, row) => values[row * count + k]);
    return Array.from({length: count}, (_, k) => column(k));
  };
  return cases.map(({description, weights, points, dimensions}) => {
    const at = columns(floats(points), dimensions);
    const inputs = description.features.length ? encode(description, at) : at;
    const layers = forward(description.layers, unpack(description.layers, floats(weights, 1)), inputs);
    return {
      missing: missing(description),
      inputs: inputs.map(x => [...x]),
      outputs: layers.map(({after}) => after.map(x => [...x])),
      statistics: layers.map(({before, after}, k) =>
        before.length === after.length
          ? after.map((out, u) => unitStatistics(before[u], out, description.layers[k].activation)) : null),
    };
  });
}"""


def networks() -> list[Experiment]:
    """Every activation, with its usual parameter and another, in ever other surroundings."""
    names = [*catalog.ACTIVATIONS]
    names += [f"{name}~0.7" for name, entry in catalog.ACTIVATIONS.items() if entry.parameters]
    normalizations = list(catalog.NORMALIZATIONS)
    made = [
        Experiment(
            data="moons",
            samples=40,
            hidden="5-5-4",
            activation=name,
            residual=k % 2 == 0,
            normalization=normalizations[k % len(normalizations)],
            features=tuple(FEATURES),
            standardize="on" if k % 2 else "off",
            dropout=0.1 * (k % 3),
        )
        for k, name in enumerate(names)
    ]
    outputs = {
        ("moons", loss, output)
        for loss in ("mse", "binary_crossentropy")
        for output in catalog.outputs_for(loss, "binary")
    } | {
        ("blobs", loss, output)
        for loss in ("mse", "categorical_crossentropy")
        for output in catalog.outputs_for(loss, "multiclass")
    }
    made += [Experiment(data=d, samples=40, loss=loss, output=output) for d, loss, output in sorted(outputs)]
    others = [name for name, dataset in DATASETS.items() if len(dataset.inputs) != 2]
    return made + [Experiment(data=name, hidden="4", samples=40, loss="mse") for name in others]


def keras_outputs(experiment: Experiment, random: np.random.Generator) -> tuple[bytes, list[np.ndarray], Any]:
    """The weights as the page sends them, and what each layer of the Keras model passes on."""
    network = build(experiment, 1)
    for variable in network.model.variables:
        if variable.dtype == "float32":
            scale = np.sqrt(variable.shape[0]) if len(variable.shape) == 2 else 2.0
            values = random.normal(size=variable.shape) / scale
            variable.assign(np.abs(values) + 0.1 if variable.name == "moving_variance" else values)
    state = State(network.read())
    layers = {layer.name: layer for layer in network.model.layers}
    passed = [
        layers.get(f"residual_{k}", active) for k, active in enumerate(network.activation_layers, start=1)
    ]
    model = keras.Model(network.model.input, [layer.output for layer in passed])
    outputs = model(experiment.load_data().x_train, training=False)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    # What a residual connection adds is not in the engine's statistics.
    compare = len(outputs) > 1 and not experiment.residual
    measured = activation_statistics(experiment, network) if compare else None
    return encode_weights(experiment, "", state, False), [np.array(out) for out in outputs], measured


def test_the_browser_computes_what_keras_does(page: Page) -> None:
    random = np.random.default_rng(1)
    cases, wanted = [], []
    for experiment in networks():
        split = experiment.load_data()
        weights, outputs, statistics = keras_outputs(experiment, random)
        description = describe(experiment, "")
        positions = split.positions_train if description["plane"] else split.x_train
        text = base64.b64encode(np.ascontiguousarray(positions, "<f4").tobytes()).decode()
        cases.append(
            {
                "description": description,
                "weights": base64.b64encode(weights).decode(),
                "points": text,
                "dimensions": positions[0].size,
            }
        )
        wanted.append((split.x_train, outputs, statistics))
    found = page.evaluate(COMPUTE % script(until="network/statistics"), cases)
    worst: dict[str, float] = {}
    for experiment, answer, (x, outputs, statistics) in zip(networks(), found, wanted, strict=True):
        name = experiment.to_link()
        assert answer["missing"] == "", name
        x = x.reshape(len(x), -1)
        np.testing.assert_allclose(np.array(answer["inputs"]).T, x, atol=1e-6, rtol=1e-6, err_msg=name)
        for mine, keras_own in zip(answer["outputs"], outputs, strict=True):
            values = np.array(mine, np.float64).T
            assert values.shape == keras_own.shape and np.isfinite(keras_own).all(), name
            error = np.abs(values - keras_own) / np.maximum(1, np.abs(keras_own))
            worst[name] = max(worst.get(name, 0.0), float(error.max()))
        if statistics:
            _same_statistics(answer["statistics"], statistics, name)
    too_far = {name: error for name, error in worst.items() if error > TOLERANCE}
    assert not too_far, too_far
    print(f"largest difference from Keras: {max(worst.values()):.2g}, over {len(worst)} networks")


def _same_statistics(mine: list[list[dict[str, Any]]], engine: dict[str, np.ndarray], name: str) -> None:
    """The statistics of neurons, put together to those of layers, against the engine's."""
    for k, layer in enumerate(mine):
        if layer is None:
            continue
        mean = np.mean([unit["mean"] for unit in layer])
        assert mean == pytest.approx(engine["mean"][k], rel=1e-4, abs=1e-4), name
        if layer[0]["saturated"] is not None:
            saturated = np.mean([unit["saturated"] for unit in layer])
            # TensorFlow's slope of CELU is 2 in the one point 0, which moves the engine's threshold a little.
            assert saturated == pytest.approx(engine["saturated"][k], abs=0.03), name
            assert np.mean([unit["dead"] for unit in layer]) == pytest.approx(engine["dead"][k]), name


def test_modules_import_only_what_stands_before_them_and_share_no_name(page: Page) -> None:
    found = [path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.js")]
    assert sorted(found) == sorted(MODULES)
    for place, name in enumerate(MODULES):
        text = (FOLDER / f"{name}.js").read_text("utf-8")
        imported = {posixpath.normpath(f"{Path(name).parent}/{other}") for other in IMPORT.findall(text)}
        assert imported <= set(MODULES[:place]), name
        # An import that the bundle would not take out.
        assert not re.search(r"^import ", IMPORT.sub("", text), re.MULTILINE), name
    # A name declared twice is an error of syntax.
    assert page.evaluate("body => typeof new Function(body)", script()) == "function"
