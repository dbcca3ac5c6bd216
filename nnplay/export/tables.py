"""The data and the history of a run as CSV: a heading line, numbers as short as they are exact."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from nnplay.experiment import Experiment


def data_csv(experiment: Experiment) -> str:
    """The samples, those for training first: the part they are in, their inputs, the target.

    The inputs are those that the network is given: features made and scaled. Of a sequence there is a column
    for each step of each input, `value at 3`. Classes are given by number and by name.
    """
    split = experiment.load_data()
    names = list(split.input_names)
    if experiment.dataset.sequence:
        names = [f"{name} at {step}" for step in range(1, experiment.steps + 1) for name in names]
    classes = ["class"] if split.classes else []
    rows: list[list[object]] = []
    for part, x, y in (("train", split.x_train, split.y_train), ("test", split.x_test, split.y_test)):
        # float32 written by itself is shorter than as float64.
        for inputs, target in zip(x.reshape(len(x), -1).astype(str).tolist(), y, strict=True):
            rows.append([part, *inputs, str(target), *([split.target_names[target]] if classes else [])])
    return _csv(["part", *names, "target", *classes], rows)


def history_csv(names: Sequence[str], values: np.ndarray) -> str:
    """Rows of a history, (epochs, columns), one column a name; the epoch as a whole number."""
    rows = ([str(int(row[0])), *row[1:].astype(str).tolist()] for row in np.asarray(values, np.float32))
    return _csv(list(names), rows)


def _csv(names: list[str], rows: Iterable[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue()
