"""Which pixels a network's answer hangs on: what becomes of it when a patch of the picture is grey."""

from typing import Any

import numpy as np

from nnplay.data.sample import BadSample, ranges, read_sample
from nnplay.engine.build import Network
from nnplay.experiment import Experiment

# The patch is so many times smaller than the picture, at the least 3 pixels wide; at most so many places
# along a side are tried.
PART = 5
MOST_PLACES = 14


def occlusion(experiment: Experiment, network: Network, written: str) -> dict[str, Any]:
    """`without` (places, places): the probability of the class the network names for the picture, when a grey
    patch of `size` pixels covers it; `centers` (places,): where its middle is then, in pixels from 0, along
    both sides. `said`: that class; `whole`: its probability for the whole picture; `output` (outputs,).
    Of outputs that are no probabilities it is the class's output; of a single output, the output or
    1 - output.

    Grey is the middle between the lowest and the highest value of all pixels in the data.
    `written`: the sample's position, by `nnplay.data.sample.write_sample`; one of other data, or of data that
    are no pictures, gives {}. (Zeiler and Fergus 2014, section 4.2.)
    """
    split, picture = experiment.load_data(), experiment.dataset.picture
    if not picture or experiment.task == "regression":
        return {}
    try:
        position = read_sample(split, written)
    except BadSample:
        return {}
    rows, columns = picture
    size = max(3, round(min(rows, columns) / PART)) | 1
    centers = patch_centers(rows), patch_centers(columns)
    low, high = ranges(split)
    covered = cover(position.reshape(rows, columns), centers, size, float(low.min() + high.max()) / 2)
    pictures = np.concatenate([position[None], covered.reshape(-1, rows * columns)])
    outputs = network.answer(split.encoder(pictures))
    scores = outputs
    if outputs.shape[1] == 1:
        middle = 1.0 if experiment.pairing.targets == "binary" else 0.0
        scores = np.concatenate([middle - outputs, outputs], axis=1)
    said = int(scores[0].argmax())
    return {
        "without": scores[1:, said].reshape(len(centers[0]), len(centers[1])).astype(np.float32),
        "centers": centers[0],
        "size": size,
        "said": said,
        "whole": float(scores[0, said]),
        "output": outputs[0],
    }


def patch_centers(side: int) -> np.ndarray:
    """Where the middle of the patch is put along a side of so many pixels, in pixels from 0."""
    step = -(-side // MOST_PLACES)
    return np.arange(step // 2, side, step)


def cover(picture: np.ndarray, centers: tuple[np.ndarray, np.ndarray], size: int, grey: float) -> np.ndarray:
    """The picture (rows, columns) with each patch grey in turn: (places, places, rows, columns)."""
    rows, columns = (
        np.abs(np.arange(side) - middle[:, None]) <= size // 2
        for side, middle in zip(picture.shape, centers, strict=True)
    )
    hidden = rows[:, None, :, None] & columns[None, :, None, :]
    return np.where(hidden, np.float32(grey), picture)
