r"""Initializers: where the weights start.

In the formulas in and out are the numbers of inputs and outputs of a layer, U(a, b) is uniform between a and
b, and N(0, s^2) normal with standard deviation s.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Initializer:
    """One way to start: `keras` is a class in `keras.initializers`, called with `arguments`, for the kernels,
    and with a `seed` if it is `random`; all biases start at `bias`. A `scaled` one takes its spread from the
    experiment: weights of variance sigma_w^2 / in, biases of variance sigma_b^2."""

    name: str
    keras: str
    label: str
    formula: str
    about: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    bias: float = 0.0
    random: bool = True
    scaled: bool = False


INITIALIZERS: dict[str, Initializer] = {
    "glorot_uniform": Initializer(
        name="glorot_uniform",
        keras="GlorotUniform",
        label="Glorot uniform",
        formula=r"U(-a, a), \quad a = \sqrt{\frac{6}{\mathrm{in} + \mathrm{out}}}",
        about="Keeps signals and gradients of like size from layer to layer; for tanh, sigmoid and linear.",
    ),
    "glorot_normal": Initializer(
        name="glorot_normal",
        keras="GlorotNormal",
        label="Glorot normal",
        formula=r"N\left(0, \frac{2}{\mathrm{in} + \mathrm{out}}\right) \text{, truncated}",
        about="The same scale as Glorot uniform, drawn from a bell curve.",
    ),
    "he_normal": Initializer(
        name="he_normal",
        keras="HeNormal",
        label="He normal",
        formula=r"N\left(0, \frac{2}{\mathrm{in}}\right) \text{, truncated}",
        about="For ReLU and its relatives: the 2 makes up for the half of the signal that ReLU cuts off.",
    ),
    "he_uniform": Initializer(
        name="he_uniform",
        keras="HeUniform",
        label="He uniform",
        formula=r"U(-a, a), \quad a = \sqrt{\frac{6}{\mathrm{in}}}",
        about="The same scale as He normal, drawn evenly.",
    ),
    "lecun_normal": Initializer(
        name="lecun_normal",
        keras="LecunNormal",
        label="LeCun normal",
        formula=r"N\left(0, \frac{1}{\mathrm{in}}\right) \text{, truncated}",
        about="Keeps the variance of what a linear layer passes on; SELU needs it.",
    ),
    "lecun_uniform": Initializer(
        name="lecun_uniform",
        keras="LecunUniform",
        label="LeCun uniform",
        formula=r"U(-a, a), \quad a = \sqrt{\frac{3}{\mathrm{in}}}",
        about="The same scale as LeCun normal, drawn evenly.",
    ),
    "orthogonal": Initializer(
        name="orthogonal",
        keras="Orthogonal",
        label="Orthogonal",
        formula=r"W^\top W = I \text{ or } W W^\top = I",
        about="A random rotation, which keeps lengths: for very deep and for recurrent networks.",
        arguments={"gain": 1.0},
    ),
    "random_normal": Initializer(
        name="random_normal",
        keras="RandomNormal",
        label="Normal",
        formula=r"N(0, 0.05^2)",
        about="One small spread whatever the size of the layer: in deep narrow networks the signal dies out.",
        arguments={"mean": 0.0, "stddev": 0.05},
    ),
    "random_uniform": Initializer(
        name="random_uniform",
        keras="RandomUniform",
        label="Uniform",
        formula=r"U(-0.05, 0.05)",
        about="One small range whatever the size of the layer: in deep narrow networks the signal dies out.",
        arguments={"minval": -0.05, "maxval": 0.05},
    ),
    "truncated_normal": Initializer(
        name="truncated_normal",
        keras="TruncatedNormal",
        label="Truncated normal",
        formula=r"N(0, 0.05^2) \text{, redrawn beyond } \pm 0.1",
        about="The small normal without its rare large values.",
        arguments={"mean": 0.0, "stddev": 0.05},
    ),
    "variance_scaling": Initializer(
        name="variance_scaling",
        keras="VarianceScaling",
        label="Variance scaling",
        formula=r"N\left(0, \frac{\mathrm{scale}}{\mathrm{in}}\right) \text{, truncated}",
        about="The family of Glorot, He and LeCun; with the defaults of Keras it is LeCun normal.",
        arguments={"scale": 1.0, "mode": "fan_in", "distribution": "truncated_normal"},
    ),
    "identity": Initializer(
        name="identity",
        keras="Identity",
        label="Identity",
        formula=r"W = I",
        about="Each layer starts by handing on its input: for deep or recurrent linear and ReLU layers.",
        arguments={"gain": 1.0},
        random=False,
    ),
    "ones": Initializer(
        name="ones",
        keras="Ones",
        label="Ones",
        formula=r"W = 1",
        about="A lesson: all neurons of a layer start alike, get like gradients, and stay copies.",
        random=False,
    ),
    "zeros": Initializer(
        name="zeros",
        keras="Zeros",
        label="Zeros",
        formula=r"W = 0",
        about="A lesson: the neurons stay alike, and at first no gradient gets through to earlier layers.",
        random=False,
    ),
    "gaussian": Initializer(
        name="gaussian",
        keras="VarianceScaling",
        label="Gaussian, own scale",
        formula=r"W \sim N\left(0, \frac{\sigma_w^2}{\mathrm{in}}\right), \quad b \sim N(0, \sigma_b^2)",
        about="The scale is yours: too small and the signal dies with depth; too large brings chaos.",
        arguments={"scale": 1.0, "mode": "fan_in", "distribution": "untruncated_normal"},
        scaled=True,
    ),
    "playground": Initializer(
        name="playground",
        keras="RandomUniform",
        label="TensorFlow Playground",
        formula=r"U(-0.5, 0.5), \quad \text{biases } 0.1",
        about="What TensorFlow Playground does, whatever the size of the layer; for a fair comparison.",
        arguments={"minval": -0.5, "maxval": 0.5},
        bias=0.1,
    ),
    "too_large": Initializer(
        name="too_large",
        keras="RandomNormal",
        label="Too large",
        formula=r"N(0, 3^2)",
        about="A lesson: tanh and sigmoid start saturated; with ReLU and linear, gradients explode.",
        arguments={"mean": 0.0, "stddev": 3.0},
    ),
}
