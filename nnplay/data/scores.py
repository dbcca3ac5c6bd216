"""How good answers are: classes confused, precision and recall, ranking, the fit of real values. numpy only.

The names and the formulas are scikit-learn's, with which the tests compare.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class ClassScores:
    """One value a class, (classes,) each; NaN where nothing can be said.

    precision: of the samples taken for the class, the share that is of it (NaN: none was taken for it).
    recall: of the samples of the class, the share taken for it (NaN: there are none).
    f1: 2 tp / (2 tp + fp + fn), the harmonic mean of the two. support: the samples of the class.
    """

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray


def confusion_counts(actual: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """(classes, classes): how many samples of the class of the row were taken for that of the column."""
    counts = np.zeros((classes, classes), int)
    np.add.at(counts, (actual, predicted), 1)
    return counts


def class_scores(counts: np.ndarray) -> ClassScores:
    """Precision, recall and F1 from `confusion_counts`."""
    right, taken, support = np.diag(counts), counts.sum(axis=0), counts.sum(axis=1)
    return ClassScores(
        _share(right, taken), _share(right, support), _share(2 * right, taken + support), support
    )


def roc_curve(actual: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """False positive rate, true positive rate, and the area under the curve (AUC), by the trapezoidal rule.

    `actual` (n,) is 0 or 1, `score` (n,) the higher the surer of 1. One point for each distinct threshold,
    from (0, 0) to (1, 1). NaN throughout where scores are not finite, or a class is missing.
    """
    hits, alarms = _ranked(actual, score)
    if not hits[-1] or not alarms[-1]:
        return np.full(2, np.nan), np.full(2, np.nan), float("nan")
    wrong, right = alarms / alarms[-1], hits / hits[-1]
    return wrong, right, float(np.sum(np.diff(wrong) * (right[1:] + right[:-1]) / 2))


def precision_recall_curve(actual: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Recall, precision, and the average precision, sum of precision times the step in recall.

    One point for each distinct threshold, from the strictest. As for `roc_curve`.
    """
    hits, alarms = _ranked(actual, score)
    if not hits[-1]:
        return np.full(2, np.nan), np.full(2, np.nan), float("nan")
    recall, precision = hits / hits[-1], hits[1:] / (hits + alarms)[1:]
    return recall[1:], precision, float(np.sum(np.diff(recall) * precision))


def fit_scores(actual: np.ndarray, predicted: np.ndarray) -> tuple[float, float]:
    """R² = 1 - sum (y - ŷ)² / sum (y - mean y)², and the root of the mean squared error (RMSE)."""
    squares = np.square(actual - predicted, dtype=np.float64)
    spread = np.square(actual - actual.mean(), dtype=np.float64).sum()
    return float(1 - squares.sum() / spread) if spread else float("nan"), float(np.sqrt(squares.mean()))


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _ranked(actual: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Samples of class 1 and of class 0 above each distinct threshold, from none to all."""
    if not np.isfinite(score).all():
        return np.zeros(1), np.zeros(1)
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    ones = np.cumsum(actual[order])[ends]
    return np.append(0, ones), np.append(0, ends + 1 - ones)
