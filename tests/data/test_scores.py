"""Scores against scikit-learn's."""

import numpy as np
import pytest
from sklearn import metrics

from nnplay.data.scores import (
    class_scores,
    confusion_counts,
    fit_scores,
    precision_recall_curve,
    roc_curve,
)

RNG = np.random.default_rng(0)
ACTUAL = RNG.integers(0, 4, 200)
# Class 3 is never predicted.
PREDICTED = np.where(RNG.random(200) < 0.6, ACTUAL, RNG.integers(0, 3, 200)) % 3
BINARY = RNG.integers(0, 2, 200)
# With ties: many samples share a score.
SCORE = np.round(BINARY + RNG.normal(size=200), 1)


def test_classes_are_counted_and_scored_as_by_scikit_learn() -> None:
    counts = confusion_counts(ACTUAL, PREDICTED, 4)
    np.testing.assert_array_equal(counts, metrics.confusion_matrix(ACTUAL, PREDICTED))
    found = class_scores(counts)
    truth = metrics.precision_recall_fscore_support(ACTUAL, PREDICTED, zero_division=np.nan)
    for ours, theirs in zip((found.precision, found.recall, found.f1, found.support), truth, strict=True):
        np.testing.assert_allclose(ours, theirs)
    assert np.isnan(found.precision[3]) and found.recall[3] == found.f1[3] == 0


def test_ranking_curves_are_those_of_scikit_learn() -> None:
    wrong, right, area = roc_curve(BINARY, SCORE)
    truth = metrics.roc_curve(BINARY, SCORE, drop_intermediate=False)
    np.testing.assert_allclose([wrong, right], truth[:2])
    assert area == pytest.approx(metrics.roc_auc_score(BINARY, SCORE))
    recall, precision, average = precision_recall_curve(BINARY, SCORE)
    theirs = metrics.precision_recall_curve(BINARY, SCORE)
    # Theirs runs backwards, and ends with a point (0, 1) that no threshold gives.
    np.testing.assert_allclose(precision, theirs[0][-2::-1])
    np.testing.assert_allclose(recall, theirs[1][-2::-1])
    assert average == pytest.approx(metrics.average_precision_score(BINARY, SCORE))


@pytest.mark.parametrize(
    ("actual", "score"), [(BINARY, SCORE * np.nan), (BINARY * 0, SCORE)], ids=["diverged", "one class"]
)
def test_no_curve_is_no_number(actual: np.ndarray, score: np.ndarray) -> None:
    for curve in (roc_curve, precision_recall_curve):
        assert np.isnan(curve(actual, score)[2])


def test_real_values_are_scored_as_by_scikit_learn() -> None:
    predicted = SCORE + RNG.normal(size=200)
    r2, rmse = fit_scores(SCORE, predicted)
    assert r2 == pytest.approx(metrics.r2_score(SCORE, predicted))
    assert rmse == pytest.approx(metrics.root_mean_squared_error(SCORE, predicted))
    assert np.isnan(fit_scores(np.ones(3), np.zeros(3))[0])
