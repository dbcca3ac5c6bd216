r"""Metrics: what to read beside the loss. In the formulas y is the target, y-hat the output, y-bar the mean
target."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """One metric. `best` is its value when all is right, and `range` what it can be, in words; `keras` is its
    class in `keras.metrics`, "" where the class would depend on how the targets are encoded."""

    name: str
    keras: str
    label: str
    formula: str
    about: str
    range: str
    best: float


METRICS: dict[str, tuple[str, ...]] = {
    "binary": ("accuracy",),
    "multiclass": ("accuracy",),
    "regression": ("r2", "rmse"),
}

METRIC_ENTRIES: dict[str, Metric] = {
    "accuracy": Metric(
        name="accuracy",
        keras="",
        label="Accuracy",
        formula=r"\frac{\text{samples classified right}}{\text{samples}}",
        about="Easy to read; compare it with always answering the largest class.",
        range="[0, 1]",
        best=1.0,
    ),
    "r2": Metric(
        name="r2",
        keras="R2Score",
        label="R²",
        formula=r"1 - \frac{\sum_i (y_i - \hat{y}_i)^2}{\sum_i (y_i - \bar{y})^2}",
        about="The share of the variance explained: 1 is perfect, 0 no better than the mean.",
        range="(-∞, 1]",
        best=1.0,
    ),
    "rmse": Metric(
        name="rmse",
        keras="RootMeanSquaredError",
        label="RMSE",
        formula=r"\sqrt{\frac{1}{n} \sum_i (y_i - \hat{y}_i)^2}",
        about="The typical size of an error, in the units of the target.",
        range="[0, ∞)",
        best=0.0,
    ),
}
