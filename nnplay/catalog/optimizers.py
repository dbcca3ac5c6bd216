r"""Optimizers: how the gradient becomes a change of the weights.

In the update rules w is a weight, g its gradient, eta the learning rate, t the number of the update; m and v
are running averages of g and g^2, written with a hat when corrected for their start at 0, and mu is the
momentum.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Optimizer:
    """One optimizer of Keras.

    `keras` is its class in `keras.optimizers`; `learning_rate` is Keras's default. `momentum` and `nesterov`
    say whether the class has such an argument, `usual_momentum` and `usual_nesterov` what Keras sets them to.
    `arguments` are the further settings worth knowing, to be passed to the class as they are.
    """

    name: str
    keras: str
    label: str
    formula: str
    about: str
    learning_rate: float = 0.001
    momentum: bool = False
    nesterov: bool = False
    usual_momentum: float = 0.0
    usual_nesterov: bool = False
    arguments: Mapping[str, Any] = field(default_factory=dict)


OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(
        name="sgd",
        keras="SGD",
        label="SGD",
        formula=r"u \leftarrow \mu u - \eta g, \quad w \leftarrow w + u",
        about="Plain gradient descent, the one to understand first; momentum carries it along flat valleys.",
        learning_rate=0.01,
        momentum=True,
        nesterov=True,
    ),
    "rmsprop": Optimizer(
        name="rmsprop",
        keras="RMSprop",
        label="RMSprop",
        formula=r"v \leftarrow \rho v + (1 - \rho) g^2, \quad"
        r" w \leftarrow w - \eta \frac{g}{\sqrt{v + \epsilon}}",
        about="Divides each gradient by its recent size: steep and flat directions move at a like pace.",
        momentum=True,
        arguments={"rho": 0.9, "epsilon": 1e-7},
    ),
    "adam": Optimizer(
        name="adam",
        keras="Adam",
        label="Adam",
        formula=r"w \leftarrow w - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}",
        about="RMSprop with momentum: needs little tuning, hence the usual first choice.",
        arguments={"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    ),
    "adamw": Optimizer(
        name="adamw",
        keras="AdamW",
        label="AdamW",
        formula=r"w \leftarrow (1 - \eta \lambda) w - \eta \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}",
        about="Adam with weight decay kept apart from the gradient; usual for transformers.",
        arguments={"weight_decay": 0.004, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    ),
    "nadam": Optimizer(
        name="nadam",
        keras="Nadam",
        label="Nadam",
        formula=r"w \leftarrow w - \frac{\eta}{\sqrt{\hat{v}} + \epsilon}"
        r" \left( \beta_1 \hat{m} + \frac{(1 - \beta_1) g}{1 - \beta_1^t} \right)",
        about="Adam with Nesterov's look ahead, often a little quicker. (Keras also warms up beta 1.)",
        arguments={"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    ),
    "adamax": Optimizer(
        name="adamax",
        keras="Adamax",
        label="Adamax",
        formula=r"u \leftarrow \max(\beta_2 u, |g|), \quad"
        r" w \leftarrow w - \eta \frac{\hat{m}}{u + \epsilon}",
        about="Adam measuring a gradient by its largest recent value: calmer when gradients come in bursts.",
        arguments={"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    ),
    "adagrad": Optimizer(
        name="adagrad",
        keras="Adagrad",
        label="Adagrad",
        formula=r"a \leftarrow a + g^2, \quad w \leftarrow w - \eta \frac{g}{\sqrt{a + \epsilon}}",
        about="Steps shrink as squared gradients add up: good for rare features, slow in long runs.",
        arguments={"initial_accumulator_value": 0.1, "epsilon": 1e-7},
    ),
    "adadelta": Optimizer(
        name="adadelta",
        keras="Adadelta",
        label="Adadelta",
        formula=r"\Delta = - \frac{\sqrt{d + \epsilon}}{\sqrt{v + \epsilon}} g, \quad"
        r" d \leftarrow \rho d + (1 - \rho) \Delta^2, \quad w \leftarrow w + \eta \Delta",
        about="Finds its own step size; meant for learning rate 1, and hardly moves at the default of Keras.",
        arguments={"rho": 0.95, "epsilon": 1e-7},
    ),
    "adafactor": Optimizer(
        name="adafactor",
        keras="Adafactor",
        label="Adafactor",
        formula=r"w \leftarrow w - \max(\epsilon_2, \mathrm{rms}(w))"
        r" \min\left(\eta, \frac{1}{\sqrt{t}}\right) \frac{u}{\max(1, \mathrm{rms}(u))}, \quad"
        r" u = \frac{g}{\sqrt{v}}",
        about="Keeps v by rows and columns only, to save memory; steps are relative to the weights.",
        arguments={"beta_2_decay": -0.8, "epsilon_2": 0.001, "clip_threshold": 1.0, "relative_step": True},
    ),
    "lion": Optimizer(
        name="lion",
        keras="Lion",
        label="Lion",
        formula=r"w \leftarrow w - \eta \, \mathrm{sign}(\beta_1 m + (1 - \beta_1) g), \quad"
        r" m \leftarrow \beta_2 m + (1 - \beta_2) g",
        about="Every weight moves by just the learning rate, up or down; use 1/10 to 1/3 of AdamW's.",
        arguments={"beta_1": 0.9, "beta_2": 0.99},
    ),
    "lamb": Optimizer(
        name="lamb",
        keras="Lamb",
        label="LAMB",
        formula=r"w \leftarrow w - \eta \frac{\|w\|}{\|r\|} r, \quad"
        r" r = \frac{\hat{m}}{\sqrt{\hat{v}} + \epsilon}",
        about="Adam with steps in proportion to the size of the weights; made for very large batches.",
        arguments={"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    ),
    "ftrl": Optimizer(
        name="ftrl",
        keras="Ftrl",
        label="FTRL",
        formula=r"a' = a + g^2, \quad z \leftarrow z + g - \frac{\sqrt{a'} - \sqrt{a}}{\eta} w, \quad"
        r" w \leftarrow - \frac{\eta z}{\sqrt{a'}}",
        about="Made for linear models with many rare features; it erases the weights one starts from.",
        arguments={"learning_rate_power": -0.5, "initial_accumulator_value": 0.1},
    ),
    "muon": Optimizer(
        name="muon",
        keras="Muon",
        label="Muon",
        formula=r"M \leftarrow \mu M + G, \quad U \Sigma V^\top = G + \mu M, \quad"
        r" W \leftarrow W - 0.2 \, \eta \sqrt{\max(\mathrm{rows}, \mathrm{columns})} \, U V^\top",
        about="Makes the update of a matrix equally long in all directions; AdamW does biases and output.",
        momentum=True,
        nesterov=True,
        usual_momentum=0.95,
        usual_nesterov=True,
        # Keras asks to leave the output layer to AdamW; this is searched for in the names of layers.
        arguments={"weight_decay": 0.004, "ns_steps": 5, "rms_rate": 0.2, "exclude_layers": ("output",)},
    ),
    "schedule_free_adamw": Optimizer(
        name="schedule_free_adamw",
        keras="ScheduleFreeAdamW",
        label="Schedule-free AdamW",
        formula=r"z \leftarrow z - \eta \frac{g}{\sqrt{\hat{v}} + \epsilon}, \quad"
        r" x \leftarrow \left(1 - \frac{1}{t}\right) x + \frac{z}{t}, \quad"
        r" w \leftarrow (1 - \beta_1) z + \beta_1 x",
        about="Averages the weights in place of lowering the learning rate: use it with no schedule.",
        learning_rate=0.0025,
        arguments={"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8},
    ),
}
