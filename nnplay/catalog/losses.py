"""Loss functions, and which output activation and target encoding each of them goes with.

In the formulas y is the target, y-hat the output, p an output that is a probability, n the number of samples
and k counts classes. Encodings of the targets: `signs` -1/+1, `binary` 0/1, `onehot`, `labels` (class
numbers) and `real`.
"""

from dataclasses import dataclass

from nnplay.registry import look_up

TASKS: dict[str, str] = {
    "binary": "two classes",
    "multiclass": "several classes",
    "regression": "real-valued targets",
}

TARGETS: dict[str, str] = {
    "signs": "-1 and +1",
    "binary": "0 and 1",
    "onehot": "1 for the right class and 0 for the others",
    "labels": "class numbers",
    "real": "real numbers",
}


class Mismatch(ValueError):
    """A loss that does not go with the task, or with the output activation."""


@dataclass(frozen=True)
class Pair:
    """An output activation and a target encoding that go with a loss on a task.

    `unit_targets`: only if all targets are known to lie between 0 and 1.
    """

    task: str
    output: str
    targets: str
    unit_targets: bool = False


@dataclass(frozen=True)
class Loss:
    """A loss of Keras. The first of `pairs` that fits is the default; `kin` are the losses nearest to it in
    spirit, the first that fits a task takes its place there; `wants` completes "this loss wants ..."."""

    name: str
    keras: str
    function: str
    label: str
    formula: str
    about: str
    wants: str
    pairs: tuple[Pair, ...]
    kin: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pairing:
    """What the last layer is to be: `units` outputs with activation `output`, trained with `loss` on targets
    encoded as `targets`. `note` says what was adapted to a choice that is not the usual one, or is empty."""

    output: str
    targets: str
    units: int
    loss: str
    note: str


_DISTANCE = (  # A distance between output and target makes sense whenever the output can reach the target.
    Pair("binary", "tanh", "signs"),
    Pair("binary", "linear", "signs"),
    Pair("binary", "sigmoid", "binary"),
    Pair("multiclass", "softmax", "onehot"),
    Pair("multiclass", "linear", "onehot"),
    Pair("multiclass", "sigmoid", "onehot"),
    Pair("regression", "linear", "real"),
    Pair("regression", "sigmoid", "real", unit_targets=True),
)
_MARGIN = (Pair("binary", "linear", "signs"), Pair("binary", "tanh", "signs"))
_ONE_PROBABILITY = (Pair("binary", "sigmoid", "binary"),)
_PROBABILITIES = (Pair("multiclass", "softmax", "onehot"),)

