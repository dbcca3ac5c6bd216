"""A state of a run as files: the model for Keras, its weights for NumPy, the frames of an animation."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nnplay import catalog
from nnplay.engine import inspection
from nnplay.engine.build import Network, build
from nnplay.engine.program import batch_count
from nnplay.engine.state import State
from nnplay.experiment import Experiment


def saved_files(experiment: Experiment, state: State) -> dict[str, bytes]:
    """`weights.npz` and, where Keras can open it by itself, `model.keras`.

    The weights have the names that Keras gives them, as in `hidden_1/kernel`.
    """
    network = _network(experiment, state)
    files = {"weights.npz": _npz({w.path: np.array(w.numpy()) for w in network.model.weights})}
    if opens_anywhere(experiment):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.keras"
            network.model.save(path)
            files["model.keras"] = path.read_bytes()
    return files


def opens_anywhere(experiment: Experiment) -> bool:
    """Whether Keras knows every function in the model by its name: otherwise it would have to hold code."""
    for name in experiment.activations:
        entry, parameters = catalog.parse_activation(name)
        if not entry.keras or entry.units_factor > 1 or parameters != dict(entry.parameters):
            return False
    return True


def boundary_frames(experiment: Experiment, states: Sequence[State]) -> np.ndarray:
    """The output over the plane of the data at each state, (states, outputs, y, x) float32; empty where the
    data have no plane."""
    network = _network(experiment, states[0])
    frames = []
    for state in states:
        network.write(state.arrays)
        found = inspection.look(experiment, network, ("boundary",))["boundary"]
        if not found:
            return np.zeros((0, 0, 0, 0), np.float32)
        frames.append(found["z"])
    return np.array(frames, np.float32)


def _network(experiment: Experiment, state: State) -> Network:
    network = build(experiment, batch_count(experiment, experiment.load_data())[1])
    network.write(state.arrays)
    return network


def _npz(arrays: dict[str, np.ndarray]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            one = io.BytesIO()
            np.lib.format.write_array(one, array, allow_pickle=False)
            archive.writestr(f"{name}.npy", one.getvalue())
    return data.getvalue()
