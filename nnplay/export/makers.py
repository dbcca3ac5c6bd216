"""For each dataset the lines of a script that make its points, bit for bit those of `nnplay.data`."""

from collections.abc import Callable
from dataclasses import dataclass

from nnplay.data import sequences, surfaces
from nnplay.data.dataset import FEWEST_PER_CLASS
from nnplay.data.images import MOST
from nnplay.data.noise import PURPOSES, Purpose


@dataclass(frozen=True)
class Wanted:
    """What a maker needs to know. `seed` is the name that holds it in the script."""

    samples: int
    steps: int
    classes: int
    label_noise: float
    position_noise: float
    seed: str

    def random(self, purpose: Purpose = "positions") -> str:
        """A generator of the random numbers for one purpose."""
        return f"np.random.default_rng([{PURPOSES.index(purpose)}, {self.seed}])"

    def shaken(
        self, values: str, noise: float, *, purpose: Purpose = "shifts", reach: str = "", to: str = ""
    ) -> list[str]:
        """`to` (or the same name) = values moved by up to the noise; nothing without noise."""
        if not noise:
            return [f"{to} = {values}"] if to else []
        factor = f"{noise!r} * {reach}" if reach else f"{noise!r}"
        return [
            f"{to or values} = {values} + {factor} * {self.random(purpose)}.uniform(-1, 1, {values}.shape)"
        ]

    def moved(self, values: str = "points") -> list[str]:
        """Lines that move every position by up to the position noise."""
        if not self.position_noise:
            return []
        return ["# Position noise: every coordinate is moved.", *self.shaken(values, self.position_noise)]

    def flipped(self, classes: int | str) -> list[str]:
        """Lines that give a share of each class another label."""
        if not self.label_noise:
            return []
        return [
            f"# Label noise: {self.label_noise:.3g} of each class get another label.",
            f"rng = {self.random('labels')}",
            f"shuffled, steps = rng.permutation(len(labels)), rng.integers(1, {classes}, len(labels))",
            "clean, labels = labels, labels.copy()",
            f"for label in range({classes}):",
            "    members = shuffled[clean[shuffled] == label]",
            f"    chosen = members[: int(round({self.label_noise!r} * len(members), 6))]",
            f"    labels[chosen] = (label + steps[chosen]) % {classes}",
        ]

    def judged(self, reach: int) -> tuple[str, list[str]]:
        """The name of the places that rule the labels, and the lines that make them."""
        if not self.label_noise:
            return "points", []
        return "judged", [
            "# Label noise: the label is that of a place nearby.",
            *self.shaken("points", self.label_noise, purpose="labels", reach=str(reach), to="judged"),
        ]


POLAR = "points = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])"


# ---- classes of points in the plane


def _circle(w: Wanted) -> list[str]:
    judged, lines = w.judged(5)
    return [
        f"rng = {w.random()}",
        f"inside = np.arange({w.samples}) % 2 == 1",
        "radius = rng.uniform(np.where(inside, 0.0, 3.5), np.where(inside, 2.5, 5.0))",
        f"angle = rng.uniform(0, 2 * np.pi, {w.samples})",
        POLAR,
        *lines,
        f"labels = (np.hypot({judged}[:, 0], {judged}[:, 1]) < 2.5).astype(int)",
        *w.moved(),
    ]


def _xor(w: Wanted) -> list[str]:
    judged, lines = w.judged(5)
    return [
        f"points = {w.random()}.uniform(-5, 5, ({w.samples}, 2))",
        "points += np.where(points > 0, 0.3, -0.3)  # away from the axes",
        *lines,
        f"labels = ({judged}.prod(axis=1) >= 0).astype(int)",
        *w.moved(),
    ]


def _clouds(w: Wanted) -> str:
    return (
        f"points = centres + np.sqrt(0.5 + 7 * {w.position_noise!r}) * "
        f"{w.random()}.normal(size=({w.samples}, 2))"
    )


def _gauss(w: Wanted) -> list[str]:
    return [
        f"labels = np.arange({w.samples}) % 2",
        "centres = (4.0 * labels - 2)[:, None]",
        _clouds(w),
        *w.flipped(2),
    ]


def _blobs(w: Wanted) -> list[str]:
    return [
        f"labels = np.arange({w.samples}) % {w.classes}",
        f"angle = 2 * np.pi * labels / {w.classes}",
        "centres = np.column_stack([3.5 * np.sin(angle), 3.5 * np.cos(angle)])",
        _clouds(w),
        *w.flipped(w.classes),
    ]


def _arms(w: Wanted) -> list[str]:
    n, k = w.samples, w.classes
    return [
        f"labels = np.arange({n}) % {k}",
        f"along = np.arange({n}) // {k} / ({n} / {k})  # from 0 at the centre to 1",
        "radius = 5 * along",
        f"angle = 3.5 / {k} * along * 2 * np.pi + 2 * np.pi * ((labels + 1) % {k}) / {k}",
        POLAR,
        *w.flipped(k),
        *w.moved(),
    ]


