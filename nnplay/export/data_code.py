"""The code that makes an experiment's data, bit for bit those of `nnplay.data`, and no more than it needs."""

import numpy as np

from nnplay.data import split
from nnplay.data.dataset import FEWEST_PER_CLASS, class_count
from nnplay.data.features import choose_features
from nnplay.data.noise import PURPOSES, stream
from nnplay.experiment import Experiment
from nnplay.export.makers import MAKERS, Wanted
from nnplay.export.section import Section

# Where a script finds data that it cannot make.
DATA_FILE = "data.csv"

FEATURES: dict[str, str] = {
    "x1": "x1",
    "x2": "x2",
    "x1sq": "x1**2",
    "x2sq": "x2**2",
    "x1x2": "x1 * x2",
    "sinx1": "np.sin(x1)",
    "sinx2": "np.sin(x2)",
    "cosx1": "np.cos(x1)",
    "cosx2": "np.cos(x2)",
}

ENCODINGS: dict[str, tuple[str, str]] = {
    "signs": ("-1 and +1", 'y = (2 * labels - 1).astype("float32")[:, None]'),
    "binary": ("0 and 1", 'y = labels.astype("float32")[:, None]'),
    "onehot": ("one-hot vectors", 'y = np.eye({classes}, dtype="float32")[labels]'),
    "labels": ("class numbers", 'y = labels.astype("int32")[:, None]'),
    "real": ("real numbers", 'y = targets.astype("float32")[:, None]'),
}


def data_section(experiment: Experiment) -> Section:
    """Lines that end with `x_train`, `y_train`, `x_test` and `y_test`."""
    dataset = experiment.dataset
    if reads_file(experiment):
        return _from_file(experiment)
    classes = class_count(dataset, experiment.classes)
    _, targets, seed = split.make_points(
        dataset,
        experiment.samples or None,
        experiment.label_noise,
        experiment.position_noise,
        classes,
        experiment.steps,
        experiment.seed,
    )
    samples = max(experiment.samples or dataset.samples or 10**9, FEWEST_PER_CLASS * max(classes, 1))
    name = "SEED" if seed == experiment.seed else "DATA_SEED"
    wanted = Wanted(
        samples, experiment.steps, classes, experiment.label_noise, experiment.position_noise, name
    )
    code = []
    if name != "SEED":
        code += ["# Earlier seeds left a class with fewer than two samples.", f"DATA_SEED = {seed}", ""]
    code += [*MAKERS[dataset.name](wanted), ""]
    code += [*_inputs(experiment), ENCODINGS[experiment.pairing.targets][1].format(classes=classes), ""]
    code += _cut(experiment, targets, classes)
    return Section(f"Data: {dataset.label}", dataset_words(experiment), "\n".join(code))


def reads_file(experiment: Experiment) -> bool:
    """Whether the script finds its data in `DATA_FILE`."""
    return experiment.dataset.name not in MAKERS


def _from_file(experiment: Experiment) -> Section:
    """The same data, read from the file that `data_csv` writes: somebody's own, or of a longer making."""
    split, classes = experiment.load_data(), experiment.load_data().classes
    inputs, shape = split.x_train[0].size, split.x_train.shape[1:]
    target = "labels" if classes else "targets"
    kind = "int" if classes else '"float32"'
    code = [
        f'with open("{DATA_FILE}", newline="", encoding="utf-8") as file:',
        "    rows = list(csv.reader(file))[1:]",
        f'x = np.array([row[1:{inputs + 1}] for row in rows], dtype="float32")',
        *([f"x = x.reshape(-1, {', '.join(map(str, shape))})"] if len(shape) > 1 else []),
        f"{target} = np.array([row[{inputs + 1}] for row in rows]).astype({kind})",
        ENCODINGS[experiment.pairing.targets][1].format(classes=classes),
        'train = np.array([row[0] == "train" for row in rows])',
        "x_train, y_train, x_test, y_test = x[train], y[train], x[~train], y[~train]",
    ]
    words = (
        f"{dataset_words(experiment)} They are read from {DATA_FILE}, which nnplay saves (on the page "
        "under Code, Data; `python -m nnplay code` writes it): put it beside this script."
    )
    return Section(f"Data: {experiment.dataset.label}", words, "\n".join(code))


def dataset_words(experiment: Experiment) -> str:
    """What the data are, and how their targets are written."""
    words = experiment.dataset.about
    if experiment.load_data().classes:
        words += f" The targets are {ENCODINGS[experiment.pairing.targets][0]}, as the loss wants them."
    return words


def _inputs(experiment: Experiment) -> list[str]:
    """Lines that make `x` of the points, (samples, inputs) or (samples, steps, inputs)."""
    inputs = experiment.dataset.inputs
    chosen = choose_features(experiment.dataset, experiment.features)
    if _as_they_are(experiment):
        return ['x = points.astype("float32")']
    lines = ['points = points.astype("float32").astype(float)  # the points are kept as 32-bit numbers']
    if chosen in ((), inputs):
        return [*lines, "x = points"]
    names = f"{', '.join(inputs)}{',' if len(inputs) == 1 else ''}"
    return [
        *lines,
        f"{names} = points.T",
        f"x = np.column_stack([{', '.join(FEATURES[name] for name in chosen)}])",
    ]


def _as_they_are(experiment: Experiment) -> bool:
    """Whether the network is given the points, neither other features of them nor scaled."""
    chosen = choose_features(experiment.dataset, experiment.features)
    return chosen in ((), experiment.dataset.inputs) and not experiment.load_data().standardized


def _cut(experiment: Experiment, targets: np.ndarray, classes: int) -> list[str]:
    """Lines that shuffle, split and standardise."""
    imbalance = experiment.imbalance if classes else 0.0
    train, test = split.cut(targets, classes, imbalance, experiment.test_fraction, experiment.seed)
    order = stream(experiment.seed, "split").permutation(len(targets))
    order = order[np.isin(order, np.concatenate([train, test]))]
    lines = [f"order = np.random.default_rng([{PURPOSES.index('split')}, SEED]).permutation(len(x))"]
    if imbalance:
        lines += [
            f"# Class imbalance: of every class but the first, {imbalance:.3g} of the samples are left out.",
            f"kept = [order[labels[order] == label] for label in range({classes})]",
            f"kept[1:] = [rows[: max(2, round(len(rows) * (1 - {imbalance!r})))] for rows in kept[1:]]",
            "order = order[np.isin(order, np.concatenate(kept))]",
        ]
    if not np.array_equal(train, order[: len(train)]):
        lines += [
            "# Few samples: one of each class to the front and one to the end, so that no part lacks one.",
            f"members = [order[labels[order] == label] for label in range({classes})]",
            "front, back = [rows[0] for rows in members], [rows[-1] for rows in members]",
            "order = np.concatenate([front, order[~np.isin(order, front + back)], back])",
        ]
    lines.append(f"train, test = order[:{len(train)}], order[{len(train)}:]")
    if experiment.load_data().standardized:
        inputs = len(experiment.input_names)
        columns = f"x[train].reshape(-1, {inputs})" if experiment.dataset.sequence else "x[train]"
        lines += [
            "# Each input with mean 0 and deviation 1 over the training samples.",
            f"columns = {columns}",
            "scale = np.where(np.ptp(columns, axis=0) > 0, columns.std(axis=0), 1)",
            "x = (x - columns.mean(axis=0)) / scale",
        ]
    if not _as_they_are(experiment):
        lines.append('x = x.astype("float32")')
    lines.append("x_train, y_train, x_test, y_test = x[train], y[train], x[test], y[test]")
    return lines
