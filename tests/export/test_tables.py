"""CSV files: what is in them is what the run has, exactly."""

import csv
import io

import numpy as np
import pytest

from nnplay.data import DATASETS
from nnplay.experiment import DEFAULT, settle
from nnplay.export import data_csv, history_csv


@pytest.mark.parametrize("name", DATASETS)
def test_the_data_read_back_exactly(name: str) -> None:
    experiment, _ = settle({**DEFAULT.model_dump(), "data": name, "samples": 40, "steps": 5})
    split = experiment.load_data()
    head, *rows = csv.reader(io.StringIO(data_csv(experiment)))
    inputs = np.array([row[1 : 1 + split.x_train[0].size] for row in rows], np.float32)
    x = np.concatenate([split.x_train, split.x_test])
    assert len(set(head)) == len(head) == len(rows[0])
    assert np.array_equal(inputs, x.reshape(len(x), -1))
    place = head.index("target")
    targets = np.concatenate([split.y_train, split.y_test])
    assert np.array_equal(np.array([row[place] for row in rows], np.float32), targets.astype(np.float32))
    assert [row[0] for row in rows] == ["train"] * len(split.x_train) + ["test"] * len(split.x_test)
    if split.classes:
        assert [row[-1] for row in rows] == [split.target_names[int(target)] for target in targets]


def test_the_history_reads_back_exactly() -> None:
    values = np.random.default_rng(0).normal(size=(7, 3)).astype(np.float32)
    values[:, 0] = np.arange(1, 8)
    values[2, 1] = np.nan
    head, *rows = csv.reader(io.StringIO(history_csv(("epoch", "loss", "val_loss"), values)))
    assert head == ["epoch", "loss", "val_loss"] and rows[0][0] == "1"
    np.testing.assert_array_equal(np.array(rows, np.float32), values)
