"""What became of each run of a sweep, and all of them as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay import catalog
from nnplay.experiment.links import write_value
from nnplay.jobs.history import History
from nnplay.sweep.plan import Combination, Plan, Trial

# Of each curve so many rows are kept at the most, those with its extremes.
CURVE_POINTS = 60
# How a run ended: all its epochs done, a stop of its own, or nothing trained at all.
ENDS = ("finished", "target", "patience", "diverged", "failed", "refused")


@dataclass(frozen=True, eq=False)
class Outcome:
    """One run of a sweep.

    `end`: one of ENDS, with its `message`. `final`, `best`: losses and metrics by name, those on the test
    samples with `val_` before it, of the last epoch and of whichever was best; `best_epoch`: that of the
    least test loss. `seconds`: of training alone. `curve`: epoch, loss, test loss, (rows, 3).
    """

    number: int
    combination: Combination
    seed: int
    link: str
    end: str
    message: str = ""
    epochs: int = 0
    seconds: float = 0.0
    final: Mapping[str, float] = field(default_factory=dict)
    best: Mapping[str, float] = field(default_factory=dict)
    best_epoch: int | None = None
    curve: np.ndarray = field(default_factory=lambda: np.empty((0, 3), np.float32))

    @property
    def trained(self) -> bool:
        """Whether there is something to compare: a run that diverged has been trained, too."""
        return self.end not in ("failed", "refused")


def outcome(trial: Trial, history: History, end: str, message: str, seconds: float) -> Outcome:
    """What the measurements of a run come to."""
    experiment, names = trial.experiment, history.names
    rows = history.values
    measured = [name for name in names if not name.startswith(("epoch", "lr", "grad_", "update_"))]
    best, best_epoch = {}, None
    for name in measured:
        column = rows[:, names.index(name)]
        column = np.where(np.isfinite(column), column, np.float32(np.nan))
        if not np.isnan(column).all():
            place = int(np.nanargmax(column) if _higher(name) else np.nanargmin(column))
            best[name] = float(column[place])
            if name == "val_loss":
                best_epoch = int(rows[place, 0])
    curve = np.empty((0, 3), np.float32)
    if len(rows):
        epochs, values = history.curve(("loss", "val_loss"), CURVE_POINTS)
        curve = np.column_stack([epochs, values]).astype(np.float32)
    return Outcome(
        number=trial.number,
        combination=trial.combination,
        seed=experiment.seed,
        link=experiment.to_link(),
        end=end,
        message=message,
        epochs=history.last_epoch,
        seconds=seconds,
        final={name: float(rows[-1, names.index(name)]) for name in measured} if len(rows) else {},
        best=best,
        best_epoch=best_epoch,
        curve=curve,
    )


def refused(plan: Plan) -> list[Outcome]:
    """The runs that are not trained, since their settings do not go together."""
    return [
        Outcome(
            number=(combination.number - 1) * plan.seeds + 1 + turn,
            combination=combination,
            seed=(combination.values.get("seed", plan.base.seed) + turn) % 2**31,
            link="",
            end="refused",
            message=combination.refusal,
        )
        for combination in plan.combinations
        if combination.experiment is None
        for turn in range(plan.seeds)
    ]


def table(plan: Plan, outcomes: Iterable[Outcome]) -> Any:
    """A pandas data frame of one row a run, in the order of the plan.

    Columns: the settings that vary, how it ended; `loss`, `accuracy`..., `val_loss`...: of the last epoch;
    `best_...`: of the best one; `best_epoch`: that of the least test loss. Empty where nothing was measured.
    """
    import pandas as pd

    outcomes = sorted(outcomes, key=lambda outcome: outcome.number)
    measured = list(dict.fromkeys(name for outcome in outcomes for name in outcome.final))
    # Losses first, then metrics; on the test samples after the training ones.
    measured.sort(key=lambda name: (not name.endswith("loss"), name.removeprefix("val_"), name))
    rows = []
    for outcome in outcomes:
        row: dict[str, Any] = {"run": outcome.number}
        row |= {name: plain(value) for name, value in outcome.combination.values.items()}
        row |= {"seed": outcome.seed, "end": outcome.end, "diverged": outcome.end == "diverged"}
        row |= {"epochs": outcome.epochs, "seconds": outcome.seconds}
        row |= {name: np.float32(outcome.final.get(name, np.nan)) for name in measured}
        row |= {f"best_{name}": np.float32(outcome.best.get(name, np.nan)) for name in measured}
        row |= {"best_epoch": outcome.best_epoch, "message": outcome.message, "link": outcome.link}
        rows.append(row)
    settings = [name for name in plan.over if name != "seed"]
    head = ["run", *settings, "seed", "end", "diverged", "epochs", "seconds"]
    columns = [*head, *measured, *(f"best_{name}" for name in measured), "best_epoch", "message", "link"]
    found = pd.DataFrame(rows, columns=columns)
    return found.astype({"best_epoch": "Int64"})


def csv(plan: Plan, outcomes: Iterable[Outcome]) -> str:
    """The table as CSV, numbers as short as they are exact."""
    found = table(plan, outcomes)
    for name in found.select_dtypes("float32"):
        found[name] = ["" if np.isnan(value) else str(value) for value in found[name].to_numpy()]
    found["seconds"] = found["seconds"].round(4)
    return found.to_csv(index=False, lineterminator="\n")


@dataclass(frozen=True)
class Summary:
    """The runs of one combination: median and quartiles of the last test loss, and of the test metric.

    A run that diverged counts as an infinite loss, so it can never make the median better.
    """

    combination: Combination
    runs: int
    diverged: int
    failed: int
    loss: tuple[float, float, float]
    metric_name: str
    metric: float
    seconds: float


def summary(plan: Plan, outcomes: Iterable[Outcome]) -> list[Summary]:
    """One entry for each combination that has a result, the least median test loss first."""
    groups: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(outcome.combination.number, []).append(outcome)
    found = [_summary(group) for _, group in sorted(groups.items())]
    # A stable sort: of equal ones, and of those that have none, the order of the plan stays.
    return sorted(found, key=lambda entry: (entry.failed == entry.runs, entry.loss[1]))


def _summary(group: Sequence[Outcome]) -> Summary:
    trained = [outcome for outcome in group if outcome.trained]
    losses = [last_loss(outcome) for outcome in trained]
    low, middle, high = (quantile(losses, share) for share in (0.25, 0.5, 0.75))
    experiment = group[0].combination.experiment
    metric = catalog.METRICS[experiment.task][0] if experiment else ""
    values = [outcome.final[f"val_{metric}"] for outcome in trained if f"val_{metric}" in outcome.final]
    return Summary(
        combination=group[0].combination,
        runs=len(group),
        diverged=sum(outcome.end == "diverged" for outcome in group),
        failed=len(group) - len(trained),
        loss=(low, middle, high),
        metric_name=metric,
        metric=float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan"),
        seconds=float(np.median([outcome.seconds for outcome in trained])) if trained else float("nan"),
    )


def last_loss(outcome: Outcome) -> float:
    """The last test loss; infinite for a run that diverged."""
    value = outcome.final.get("val_loss", float("inf"))
    return value if outcome.end != "diverged" and np.isfinite(value) else float("inf")


def quantile(values: Sequence[float], share: float) -> float:
    """Not interpolated: between a number and infinity there is nothing. NaN of no values."""
    return float(np.quantile(values, share, method="nearest")) if len(values) else float("nan")


def plain(value: Any) -> Any:
    """A setting's value as a table holds it: a number, a truth value or a text."""
    return write_value(value) if isinstance(value, tuple) else value


def _higher(name: str) -> bool:
    """Whether more of this measurement is better."""
    metric = catalog.METRIC_ENTRIES.get(name.removeprefix("val_"))
    return metric is not None and metric.best > 0