LOSSES: dict[str, Loss] = {
    "mse": Loss(
        name="mse",
        keras="MeanSquaredError",
        function="mean_squared_error",
        label="Mean squared error",
        formula=r"\frac{1}{n} \sum_i (\hat{y}_i - y_i)^2",
        about="The usual choice for regression; on classes it learns slowly once a sigmoid is saturated.",
        wants="any targets",
        pairs=_DISTANCE,
    ),
    "mae": Loss(
        name="mae",
        keras="MeanAbsoluteError",
        function="mean_absolute_error",
        label="Mean absolute error",
        formula=r"\frac{1}{n} \sum_i |\hat{y}_i - y_i|",
        about="Regression with outliers: a sample far off pulls no harder than one slightly off.",
        wants="any targets",
        pairs=_DISTANCE,
    ),
    "huber": Loss(
        name="huber",
        keras="Huber",
        function="huber",
        label="Huber",
        formula=r"\frac{1}{n} \sum_i \begin{cases} \frac{1}{2} e_i^2 & |e_i| \le 1 \\ |e_i| - \frac{1}{2}"
        r" & |e_i| > 1 \end{cases}, \quad e_i = \hat{y}_i - y_i",
        about="Squared for small errors, absolute for large ones: calm about outliers.",
        wants="any targets",
        pairs=_DISTANCE,
    ),
    "log_cosh": Loss(
        name="log_cosh",
        keras="LogCosh",
        function="log_cosh",
        label="Log-cosh",
        formula=r"\frac{1}{n} \sum_i \ln \cosh(\hat{y}_i - y_i)",
        about="Much like Huber, but smooth everywhere.",
        wants="any targets",
        pairs=_DISTANCE,
    ),
    "binary_crossentropy": Loss(
        name="binary_crossentropy",
        keras="BinaryCrossentropy",
        function="binary_crossentropy",
        label="Binary cross-entropy",
        formula=r"-\frac{1}{n} \sum_i \left[ y_i \ln p_i + (1 - y_i) \ln(1 - p_i) \right]",
        about="The usual choice for two classes: with a sigmoid output, confident mistakes still teach.",
        wants="two classes, or targets between 0 and 1",
        pairs=(*_ONE_PROBABILITY, Pair("regression", "sigmoid", "real", unit_targets=True)),
        kin=("categorical_crossentropy", "mse"),
    ),
    "categorical_crossentropy": Loss(
        name="categorical_crossentropy",
        keras="CategoricalCrossentropy",
        function="categorical_crossentropy",
        label="Categorical cross-entropy",
        formula=r"-\frac{1}{n} \sum_i \sum_k y_{ik} \ln p_{ik}",
        about="The usual choice for several classes, with targets as one-hot vectors.",
        wants="several classes",
        pairs=_PROBABILITIES,
        kin=("binary_crossentropy", "mse"),
    ),
    "sparse_categorical_crossentropy": Loss(
        name="sparse_categorical_crossentropy",
        keras="SparseCategoricalCrossentropy",
        function="sparse_categorical_crossentropy",
        label="Sparse categorical cross-entropy",
        formula=r"-\frac{1}{n} \sum_i \ln p_{i, y_i}",
        about="The same value as categorical cross-entropy, for targets given as class numbers.",
        wants="several classes",
        pairs=(Pair("multiclass", "softmax", "labels"),),
        kin=("binary_crossentropy", "mse"),
    ),
    "hinge": Loss(
        name="hinge",
        keras="Hinge",
        function="hinge",
        label="Hinge",
        formula=r"\frac{1}{n} \sum_i \max(0, 1 - y_i \hat{y}_i)",
        about="Two classes with a margin, as in a support vector machine: clear cases cost nothing.",
        wants="two classes",
        pairs=_MARGIN,
        kin=("categorical_hinge", "mse"),
    ),
    "squared_hinge": Loss(
        name="squared_hinge",
        keras="SquaredHinge",
        function="squared_hinge",
        label="Squared hinge",
        formula=r"\frac{1}{n} \sum_i \max(0, 1 - y_i \hat{y}_i)^2",
        about="A hinge without the kink: large violations of the margin weigh more, small ones less.",
        wants="two classes",
        pairs=_MARGIN,
        kin=("categorical_hinge", "mse"),
    ),
    "categorical_hinge": Loss(
        name="categorical_hinge",
        keras="CategoricalHinge",
        function="categorical_hinge",
        label="Categorical hinge",
        formula=r"\frac{1}{n} \sum_i \max\left(0, 1 + \max_k (1 - y_{ik}) \hat{y}_{ik} - \sum_k y_{ik}"
        r" \hat{y}_{ik} \right)",
        about="A margin for several classes: the right class should beat the strongest wrong one by 1.",
        wants="several classes",
        pairs=(Pair("multiclass", "linear", "onehot"), Pair("multiclass", "tanh", "onehot")),
        kin=("hinge", "mse"),
    ),
    "kl_divergence": Loss(
        name="kl_divergence",
        keras="KLDivergence",
        function="kl_divergence",
        label="Kullback-Leibler divergence",
        formula=r"\frac{1}{n} \sum_i \sum_k y_{ik} \ln \frac{y_{ik}}{p_{ik}}",
        about="How far one distribution is from another; with one-hot targets it equals cross-entropy.",
        # One sigmoid is not a distribution: with y = 0 the sum over its single term is 0 whatever p is.
        wants="several classes with a probability each, which sum to 1",
        pairs=_PROBABILITIES,
        kin=("binary_crossentropy", "mse"),
    ),
    "poisson": Loss(
        name="poisson",
        keras="Poisson",
        function="poisson",
        label="Poisson",
        formula=r"\frac{1}{n} \sum_i \left( \hat{y}_i - y_i \ln \hat{y}_i \right)",
        about="For counts and rates; it needs targets of 0 or more and a positive output.",
        wants="counts or rates: targets that are never negative",
        pairs=(
            *_ONE_PROBABILITY,
            *_PROBABILITIES,
            Pair("regression", "softplus", "real", unit_targets=True),
            Pair("regression", "exponential", "real", unit_targets=True),
            Pair("regression", "sigmoid", "real", unit_targets=True),
        ),
        kin=("mse",),
    ),
    "binary_focal_crossentropy": Loss(
        name="binary_focal_crossentropy",
        keras="BinaryFocalCrossentropy",
        function="binary_focal_crossentropy",
        label="Binary focal cross-entropy",
        formula=r"-\frac{1}{n} \sum_i \left[ y_i (1 - p_i)^2 \ln p_i + (1 - y_i) \, p_i^2 \ln(1 - p_i)"
        r" \right]",
        about="Cross-entropy that plays down easy samples; for two classes of very unequal size.",
        wants="two classes",
        pairs=_ONE_PROBABILITY,
        kin=("categorical_focal_crossentropy", "mse"),
    ),
    "categorical_focal_crossentropy": Loss(
        name="categorical_focal_crossentropy",
        keras="CategoricalFocalCrossentropy",
        function="categorical_focal_crossentropy",
        label="Categorical focal cross-entropy",
        formula=r"-\frac{1}{4 n} \sum_i \sum_k y_{ik} (1 - p_{ik})^2 \ln p_{ik}",
        about="Focal cross-entropy for several classes of unequal size.",
        wants="several classes",
        pairs=_PROBABILITIES,
        kin=("binary_focal_crossentropy", "mse"),
    ),
}


