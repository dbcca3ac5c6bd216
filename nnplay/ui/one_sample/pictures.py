"""Views of a picture's way through a network: feature maps, filters, and which pixels matter."""

from collections.abc import Sequence

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures.tiles import Group, Tile, limits_of
from nnplay.numerals import times
from nnplay.ui.one_sample.view import Found, SampleView, layer_title

IMAGE, SEQUENCE = 3, 2
# Pixels of a tile: a map, a filter, the picture beside the bars, an occlusion map.
MAP, FILTER, PICTURE, LARGE = 60, 36, 120, 176
# Layers that only pass on what they get, or lay it out otherwise.
PASSING = ("flatten", "dropout", "rows", "pixels")


def has_maps(experiment: Experiment) -> bool:
    """A hidden layer gives maps of a picture."""
    return any(len(stage.made) == IMAGE for stage in experiment.stages)


def has_filters(experiment: Experiment) -> bool:
    return any(layer.kind == "conv" for layer in experiment.layers)


def is_picture(experiment: Experiment) -> bool:
    """Pictures of classes."""
    return experiment.dataset.picture is not None and experiment.task != "regression"


def map_groups(experiment: Experiment, found: Found) -> list[Group]:
    """A group a layer."""
    return [
        layer_group(experiment, place, np.asarray(values))
        for place, values in enumerate(found["flow"]["layers"], start=1)
        if experiment.layers[place - 1].kind not in PASSING
    ]


def layer_group(experiment: Experiment, place: int, values: np.ndarray) -> Group:
    """What a hidden layer hands on: its maps, its units over the steps, or its units in a row."""
    title, made = layer_title(experiment, place), experiment.stages[place - 1].made
    if values.ndim == IMAGE:
        tiles = [Tile(f"{k}", values[..., k - 1]) for k in range(1, values.shape[-1] + 1)]
        shown = f", the first {len(tiles)}" if made[-1] > len(tiles) else ""
        note = f"{made[2]} maps of {made[0]} × {made[1]}{shown}"
        return scaled(Group(title, tiles, note, edge=MAP))
    if values.ndim == SEQUENCE:
        tile = Tile("", np.ascontiguousarray(values.T), "unit", "step")
        return scaled(Group(title, [tile], f"{made[1]} units over {made[0]} steps", edge=0, axes=True))
    return scaled(Group(title, [Tile("", values[None], "", "unit")], f"{made[0]} units", edge=0))


def scaled(group: Group) -> Group:
    """The group with the ends of its scale in its note."""
    low, high = limits_of(group)
    ends = f"±{times(high)}" if group.scale == "signed" else f"{times(low)} to {times(high)}"
    return Group(**{**vars(group), "note": f"{group.note}; colours: {ends}"})


def filter_groups(experiment: Experiment, found: Found) -> list[Group]:
    """A group a convolution: for each of its units the window of weights, a square for each input channel."""
    groups = []
    view = found["filters"]
    for place, kernel in zip(view["places"], view["kernels"], strict=True):
        channels, units = kernel.shape[-2:]
        inside, outside = experiment.stages[place - 1].given[-1], experiment.stages[place - 1].made[-1]
        tiles = [Tile(f"{k + 1}", mosaic(kernel[..., k])) for k in range(units)]
        size = " × ".join(map(str, kernel.shape[:-2]))
        note = f"{outside} filters of {size}" + (f", over {inside} channels" if inside > 1 else "")
        cut = f" (the first {units}" + (f" and {channels} channels)" if channels < inside else ")")
        note += cut if units < outside or channels < inside else ""
        across = max(tiles[0].values.shape) / max(kernel.shape[:-2])
        edge = round(FILTER * min(3, across))
        groups.append(
            scaled(Group(layer_title(experiment, place), tiles, note, edge=edge, apart=channels > 1))
        )
    return groups


def mosaic(kernel: np.ndarray) -> np.ndarray:
    """(rows, columns, channels), or (steps, channels), as one picture: channels side by side, in a square.

    Of a sequence each row is a channel. Between two channels of an image is a line of nothing.
    """
    if kernel.ndim == SEQUENCE:
        return np.ascontiguousarray(kernel.T)
    rows, columns, channels = kernel.shape
    across = int(np.ceil(np.sqrt(channels)))
    down = -(-channels // across)
    picture = np.full((down * (rows + 1) - 1, across * (columns + 1) - 1), np.nan, np.float32)
    for channel in range(channels):
        row, column = divmod(channel, across)
        top, left = row * (rows + 1), column * (columns + 1)
        picture[top : top + rows, left : left + columns] = kernel[..., channel]
    return picture


def occlusion_groups(experiment: Experiment, found: Found) -> list[Group]:
    """How much of the class's probability is lost where the patch lies."""
    view = found["occlusion"]
    lost = view["whole"] - view["without"]
    name = experiment.load_data().target_names[view["said"]]
    title = f"What speaks for class {name}"
    note = (
        f"its output is {view['whole']:.2f}; how much of it is lost when a grey patch of {view['size']} × "
        f"{view['size']} pixels has its middle here: orange speaks for {name}, blue against it"
    )
    return [scaled(Group(title, [Tile("", lost.astype(np.float32))], note, edge=LARGE))]


def head(experiment: Experiment, position: np.ndarray, output: np.ndarray) -> Sequence[Group]:
    """The sample as a picture and what the network says, as bars."""
    split = experiment.load_data()
    bars: list[tuple[str, float]] = []
    if experiment.pairing.output == "softmax":
        bars = list(zip(split.target_names, output.tolist(), strict=True))
    elif experiment.pairing.targets == "binary":
        share = float(output[0])
        bars = list(zip(split.target_names, (1 - share, share), strict=True))
    marked = int(np.argmax([share for _, share in bars])) if bars else -1
    tiles = []
    if experiment.dataset.picture:
        picture = position.reshape(experiment.dataset.picture)
        tiles = [Tile("", picture.astype(np.float32))]
    if not tiles and not bars:
        return []
    high = max(1.0, float(position.max())) if tiles else 1.0
    low = min(0.0, float(position.min())) if tiles else 0.0
    title = "The picture, and the probability of each class" if tiles else "The probability of each class"
    title = title if bars else "The picture"
    return [Group(title, tiles, scale="ink", limits=(low, high), edge=PICTURE, bars=bars, marked=marked)]


MAPS = SampleView(
    name="maps",
    label="Feature maps",
    about="What each layer makes of this picture: every map is one unit, looking for one thing everywhere.",
    formula="The outputs of each hidden layer for the sample, after activation and pooling, as the next "
    "layer gets them. Blue is negative, orange positive; each layer has its own scale.",
    fits=has_maps,
    needs=("flow",),
    groups=map_groups,
)

FILTERS = SampleView(
    name="filters",
    label="Filters",
    about="The weights that each convolution moves over what it gets: orange adds, blue takes away.",
    formula="The kernel of each convolution, unit by unit; a square for each input channel.",
    fits=has_filters,
    needs=("flow",),
    of_network=("filters",),
    groups=filter_groups,
)

OCCLUSION = SampleView(
    name="occlusion",
    label="What matters",
    about="The picture is covered piece by piece: where the answer suffers, the network looks.",
    formula="For each place of a grey patch, the network's probability for its class is measured again; "
    "drawn is what is lost (Zeiler and Fergus 2014).",
    fits=is_picture,
    needs=("occlusion",),
    groups=occlusion_groups,
    seconds=1.0,
)
