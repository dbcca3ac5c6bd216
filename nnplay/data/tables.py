"""Tables of real measurements that come with scikit-learn, which is imported only when one is read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from nnplay.data.dataset import FEWEST_PER_CLASS, Dataset, Points
from nnplay.data.noise import FLIPPED, SHAKEN, flip, shake, stream

SHIFTED_COLUMNS = (
    "Every value is moved by up to the noise times its column's standard deviation; the target stays."
)

CELL_MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)


def iris() -> Points:
    from sklearn.datasets import load_iris

    return load_iris(return_X_y=True)


def wine() -> Points:
    from sklearn.datasets import load_wine

    return load_wine(return_X_y=True)


def breast_cancer() -> Points:
    from sklearn.datasets import load_breast_cancer

    return load_breast_cancer(return_X_y=True)


def diabetes() -> Points:
    """Inputs in their own units; the score (mean 152.1, deviation 77.1) as (score - mean) / deviation."""
    from sklearn.datasets import load_diabetes

    positions, score = load_diabetes(return_X_y=True, scaled=False)
    # Over the whole table, not the training part: a change of unit, the same whatever the split.
    return positions, (score - score.mean()) / score.std()


def digits() -> Points:
    """Pixels row by row, 0..16 divided by 16."""
    from sklearn.datasets import load_digits

    positions, labels = load_digits(return_X_y=True)
    return positions / 16, labels


def digits28() -> Points:
    """The 8 x 8 digits stretched to 28 x 28 by linear interpolation: the size of MNIST."""
    positions, labels = digits()
    # Where the centres of 28 pixels fall between those of 8; the rim repeats the outermost pixel.
    places = (np.arange(28) + 0.5) * 8 / 28 - 0.5
    hat = np.maximum(0, 1 - np.abs(places.clip(0, 7)[:, None] - np.arange(8)))  # (28, 8), rows sum to 1
    return (hat @ positions.reshape(-1, 8, 8) @ hat.T).reshape(-1, 784), labels


@dataclass(frozen=True)
class TableMaker:
    """Makes `samples` random rows of a table, at most all, some of every class; no classes: real targets.

    A class, since a worker process has to be given a person's own.
    """

    read: Callable[[], Points]

    def __call__(
        self, samples: int, *, seed: int, label_noise: float, position_noise: float, classes: int
    ) -> Points:
        positions, targets = self.read()
        order = stream(seed, "positions").permutation(len(targets))
        some = [order[targets[order] == label][:FEWEST_PER_CLASS] for label in range(classes)]
        order = np.array(list(dict.fromkeys(np.concatenate([*some, order]))))
        # Shaken and flipped before rows are chosen, so that no noise depends on how many are.
        positions = shake(positions, position_noise, seed=seed, reach=positions.std(axis=0))
        if classes:
            targets = flip(targets, label_noise, classes=classes, seed=seed)
        else:
            targets = shake(targets, label_noise, seed=seed, purpose="labels")
        return positions[order[:samples]], targets[order[:samples]]


# What most of these share; each entry says what is different.
tabular = partial(
    Dataset,
    task="classes",
    samples=None,
    label_noise=FLIPPED,
    position_noise=SHIFTED_COLUMNS,
    standardize=True,
)

TABLES: dict[str, Dataset] = {
    "iris": tabular(
        name="iris",
        label="Iris",
        about="150 flowers of three species by four lengths (Fisher 1936).",
        inputs=("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"),
        make=TableMaker(iris),
        classes=3,
        targets=("setosa", "versicolor", "virginica"),
    ),
    "wine": tabular(
        name="wine",
        label="Wine",
        about="178 Italian wines of three grapes by thirteen chemical measures (Forina 1986).",
        inputs=(
            "alcohol",
            "malic acid",
            "ash",
            "alcalinity of ash",
            "magnesium",
            "total phenols",
            "flavanoids",
            "nonflavanoid phenols",
            "proanthocyanins",
            "color intensity",
            "hue",
            "od280/od315 of diluted wines",
            "proline",
        ),
        make=TableMaker(wine),
        classes=3,
        targets=("Barolo", "Grignolino", "Barbera"),
    ),
    "breast_cancer": tabular(
        name="breast_cancer",
        label="Breast cancer",
        about="569 tumours, malignant or benign, by thirty measures of their cell nuclei (Wisconsin 1995).",
        inputs=(
            *(f"mean {measure}" for measure in CELL_MEASURES),
            *(f"{measure} error" for measure in CELL_MEASURES),
            *(f"worst {measure}" for measure in CELL_MEASURES),
        ),
        make=TableMaker(breast_cancer),
        classes=2,
        targets=("malignant", "benign"),
    ),
    "diabetes": tabular(
        name="diabetes",
        label="Diabetes",
        about="442 patients by ten measures; the target, the disease's progress in a year, is standardised.",
        task="regression",
        inputs=(
            "age (years)",
            "sex",
            "bmi (kg/m^2)",
            "bp (mean blood pressure)",
            "s1 (total cholesterol)",
            "s2 (low-density lipoproteins)",
            "s3 (high-density lipoproteins)",
            "s4 (total cholesterol / HDL)",
            "s5 (log of triglycerides)",
            "s6 (blood sugar)",
        ),
        make=TableMaker(diabetes),
        classes=0,
        label_noise=SHAKEN,
        targets=("disease progression (standard deviations from the mean)",),
    ),
    "digits": tabular(
        name="digits",
        label="Digits",
        about="1797 handwritten digits as 8 x 8 pixels from 0 to 1.",
        inputs=tuple(f"pixel {row} {column}" for row in range(8) for column in range(8)),
        layout=(8, 8, 1),
        make=TableMaker(digits),
        classes=10,
        standardize=False,
        targets=tuple("0123456789"),
    ),
    "digits28": tabular(
        name="digits28",
        label="Digits 28 x 28",
        about="The same 1797 digits stretched to 28 x 28 pixels, the size of MNIST's.",
        inputs=tuple(f"pixel {row} {column}" for row in range(28) for column in range(28)),
        layout=(28, 28, 1),
        make=TableMaker(digits28),
        classes=10,
        standardize=False,
        targets=tuple("0123456789"),
    ),
}
