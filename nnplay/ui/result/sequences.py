"""Sequences with a real value at their end: one of them with its answer, and the answers to many in a row."""

from typing import Any

import numpy as np

from nnplay.experiment import Experiment
from nnplay.figures import Spec
from nnplay.figures.sequences import answers_in_order, forecast, sequence_answer
from nnplay.ui.result.answers import DIVERGED, column, finite, fit_in_words, part
from nnplay.ui.result.view import Look, ResultView, revision

# More would be a grey band; of more samples these are taken evenly from the lowest target to the highest.
MOST = 120


def fits(experiment: Experiment) -> bool:
    """Sequences with a real-valued target."""
    return experiment.dataset.sequence and experiment.task == "regression"


def draw_sequence(shown: Any, look: Look) -> Spec:
    split = shown.origin.load_data()
    row, values = look.row % len(split.y_test), split.positions_test
    predicted = _test_answers(shown)[row]
    low, high = _limits(split.y_test)
    return sequence_answer(
        values[row], shown.origin.dataset.inputs, float(split.y_test[row]), float(predicted),
        asked=split.target_names[0], limits=(min(low, float(values.min())), max(high, float(values.max()))),
        dark=look.dark, revision=f"{revision(shown)}-{row}",
    )  # fmt: skip


def sequence_in_words(shown: Any, look: Look) -> str:
    if not finite(shown):
        return DIVERGED
    split = shown.origin.load_data()
    row = look.row % len(split.y_test)
    said, true = float(_test_answers(shown)[row]), float(split.y_test[row])
    miss, typical = abs(said - true), float(np.sqrt(np.mean((_test_answers(shown) - split.y_test) ** 2)))
    return (
        f"Test sample {row + 1:,}: the network says {said:.3f}, the {split.target_names[0]} is {true:.3f}. "
        f"It misses by {miss:.3f}; over all test samples by {typical:.3g} (RMSE)."
    ).replace("-", "−")


def draw_order(shown: Any, look: Look) -> Spec:
    split = shown.origin.load_data()
    name, actual, outputs = part(shown, look)
    places = in_order_of_target(actual)
    chosen = None if look.of_training else _place_of(look.row % len(actual), actual, places)
    count = f"{len(places)} of {len(actual):,}" if len(places) < len(actual) else f"{len(actual)}"
    spec = answers_in_order(
        actual[places], column(outputs, len(actual))[places], asked=split.target_names[0],
        samples=f"{name} sample, by its target ({count})", limits=_limits(actual),
        chosen=chosen, dark=look.dark, revision=f"{revision(shown)}-order",
    )  # fmt: skip
    spec["layout"]["meta"] = "pick"
    return spec


def order_in_words(shown: Any, look: Look) -> str:
    return fit_in_words(shown)


def row_at(shown: Any, look: Look, x: float) -> int | None:
    """The test sample drawn at this place of the curve; None where there are training samples."""
    places = in_order_of_target(shown.origin.load_data().y_test)
    return None if look.of_training else int(places[int(np.clip(round(x) - 1, 0, len(places) - 1))])


def in_order_of_target(targets: np.ndarray) -> np.ndarray:
    """Places of at most MOST samples, the lowest target first, the highest last, evenly between."""
    order = np.argsort(targets, kind="stable")
    return order[np.linspace(0, len(order) - 1, min(MOST, len(order))).round().astype(int)]


def _place_of(row: int, targets: np.ndarray, places: np.ndarray) -> float:
    """Where this sample stands among those of the curve, from 1; between two of them if it is not there."""
    rank = np.empty(len(targets))
    rank[np.argsort(targets, kind="stable")] = np.arange(len(targets))
    return float(np.interp(rank[row], rank[places], np.arange(1, len(places) + 1)))


def _test_answers(shown: Any) -> np.ndarray:
    outputs = (shown.views.get("predictions") or {}).get("test")
    return column(outputs, len(shown.origin.load_data().y_test))


def _limits(targets: np.ndarray) -> tuple[float, float]:
    return float(targets.min()), float(targets.max())


# Farther from the truth a forecast has lost it.
NEAR = 0.2


def goes_on(experiment: Experiment) -> bool:
    """Sequences whose target is the value that comes next."""
    return experiment.dataset.goes_on is not None


def _forecast(shown: Any, look: Look) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """The test sample, its values, what comes after them and what the network says."""
    found = (shown.views.get("forecast") or {}).get("test")
    samples = shown.origin.load_data().positions_test
    row = look.row % (len(samples) if found is None else len(found))
    values = samples[row, :, 0]
    predicted = np.full(1, np.nan) if found is None else found[row]
    return row, values, shown.origin.dataset.goes_on(values, len(predicted)), predicted


def draw_forecast(shown: Any, look: Look) -> Spec:
    row, values, after, predicted = _forecast(shown, look)
    return forecast(
        values, after, predicted, truth="the wave itself" if not _is_noisy(shown) else "the nearest wave",
        dark=look.dark, revision=f"{revision(shown)}-forecast-{row}",
    )  # fmt: skip


def _is_noisy(shown: Any) -> bool:
    return bool(shown.origin.position_noise)


def forecast_in_words(shown: Any, look: Look) -> str:
    row, _, after, predicted = _forecast(shown, look)
    count = len(shown.views["forecast"]["test"])
    if not finite(shown) or not np.isfinite(predicted).all():
        return DIVERGED
    missed = np.abs(predicted - after)
    far = np.flatnonzero(missed > NEAR)
    kept = f"for {far[0]} of {len(after)} steps" if len(far) else f"for all {len(after)} steps"
    others = "" if look.row < count else f" Only the first {count} test samples are carried on."
    return (
        f"Test sample {row + 1:,}, carried on: each answer is the next input. It stays within {NEAR:g} of "
        f"the wave {kept}; the first answer misses by {missed[0]:.3f}, the last by {missed[-1]:.3g}.{others}"
    )


ORDER = ResultView(
    name="order",
    label="Fit",
    about="Samples by their target: the answers come to lie on it. A click chooses the one under Sequence.",
    fits=fits,
    needs=("predictions",),
    switches=("of_training",),
    draw=draw_order,
    words=order_in_words,
    row_at=row_at,
)

SEQUENCE = ResultView(
    name="sequence",
    label="Sequence",
    about="One test sample step by step, and after its last step the true answer and the network's.",
    fits=fits,
    needs=("predictions",),
    switches=(),
    draw=draw_sequence,
    words=sequence_in_words,
    of_one=True,
)

FORECAST = ResultView(
    name="forecast",
    label="Forecast",
    about="The network goes on by itself: each answer is fed back as the next value of the sequence.",
    fits=goes_on,
    needs=("predictions", "forecast"),
    switches=(),
    draw=draw_forecast,
    words=forecast_in_words,
    of_one=True,
)
