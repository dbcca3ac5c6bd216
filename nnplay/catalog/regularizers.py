r"""Regularizers: a price on large weights, added to the loss. Lambda is the regularization rate."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Regularizer:
    """One penalty on the weights of a layer: a class in `keras.regularizers` ("" for none), which is given
    the regularization rate as each of its `rates`."""

    name: str
    keras: str
    label: str
    formula: str
    about: str
    rates: tuple[str, ...]


REGULARIZERS: dict[str, Regularizer] = {
    "none": Regularizer(
        name="none",
        keras="",
        label="None",
        formula=r"0",
        about="The weights are free: fine while the test loss follows the training loss.",
        rates=(),
    ),
    "l1": Regularizer(
        name="l1",
        keras="L1",
        label="L1",
        formula=r"\lambda \sum |w|",
        about="Pulls every weight towards 0 equally hard: the unneeded ones get there.",
        rates=("l1",),
    ),
    "l2": Regularizer(
        name="l2",
        keras="L2",
        label="L2",
        formula=r"\lambda \sum w^2",
        about="Pulls large weights harder than small ones: smoother boundaries, less overfitting.",
        rates=("l2",),
    ),
    "l1l2": Regularizer(
        name="l1l2",
        keras="L1L2",
        label="L1 and L2",
        formula=r"\lambda \sum |w| + \lambda \sum w^2",
        about="Both at once, known as elastic net: few weights, and none of them large.",
        rates=("l1", "l2"),
    ),
}
