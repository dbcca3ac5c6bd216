r"""Activation functions: all that Keras has, and the step function of the first neuron models.

In the formulas x is what a neuron sums up and f(x) what it passes on, sigma is the sigmoid, Phi and phi are
the distribution and density of the standard normal. `slope` is f'(x), what back-propagation multiplies by;
where a function has a kink, one of its two sides. Functions of a whole layer have x_i and a matrix of slopes
instead.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from nnplay.registry import look_up

# A parameter of 0 would make some of them divide by it.
LEAST_PARAMETER = 0.01
MOST_PARAMETER = 10.0


class BadActivation(ValueError):
    """A parameter that an activation cannot have."""


@dataclass(frozen=True)
class Activation:
    """One activation function.

    `keras` is its name in `keras.activations`, "" for a function that Keras lacks. `range` is the set of its
    values in words, `bounds` its least and greatest value as numbers (reached, approached or infinite).
    `initializer` is the weight initialiser that suits it. `units_factor` is how many pre-activations it needs
    for each output. An `elementwise` function treats each neuron alone. `parameters` are its arguments with
    their values.
    """

    name: str
    keras: str
    label: str
    formula: str
    slope: str
    about: str
    range: str
    bounds: tuple[float, float]
    initializer: str
    units_factor: int = 1
    elementwise: bool = True
    parameters: Mapping[str, float] = field(default_factory=dict)


ACTIVATIONS: dict[str, Activation] = {
    "tanh": Activation(
        name="tanh",
        keras="tanh",
        label="tanh",
        formula=r"\tanh(x)",
        slope=r"1 - \tanh(x)^2",
        about="Smooth and centred on 0: good in small networks; gradients fade through many layers.",
        range="(-1, 1)",
        bounds=(-1.0, 1.0),
        initializer="glorot_uniform",
    ),
    "relu": Activation(
        name="relu",
        keras="relu",
        label="ReLU",
        formula=r"\max(0, x)",
        slope=r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
        about="The usual first choice when deep: slope 1 when on; a unit off for all samples is dead.",
        range="[0, ∞)",
        bounds=(0.0, inf),
        initializer="he_normal",
    ),
    "sigmoid": Activation(
        name="sigmoid",
        keras="sigmoid",
        label="Sigmoid",
        formula=r"\frac{1}{1 + e^{-x}}",
        slope=r"\sigma(x) (1 - \sigma(x))",
        about="For an output that is a probability; in hidden layers its small slope makes gradients vanish.",
        range="(0, 1)",
        bounds=(0.0, 1.0),
        initializer="glorot_uniform",
    ),
    "linear": Activation(
        name="linear",
        keras="linear",
        label="Linear",
        formula=r"x",
        slope=r"1",
        about="For the output in regression; a stack of linear layers can do no more than a single one.",
        range="(-∞, ∞)",
        bounds=(-inf, inf),
        initializer="glorot_uniform",
    ),
    "leaky_relu": Activation(
        name="leaky_relu",
        keras="leaky_relu",
        label="Leaky ReLU",
        formula=r"\max(0.2 x, x)",
        slope=r"\begin{cases} 1 & x > 0 \\ 0.2 & x \le 0 \end{cases}",
        about="A ReLU that keeps a small slope when off, so its units cannot die.",
        range="(-∞, ∞)",
        bounds=(-inf, inf),
        initializer="he_normal",
        parameters={"negative_slope": 0.2},
    ),
    "elu": Activation(
        name="elu",
        keras="elu",
        label="ELU",
        formula=r"\begin{cases} x & x > 0 \\ e^{x} - 1 & x \le 0 \end{cases}",
        slope=r"\begin{cases} 1 & x > 0 \\ e^{x} & x \le 0 \end{cases}",
        about="Like ReLU, but with negative values that bring the mean nearer to 0; smooth at 0.",
        range="(-1, ∞)",
        bounds=(-1.0, inf),
        initializer="he_normal",
        parameters={"alpha": 1.0},
    ),
    "selu": Activation(
        name="selu",
        keras="selu",
        label="SELU",
        formula=r"1.0507 \begin{cases} x & x > 0 \\ 1.6733 (e^{x} - 1) & x \le 0 \end{cases}",
        slope=r"1.0507 \begin{cases} 1 & x > 0 \\ 1.6733 e^{x} & x \le 0 \end{cases}",
        about="An ELU scaled to keep mean 0 and variance 1 in deep networks; use LeCun normal weights.",
        range="(-1.758, ∞)",
        bounds=(-1.7580993408473766, inf),
        initializer="lecun_normal",
    ),
    "gelu": Activation(
        name="gelu",
        keras="gelu",
        label="GELU",
        formula=r"x \, \Phi(x)",
        slope=r"\Phi(x) + x \, \varphi(x)",
        about="A smooth relative of ReLU, usual in transformers.",
        range="[-0.170, ∞)",
        bounds=(-0.16997120747990369, inf),
        initializer="he_normal",
    ),
    "silu": Activation(
        name="silu",
        keras="silu",
        label="SiLU (Swish)",
        formula=r"x \, \sigma(x)",
        slope=r"\sigma(x) (1 + x (1 - \sigma(x)))",
        about="A smooth relative of ReLU that dips below 0; a sound choice for deep networks.",
        range="[-0.278, ∞)",
        bounds=(-0.27846454276107380, inf),
        initializer="he_normal",
    ),
    "mish": Activation(
        name="mish",
        keras="mish",
        label="Mish",
        formula=r"x \tanh(\ln(1 + e^{x}))",
        slope=r"\tanh(\ln(1 + e^{x})) + x \, \sigma(x) (1 - \tanh(\ln(1 + e^{x}))^2)",
        about="Very close to SiLU, with a slightly deeper dip; costs a little more.",
        range="[-0.309, ∞)",
        bounds=(-0.30884341301725, inf),
        initializer="he_normal",
    ),
    "softplus": Activation(
        name="softplus",
        keras="softplus",
        label="Softplus",
        formula=r"\ln(1 + e^{x})",
        slope=r"\sigma(x)",
        about="A smooth ReLU, always above 0: for an output that must be positive.",
        range="(0, ∞)",
        bounds=(0.0, inf),
        initializer="he_normal",
    ),
    "softsign": Activation(
        name="softsign",
        keras="softsign",
        label="Softsign",
        formula=r"\frac{x}{1 + |x|}",
        slope=r"\frac{1}{(1 + |x|)^2}",
        about="Shaped like tanh, but it flattens out more slowly.",
        range="(-1, 1)",
        bounds=(-1.0, 1.0),
        initializer="glorot_uniform",
    ),
    "celu": Activation(
        name="celu",
        keras="celu",
        label="CELU",
        formula=r"\begin{cases} x & x > 0 \\ e^{x} - 1 & x \le 0 \end{cases}",
        slope=r"\begin{cases} 1 & x > 0 \\ e^{x} & x \le 0 \end{cases}",
        about="An ELU that stays smooth at 0 for any alpha; at alpha = 1, as here, it is ELU.",
        range="(-1, ∞)",
        bounds=(-1.0, inf),
        initializer="he_normal",
        parameters={"alpha": 1.0},
    ),
    "relu6": Activation(
        name="relu6",
        keras="relu6",
        label="ReLU6",
        formula=r"\min(\max(0, x), 6)",
        slope=r"\begin{cases} 1 & 0 < x < 6 \\ 0 & x \le 0 \text{ or } x \ge 6 \end{cases}",
        about="A ReLU cut off at 6, made for arithmetic with few bits on small devices.",
        range="[0, 6]",
        bounds=(0.0, 6.0),
        initializer="he_normal",
    ),
    "squareplus": Activation(
        name="squareplus",
        keras="squareplus",
        label="Squareplus",
        formula=r"\frac{x + \sqrt{x^2 + 4}}{2}",
        slope=r"\frac{1}{2} (1 + \frac{x}{\sqrt{x^2 + 4}})",
        about="Shaped like softplus, without exponential or logarithm: cheaper to compute.",
        range="(0, ∞)",
        bounds=(0.0, inf),
        initializer="he_normal",
        parameters={"b": 4.0},
    ),
    "sparse_plus": Activation(
        name="sparse_plus",
        keras="sparse_plus",
        label="Sparse plus",
        formula=r"\begin{cases} 0 & x \le -1 \\ \frac{1}{4} (x + 1)^2 & -1 < x < 1 \\ x & x \ge 1"
        r" \end{cases}",
        slope=r"\begin{cases} 0 & x \le -1 \\ \frac{1}{2} (x + 1) & -1 < x < 1 \\ 1 & x \ge 1 \end{cases}",
        about="A smooth ReLU that is exactly 0 below -1; its units can die as those of ReLU can.",
        range="[0, ∞)",
        bounds=(0.0, inf),
        initializer="he_normal",
    ),
    "hard_tanh": Activation(
        name="hard_tanh",
        keras="hard_tanh",
        label="Hard tanh",
        formula=r"\max(-1, \min(1, x))",
        slope=r"\begin{cases} 1 & |x| < 1 \\ 0 & |x| \ge 1 \end{cases}",
        about="Tanh out of three straight lines: quick, but with no gradient at all beyond 1 and -1.",
        range="[-1, 1]",
        bounds=(-1.0, 1.0),
        initializer="glorot_uniform",
    ),
    "hard_sigmoid": Activation(
        name="hard_sigmoid",
        keras="hard_sigmoid",
        label="Hard sigmoid",
        formula=r"\max(0, \min(1, \frac{x}{6} + \frac{1}{2}))",
        slope=r"\begin{cases} \frac{1}{6} & |x| < 3 \\ 0 & |x| \ge 3 \end{cases}",
        about="Sigmoid out of three straight lines: quick, but with no gradient at all beyond 3 and -3.",
        range="[0, 1]",
        bounds=(0.0, 1.0),
        initializer="glorot_uniform",
    ),
    "hard_silu": Activation(
        name="hard_silu",
        keras="hard_silu",
        label="Hard SiLU",
        formula=r"x \max(0, \min(1, \frac{x}{6} + \frac{1}{2}))",
        slope=r"\begin{cases} 0 & x \le -3 \\ \frac{x}{3} + \frac{1}{2} & -3 < x < 3 \\ 1 & x \ge 3"
        r" \end{cases}",
        about="SiLU without the exponential, made for mobile devices.",
        range="[-0.375, ∞)",
        bounds=(-0.375, inf),
        initializer="he_normal",
    ),
    "sparse_sigmoid": Activation(
        name="sparse_sigmoid",
        keras="sparse_sigmoid",
        label="Sparse sigmoid",
        formula=r"\begin{cases} 0 & x \le -1 \\ \frac{1}{2} (x + 1) & -1 < x < 1 \\ 1 & x \ge 1 \end{cases}",
        slope=r"\begin{cases} \frac{1}{2} & |x| < 1 \\ 0 & |x| \ge 1 \end{cases}",
        about="A steeper hard sigmoid that gives exact zeros and ones; no gradient beyond 1 and -1.",
        range="[0, 1]",
        bounds=(0.0, 1.0),
        initializer="glorot_uniform",
    ),
    "exponential": Activation(
        name="exponential",
        keras="exponential",
        label="Exponential",
        formula=r"e^{x}",
        slope=r"e^{x}",
        about="For an output that is a rate or count; in hidden layers values and gradients explode.",
        range="(0, ∞)",
        bounds=(0.0, inf),
        initializer="glorot_uniform",
    ),
    "log_sigmoid": Activation(
        name="log_sigmoid",
        keras="log_sigmoid",
        label="Log sigmoid",
        formula=r"-\ln(1 + e^{-x})",
        slope=r"1 - \sigma(x)",
        about="The logarithm of a probability, a building block of losses; softplus turned upside down.",
        range="(-∞, 0)",
        bounds=(-inf, 0.0),
        initializer="he_normal",
    ),
    "soft_shrink": Activation(
        name="soft_shrink",
        keras="soft_shrink",
        label="Soft shrink",
        formula=r"\begin{cases} x - 0.5 & x > 0.5 \\ 0 & |x| \le 0.5 \\ x + 0.5 & x < -0.5 \end{cases}",
        slope=r"\begin{cases} 1 & |x| > 0.5 \\ 0 & |x| \le 0.5 \end{cases}",
        about="Silences small signals and moves the others towards 0: for sparse codes and removing noise.",
        range="(-∞, ∞)",
        bounds=(-inf, inf),
        initializer="glorot_uniform",
        parameters={"threshold": 0.5},
    ),
    "hard_shrink": Activation(
        name="hard_shrink",
        keras="hard_shrink",
        label="Hard shrink",
        formula=r"\begin{cases} x & |x| > 0.5 \\ 0 & |x| \le 0.5 \end{cases}",
        slope=r"\begin{cases} 1 & |x| > 0.5 \\ 0 & |x| \le 0.5 \end{cases}",
        about="Silences small signals and leaves the others as they are, with a jump between the two.",
        range="(-∞, -0.5) or 0 or (0.5, ∞)",
        bounds=(-inf, inf),
        initializer="glorot_uniform",
        parameters={"threshold": 0.5},
    ),
    "tanh_shrink": Activation(
        name="tanh_shrink",
        keras="tanh_shrink",
        label="Tanh shrink",
        formula=r"x - \tanh(x)",
        slope=r"\tanh(x)^2",
        about="A smooth shrink; its slope is near 0 for small signals, so a network may start very slowly.",
        range="(-∞, ∞)",
        bounds=(-inf, inf),
        initializer="glorot_uniform",
    ),
    "threshold": Activation(
        name="threshold",
        keras="threshold",
        label="Threshold",
        formula=r"\begin{cases} x & x > 0.5 \\ 0 & x \le 0.5 \end{cases}",
        slope=r"\begin{cases} 1 & x > 0.5 \\ 0 & x \le 0.5 \end{cases}",
        about="A ReLU that fires only above 0.5, and then at once with its full value.",
        range="0 or (0.5, ∞)",
        bounds=(0.0, inf),
        initializer="he_normal",
        parameters={"threshold": 0.5, "default_value": 0.0},
    ),
    "softmax": Activation(
        name="softmax",
        keras="softmax",
        label="Softmax",
        formula=r"\frac{e^{x_i}}{\sum_j e^{x_j}}",
        slope=r"\frac{\partial f_i}{\partial x_j} = f_i (\delta_{ij} - f_j)",
        about="For an output with several classes: probabilities that sum to 1, so the units compete.",
        range="(0, 1), sum 1",
        bounds=(0.0, 1.0),
        initializer="glorot_uniform",
        elementwise=False,
    ),
    "log_softmax": Activation(
        name="log_softmax",
        keras="log_softmax",
        label="Log softmax",
        formula=r"x_i - \ln \sum_j e^{x_j}",
        slope=r"\frac{\partial f_i}{\partial x_j} = \delta_{ij} - e^{f_j}",
        about="The logarithm of softmax, mostly a building block of losses.",
        range="(-∞, 0)",
        bounds=(-inf, 0.0),
        initializer="glorot_uniform",
        elementwise=False,
    ),
    "sparsemax": Activation(
        name="sparsemax",
        keras="sparsemax",
        label="Sparsemax",
        formula=r"\max(0, x_i - \tau), \quad \tau \text{ such that } \sum_i f_i = 1",
        slope=r"\frac{\partial f_i}{\partial x_j} = s_i (\delta_{ij} - \frac{s_j}{\sum_k s_k}), \quad"
        r" s_i = \begin{cases} 1 & f_i > 0 \\ 0 & f_i = 0 \end{cases}",
        about="A softmax with exact zeros. (Keras up to 3.15.1 scales it wrongly if several units are on.)",
        range="[0, 1], sum 1",
        bounds=(0.0, 1.0),
        initializer="glorot_uniform",
        elementwise=False,
    ),
    "glu": Activation(
        name="glu",
        keras="glu",
        label="GLU",
        formula=r"a \, \sigma(b), \quad x = (a, b)",
        slope=r"\frac{\partial f}{\partial a} = \sigma(b), \quad"
        r" \frac{\partial f}{\partial b} = a \, \sigma(b) (1 - \sigma(b))",
        about="Half of the sums are gates that let the other half through; common in language models.",
        range="(-∞, ∞)",
        bounds=(-inf, inf),
        initializer="glorot_uniform",
        units_factor=2,
        elementwise=False,
    ),
    "step": Activation(
        name="step",
        keras="",
        label="Step",
        formula=r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}",
        slope=r"0",
        about="The first neuron models fired or not; its slope is 0, so the layers below it cannot learn.",
        range="0 or 1",
        bounds=(0.0, 1.0),
        initializer="glorot_uniform",
    ),
}


def parse_activation(text: str) -> tuple[Activation, dict[str, float]]:
    """The entry and the parameters of `name` or `name~value`, where the value is that of its first parameter.

    Raises `UnknownName` for an unknown name, `BadActivation` for a value that cannot be.
    """
    name, tilde, value = text.partition("~")
    entry = look_up(ACTIVATIONS, name, "activation")
    parameters = dict(entry.parameters)
    if tilde:
        if not parameters:
            raise BadActivation(f"Activation {name!r} has no parameter. Write it without '~'.")
        first = next(iter(parameters))
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,6})?", value) or not (
            LEAST_PARAMETER <= float(value) <= MOST_PARAMETER
        ):
            raise BadActivation(
                f"The {first} of {name!r} must be a number from {LEAST_PARAMETER:g} to "
                f"{MOST_PARAMETER:g}, not {value[:40]!r}; "
                f"write it as in '{name}~{parameters[first]:g}'."
            )
        parameters[first] = float(value)
    return entry, parameters


def format_activation(entry: Activation, parameters: Mapping[str, float]) -> str:
    """The inverse of `parse_activation`: without a value where it is the usual one."""
    first = next(iter(parameters), None)
    if first is None or parameters[first] == entry.parameters[first]:
        return entry.name
    return f"{entry.name}~{repr(float(parameters[first])).removesuffix('.0')}"