def _moons(w: Wanted) -> list[str]:
    return [
        f"points, labels = make_moons({w.samples}, shuffle=False)",
        "points = 3 * (points - [0.5, 0.25])",
        *w.moved(),
        *w.flipped(2),
    ]


def _rings(w: Wanted) -> list[str]:
    return [
        f"rng = {w.random()}",
        f"labels = np.arange({w.samples}) % 3",
        f"radius = 5 * (labels + rng.uniform(0, 0.7, {w.samples})) / 3",
        f"angle = rng.uniform(0, 2 * np.pi, {w.samples})",
        POLAR,
        *w.moved(),
        *w.flipped(3),
    ]


def _checkerboard(w: Wanted) -> list[str]:
    return [
        f"points = {w.random()}.uniform(-6, 6, ({w.samples}, 2))",
        "labels = np.floor(points / 3).astype(int).sum(axis=1) % 2",
        *w.moved(),
        *w.flipped(2),
    ]


# ---- heights over the plane, and curves


def _surface(height: Callable[[str], list[str]]) -> Callable[[Wanted], list[str]]:
    def lines(w: Wanted) -> list[str]:
        judged, ruled = w.judged(6)
        return [
            f"points = {w.random()}.uniform(-6, 6, ({w.samples}, 2))",
            *ruled,
            *height(judged),
            *w.moved(),
        ]

    return lines


def _plane(points: str) -> list[str]:
    return [f"targets = {points}.sum(axis=1) / 10"]


def _gaussians(points: str) -> list[str]:
    return [
        "# Where the hills (+1) and the hollows (-1) are.",
        f"hills = {[tuple(hill) for hill in surfaces.HILLS]!r}",
        f"targets = np.zeros(len({points}))",
        "for x1, x2, sign in hills:",
        f"    distance = np.hypot({points}[:, 0] - x1, {points}[:, 1] - x2)",
        "    targets = targets + sign * np.clip(1 - distance / 2, 0, 1)",
    ]


def _curve(height: str) -> Callable[[Wanted], list[str]]:
    def lines(w: Wanted) -> list[str]:
        noisy = w.shaken("targets", w.label_noise, purpose="labels")
        return [
            f"points = {w.random()}.uniform(-6, 6, ({w.samples}, 1))",
            f"targets = {height}",
            *(["# Label noise: every target is raised or lowered."] if noisy else []),
            *noisy,
            *w.moved(),
        ]

    return lines


# ---- tables


def _table(read: list[str], *, rows: int, classes: int) -> Callable[[Wanted], list[str]]:
    """Of a table with so many rows; the names `points` and, by the task, `labels` or `targets` are read."""

    def lines(w: Wanted) -> list[str]:
        found = list(read)
        name = "labels" if classes else "targets"
        order = [f"order = {w.random()}.permutation(len({name}))"]
        if classes:
            order += [
                f"# {FEWEST_PER_CLASS} of each class come first, so that any number of rows has all classes.",
                f"first = np.concatenate([order[labels[order] == c][:{FEWEST_PER_CLASS}] "
                f"for c in range({classes})])",
                "order = np.concatenate([first, order[~np.isin(order, first)]])",
            ]
        if w.position_noise:
            found += ["# Position noise: every value is moved, in proportion to its column's deviation."]
            found += w.shaken("points", w.position_noise, reach="points.std(axis=0)")
        noise = w.flipped(classes) if classes else w.shaken("targets", w.label_noise, purpose="labels")
        part = f"[:{w.samples}]" if w.samples < rows else ""
        return [*found, *order, *noise, f"points, {name} = points[order{part}], {name}[order{part}]"]

    return lines


def _loaded(name: str) -> list[str]:
    return [f"points, labels = load_{name}(return_X_y=True)"]


DIGITS = [*_loaded("digits"), "points = points / 16"]

# ---- pictures that are downloaded


MNIST = [
    # Not by keras.datasets, which takes no other file than the one it knows by its checksum.
    'address = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"',
    'with np.load(keras.utils.get_file("mnist.npz", address)) as file:',
    '    pictures = np.concatenate([file["x_train"], file["x_test"]])',
    '    labels = np.concatenate([file["y_train"], file["y_test"]]).astype(int)',
]
FASHION_MNIST = [
    "(x_a, y_a), (x_b, y_b) = keras.datasets.fashion_mnist.load_data()",
    "pictures, labels = np.concatenate([x_a, x_b]), np.concatenate([y_a, y_b]).astype(int)",
]


def _pictures(read: list[str]) -> Callable[[Wanted], list[str]]:
    """Of `pictures` (samples, 28, 28) and `labels` that are read."""

    def lines(w: Wanted) -> list[str]:
        return [
            *read,
            f"order = {w.random()}.permutation(len(labels))",
            f"# {FEWEST_PER_CLASS} of each class come first, so that any number of pictures has all classes.",
            f"first = np.concatenate([order[labels[order] == c][:{FEWEST_PER_CLASS}] for c in range(10)])",
            f"order = np.concatenate([first, order[~np.isin(order, first)]])[:{min(w.samples, MOST)}]",
            *w.flipped(10),
            "points, labels = pictures[order].reshape(-1, 784) / np.float32(255), labels[order]",
            *w.moved(),
        ]

    return lines