def losses_for(task: str, *, unit_targets: bool = False) -> tuple[str, ...]:
    """Return the names of the losses that fit `task`, in menu order."""
    return tuple(name for name in LOSSES if _fitting(name, task, unit_targets))


def outputs_for(loss: str, task: str, *, unit_targets: bool = False) -> tuple[str, ...]:
    """Return the output activations that go with `loss` on `task`, the default first.

    Empty if it does not fit.
    """
    return tuple(fit.output for fit in _fitting(loss, task, unit_targets))


def pair(loss: str, task: str, output: str = "auto", *, unit_targets: bool = False, classes: int) -> Pairing:
    """Return the last layer and the target encoding for `loss` on `task`; "auto" is the usual output.

    `unit_targets` says that all regression targets lie between 0 and 1; `classes` is the number of outputs of
    a multiclass task, and plays no part in the others. Raises `Mismatch` if the loss does not fit the task,
    or the output does not go with the loss; `UnknownName` for a loss or task that does not exist.
    """
    fits = _fitting(loss, task, unit_targets)
    label = LOSSES[loss].label
    if not fits:
        raise Mismatch(
            f"{label} does not fit {TASKS[task]}: it wants {LOSSES[loss].wants}. "
            f"Choose one of: {', '.join(losses_for(task, unit_targets=unit_targets))}."
        )
    if task == "multiclass" and classes < 2:
        raise Mismatch(f"A multiclass task needs at least 2 classes, {classes} given.")
    chosen = fits[0] if output == "auto" else next((fit for fit in fits if fit.output == output), None)
    if chosen is None:
        raise Mismatch(
            f"{label} cannot be used with the output activation {output[:40]!r} on {TASKS[task]}. "
            f"Choose one of: auto, {', '.join(fit.output for fit in fits)}."
        )
    note = ""
    if chosen.targets != fits[0].targets:
        note = f"The targets are {TARGETS[chosen.targets]}, to suit the {chosen.output} output."
    units = classes if task == "multiclass" else 1
    return Pairing(chosen.output, chosen.targets, units, loss, note)


def put_right(loss: str, task: str, *, unit_targets: bool = False) -> tuple[str, str]:
    """Return the loss to use on `task` where `loss` was chosen, and why it is another one ("" if it is "
    "not)."""
    if _fitting(loss, task, unit_targets):
        return loss, ""
    instead = next(name for name in LOSSES[loss].kin if _fitting(name, task, unit_targets))
    return instead, (
        f"{LOSSES[loss].label} wants {LOSSES[loss].wants}. "
        f"This data has {TASKS[task]}, so {LOSSES[instead].label} is used instead."
    )


def _fitting(loss: str, task: str, unit_targets: bool) -> tuple[Pair, ...]:
    look_up(TASKS, task, "task")
    pairs = look_up(LOSSES, loss, "loss").pairs
    return tuple(fit for fit in pairs if fit.task == task and (unit_targets or not fit.unit_targets))