# ---- sequences


def _adding(w: Wanted) -> list[str]:
    n, steps = w.samples, w.steps
    return [
        f"rng = {w.random()}",
        f"values = rng.random(({n}, {steps}))",
        "# One value is marked in each half.",
        f"marked = rng.integers(0, {steps // 2}, {n}), rng.integers({steps // 2}, {steps}, {n})",
        f"rows, markers = np.arange({n}), np.zeros(({n}, {steps}))",
        "markers[rows, marked[0]] = markers[rows, marked[1]] = 1",
        "targets = values[rows, marked[0]] + values[rows, marked[1]]",
        *w.moved("values"),
        *w.shaken("targets", w.label_noise, purpose="labels"),
        "points = np.stack([values, markers], axis=2)",
    ]


def _recall(w: Wanted) -> list[str]:
    n, most = w.samples, sequences.MOST_SYMBOLS
    return [
        f"rng = {w.random()}",
        f"labels = rng.integers(0, {w.classes}, {n})",
        f"points = np.zeros(({n}, {w.steps}, {most + 1}))",
        f"points[np.arange({n}), 0, labels] = 1  # the symbol, at the first step",
        f"points[:, 1:, -1] = rng.uniform(-1, 1, ({n}, {w.steps - 1}))  # then noise",
        *w.moved(),
        *w.flipped(w.classes),
    ]


def _parity(w: Wanted) -> list[str]:
    return [
        f"bits = {w.random()}.integers(0, 2, ({w.samples}, {w.steps}, 1))",
        "labels = bits.sum(axis=(1, 2)) % 2",
        "points = bits.astype(float)",
        *w.moved(),
        *w.flipped(2),
    ]


def _wave(w: Wanted) -> list[str]:
    n = w.samples
    low, high = sequences.PERIODS
    return [
        f"rng = {w.random()}",
        f"period, phase = rng.uniform({low}, {high}, {n}), rng.uniform(0, 2 * np.pi, {n})",
        f"values = np.sin(2 * np.pi * np.arange({w.steps + 1}) / period[:, None] + phase[:, None])",
        "points, targets = values[:, :-1, None], values[:, -1]",
        *w.moved(),
        *w.shaken("targets", w.label_noise, purpose="labels"),
    ]


# ---- chance


def _random_targets(w: Wanted) -> list[str]:
    return [
        f"points = {w.random()}.random(({w.samples}, 20))",
        f"targets = {w.random('labels')}.random({w.samples})",
    ]


def _random_labels(w: Wanted) -> list[str]:
    return [
        f"points = {w.random()}.random(({w.samples}, 2))",
        f"labels = {w.random('labels')}.integers(0, 2, {w.samples})",
    ]


# The lines that make `points` and `labels` or `targets`, in the terms of `nnplay.data`.
MAKERS: dict[str, Callable[[Wanted], list[str]]] = {
    "circle": _circle,
    "xor": _xor,
    "gauss": _gauss,
    "spiral": _arms,
    "moons": _moons,
    "rings": _rings,
    "checkerboard": _checkerboard,
    "blobs": _blobs,
    "arms": _arms,
    "plane": _surface(_plane),
    "gaussians": _surface(_gaussians),
    "sine": _curve("np.sin(points[:, 0])"),
    "step": _curve("np.where(points[:, 0] > 0, 1.0, -1.0)"),
    "sinc": _curve("np.sinc(points[:, 0] / np.pi)"),
    "sawtooth": _curve("2 * (points[:, 0] / 4 % 1) - 1"),
    "polynomial": _curve("4 * (points[:, 0] / 6) ** 3 - 3 * (points[:, 0] / 6)"),
    "iris": _table(_loaded("iris"), rows=150, classes=3),
    "wine": _table(_loaded("wine"), rows=178, classes=3),
    "breast_cancer": _table(_loaded("breast_cancer"), rows=569, classes=2),
    "diabetes": _table(
        [
            "points, score = load_diabetes(return_X_y=True, scaled=False)",
            "targets = (score - score.mean()) / score.std()",
        ],
        rows=442,
        classes=0,
    ),
    "digits": _table(DIGITS, rows=1797, classes=10),
    "digits28": _table(
        [
            *DIGITS,
            "# Stretched from 8 x 8 to 28 x 28 pixels by linear interpolation.",
            "places = (np.arange(28) + 0.5) * 8 / 28 - 0.5",
            "hat = np.maximum(0, 1 - np.abs(places.clip(0, 7)[:, None] - np.arange(8)))",
            "points = (hat @ points.reshape(-1, 8, 8) @ hat.T).reshape(-1, 784)",
        ],
        rows=1797,
        classes=10,
    ),
    "mnist": _pictures(MNIST),
    "fashion_mnist": _pictures(FASHION_MNIST),
    "adding": _adding,
    "recall": _recall,
    "parity": _parity,
    "wave": _wave,
    "random_targets": _random_targets,
    "random_labels": _random_labels,
}
