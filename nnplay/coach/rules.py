"""The rules of the coach: each looks at the evidence for one cause.

The limits in capitals were set on the experiments of `python -m nnplay bench --coach`, which reports how
often each rule speaks up where it should, and where it should not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from nnplay.catalog import Activation, format_layers, parse_activation
from nnplay.coach.advice import Advice
from nnplay.coach.evidence import Evidence
from nnplay.numerals import times

# Epochs before which gradients say little, and units a layer that are few.
FEWEST = 3
FEW_UNITS = 3
# Epochs before which only what is plain from the start is said.
WARM_UP = 10
# Gradient norms: first layer over the largest of all, below which nothing reaches the first layer.
VANISHED = 1e-3
# Shares of units without any gradient, and of (sample, unit) pairs on a flat part.
DEAD = 0.5
SATURATED = 0.6
# The share of a constant answer's loss from which a network is said to learn.
LEARNS = 0.1
# Steps relative to the weights: below, a network hardly moves; above, it jumps about.
SMALL_STEP = 3e-4
# From here on a step is of usual size: gradient enough comes through.
USUAL_STEP = 1e-3
# What the last quarter of a run takes off the loss when there is more to come, and when there is none.
FALLS = 0.02
STANDS = 0.01
# Test loss over its lowest, and over the training loss.
RISEN = 1.25
APART = 2.0
# What the test loss has risen by, as a share of that of a constant answer, to be worth a word.
WORTH = 0.05
# Spread of an input far from the 1 that initial weights expect.
WIDE, NARROW = 10.0, 0.1


@dataclass(frozen=True)
class Rule:
    """`check` returns the advice, or None; `label` is its headline."""

    label: str
    check: Callable[[Evidence], Advice | None]


def advise(evidence: Evidence) -> list[Advice]:
    """What is wrong, the likeliest cause first; nothing when nothing is found."""
    found = {name: rule.check(evidence) for name, rule in RULES.items()}
    hidden = {name for cause in found if found[cause] for name in MASKS.get(cause, ())}
    return [advice for name, advice in found.items() if advice and name not in hidden]


def diverged(evidence: Evidence) -> Advice | None:
    """The loss is no number any more."""
    stopped = evidence.stopped
    if stopped is None or stopped.reason != "diverged":
        return None
    rate = evidence.experiment.learning_rate
    return Advice(
        "diverged", 0, float(stopped.epoch), stopped.message,
        "Each step was so long that it landed higher up the other side of the valley, and the next "
        "one higher "
        "still. Shorter steps stay in it.",
        {"learning_rate": _tidy(rate / 10)}, f"Learning rate {_tidy(rate / 10):g}", "gradients",
    )  # fmt: skip


def unscaled(evidence: Evidence) -> Advice | None:
    """Inputs far from spread 1."""
    if evidence.fits:
        return None
    inputs = evidence.experiment.load_data().x_train
    # Of each input, over all samples and, in a sequence, all steps.
    spread = inputs.std(axis=tuple(range(inputs.ndim - 1)))
    worst = int(np.argmax(np.abs(np.log(np.maximum(spread, 1e-9)))))
    if NARROW <= spread[worst] <= WIDE or not spread[worst]:
        return None
    return Advice(
        "unscaled", 0, float(spread[worst]),
        f"Input {evidence.experiment.input_names[worst]} has a spread of {spread[worst]:.3g}; weights "
        "start as if "
        "every input had 1.",
        "A wide input floods the sums of the first layer, a narrow one is not heard; and no single "
        "learning rate "
        "suits both.",
        {"standardize": "on"}, "Standardise the inputs",
    )  # fmt: skip


def symmetric(evidence: Evidence) -> Advice | None:
    """A hidden layer whose units all have the same weights."""
    for layer, found in enumerate(evidence.weights["kernels"][:-1], start=1):
        kernel = found.reshape(-1, found.shape[-1])
        if kernel.shape[1] > 1 and float(np.ptp(kernel, axis=1).max()) <= 1e-7 * (1 + np.abs(kernel).max()):
            return Advice(
                "symmetric", layer, float(kernel.shape[1]),
                f"All {kernel.shape[1]} units of layer {layer} have the same weights.",
                "Equal units get equal gradients and stay equal: the layer works like a single unit. "
                "Random initial "
                "weights tell them apart.",
                {"initializer": _suits(evidence, layer)}, "Random initial weights", "gradients",
            )  # fmt: skip
    return None


def no_gradient(evidence: Evidence) -> Advice | None:
    """An activation whose slope is 0 everywhere stands above a layer, which so never moves."""
    if evidence.epochs < FEWEST or evidence.gradients[-1] == 0:
        return None
    for layer in range(evidence.hidden, 0, -1):
        name = evidence.activation_names[layer - 1]
        if evidence.gradients[layer - 1] == 0 and evidence.activations["saturated"][layer - 1] == 1:
            label = parse_activation(name)[0].label
            if evidence.activations["dead"][layer - 1] == 1 and parse_activation(name)[0].keras:
                continue
            return Advice(
                "no_gradient", layer, 0.0,
                f"The gradient of layer {layer} is exactly 0 in every epoch.",
                f"{label} is flat everywhere: changing a weight below it a little changes nothing, so "
                "gradient "
                "descent has nothing to follow.",
                {"activation": "tanh"}, "tanh instead", "activations",
            )  # fmt: skip
    return None


def dead(evidence: Evidence) -> Advice | None:
    """Units that pass no gradient for any sample."""
    if evidence.fits:
        return None
    shares = np.nan_to_num(evidence.activations["dead"][: evidence.hidden])
    shares[[not activation.keras for activation in _activations(evidence)]] = 0
    if not shares.size or shares.max() < DEAD:
        return None
    layer = int(shares.argmax()) + 1
    name = parse_activation(evidence.activation_names[layer - 1])[0]
    return Advice(
        "dead", layer, float(shares.max()),
        f"{shares.max():.0%} of the units of layer {layer} are dead: they answer no sample with a slope.",
        f"Where {name.label} is flat for all samples, no gradient passes, and the unit never comes "
        "back. One that "
        "is flat nowhere keeps them alive; a lower learning rate kills fewer.",
        {"activation": "leaky_relu"}, "Leaky ReLU", "activations",
    )  # fmt: skip


def vanishing(evidence: Evidence) -> Advice | None:
    """Gradients that fade on their way to the first layer."""
    if evidence.fits or evidence.epochs < FEWEST or evidence.hidden < 2:
        return None
    gradients = evidence.gradients
    if not np.isfinite(gradients).all() or gradients.max() == 0 or gradients[0] == 0:
        return None
    ratio = float(gradients[0] / gradients.max())
    if ratio > VANISHED:
        return None
    activation = evidence.activation_names[0]
    change = {"normalization": "batch"} if activation == "relu" else {
        "activation": "relu", "initializer": "he_normal"
    }  # fmt: skip
    place = int(gradients.argmax()) + 1
    largest = "the output" if place == len(gradients) else f"layer {place}"
    return Advice(
        "vanishing", 1, ratio,
        f"The gradient of layer 1 is {times(ratio)} of the largest one, that of {largest}.",
        "On its way back the gradient is multiplied once a layer by weights and slopes; where the "
        "product is under "
        "1, the first layers hear nothing and stay as random as they began.",
        change, "Batch normalisation" if "normalization" in change else "ReLU with He's weights", "gradients",
    )  # fmt: skip


def saturated(evidence: Evidence) -> Advice | None:
    """Units on the flat parts of their function, in a network that learns next to nothing.

    One that learns uses the flat parts: a unit that decides sits on them.
    """
    if evidence.learned > LEARNS or evidence.epochs < FEWEST or evidence.updates.max() > USUAL_STEP:
        return None
    shares = np.nan_to_num(evidence.activations["saturated"][: evidence.hidden])
    bounded = [np.isfinite(parse_activation(name)[0].bounds).all() for name in evidence.activation_names]
    shares = np.where(bounded, shares, 0)
    shares[[not activation.keras for activation in _activations(evidence)]] = 0
    if not shares.size or shares.max() < SATURATED:
        return None
    layer = int(shares.argmax()) + 1
    return Advice(
        "saturated", layer, float(shares.max()),
        f"{shares.max():.0%} of what layer {layer} does happens where its function is flat.",
        "Sums that are too large push the units to their limits, where the slope is next to 0 and hardly any "
        "gradient comes through. Smaller initial weights or normalisation keep the sums small.",
        {"initializer": _suits(evidence, layer), "normalization": "batch"},
        "Suitable weights, batch normalisation",
        "activations",
    )  # fmt: skip


def linear(evidence: Evidence) -> Advice | None:
    """A network that can only draw a straight line, where one is not enough."""
    if evidence.fits or evidence.epochs < WARM_UP or evidence.falling > FALLS:
        return None
    if any(activation.name != "linear" for activation in _activations(evidence)):
        return None
    score = evidence.recent(evidence.metric)
    return Advice(
        "linear", 0, score,
        f"Nothing in this network bends, and it stands still at {_score(evidence)}.",
        "Without a hidden layer that is not linear, any network is a weighted sum of its inputs: a straight "
        "boundary, a flat surface. Some data need more.",
        {"hidden": "8-8", "activation": "tanh"}, "Two hidden layers of 8, tanh", "activations",
    )  # fmt: skip


def too_small(evidence: Evidence) -> Advice | None:
    """A network with too few units that has come to rest."""
    if evidence.fits or evidence.epochs < WARM_UP or not evidence.hidden or evidence.falling > STANDS:
        return None
    layers = evidence.experiment.layers
    sized = [layer.units for layer in layers if layer.units]
    width = min(sized, default=FEW_UNITS + 1)
    if width > FEW_UNITS or evidence.learned < 0.02:
        return None
    wider = format_layers(
        replace(layer, units=max(8, 2 * layer.units)) if layer.units else layer for layer in layers
    )
    return Advice(
        "too_small", int(np.argmin([layer.units or np.inf for layer in layers])) + 1, float(width),
        f"The loss stands still at {_score(evidence)}, and a layer has only {width} "
        f"{'unit' if width == 1 else 'units'}.",
        "Each unit adds one bend. With too few of them the network cannot follow the data, however "
        "long it trains.",
        {"hidden": wider}, f"Hidden layers {wider}",
    )  # fmt: skip


def rate_too_small(evidence: Evidence) -> Advice | None:
    """Steps so short that learning goes on, but takes for ever."""
    if evidence.fits or evidence.epochs < WARM_UP:
        return None
    step = float(evidence.updates.max())
    if step > SMALL_STEP or evidence.gradients.max() <= 1e-6 or evidence.falling < -STANDS:
        return None
    rate = min(10 * evidence.experiment.learning_rate, 100.0)
    return Advice(
        "rate_too_small", 0, step,
        f"A step changes the weights by {times(step)} of their size at the most.",
        "About a thousandth is usual. With shorter steps the network learns the same, only later.",
        {"learning_rate": _tidy(rate)}, f"Learning rate {_tidy(rate):g}",
    )  # fmt: skip


def overfitting(evidence: Evidence) -> Advice | None:
    """The test loss rises while the training loss goes on falling."""
    if evidence.epochs < WARM_UP:
        return None
    test = evidence.rows.column("val_loss")
    lowest, best = float(test.min()), int(test.argmin()) + 1
    now, trained = evidence.recent("val_loss"), evidence.recent("loss")
    if (
        best > 0.8 * evidence.epochs
        or now < RISEN * lowest
        or now < APART * trained
        or evidence.learned < 0.1
    ):
        return None
    if lowest > evidence.baseline["loss"] or now - lowest < WORTH * evidence.baseline["loss"]:
        return None
    return Advice(
        "overfitting", 0, now / lowest,
        f"Test loss was lowest in epoch {best} ({lowest:.3g}) and is {now:.3g} now, while the "
        "training loss is "
        f"{trained:.3g}.",
        "The network has begun to learn its training samples by heart, noise and all. A price on "
        "large weights, "
        "more samples, or stopping in time keep it general.",
        {"regularizer": "l2", "regularization_rate": 0.003}, "L2 regularisation",
    )  # fmt: skip


def nothing_to_learn(evidence: Evidence) -> Advice | None:
    """Training samples are learned, and the test samples never better than by guessing."""
    if evidence.epochs < WARM_UP:
        return None
    lowest = float(evidence.rows.column("val_loss").min())
    if evidence.learned < 0.2 or lowest < 0.96 * evidence.baseline["loss"]:
        return None
    return Advice(
        "nothing_to_learn", 0, lowest,
        f"The training loss fell by {evidence.learned:.0%}, but the test loss was never better than "
        "that of a "
        f"constant answer ({evidence.baseline['loss']:.3g}; at best {lowest:.3g}).",
        "The inputs say nothing about the targets, as with random labels: all that can be learned is "
        "these samples "
        "by heart.",
        {"label_noise": 0.0, "data": "circle"}, "Data with something in it",
    )  # fmt: skip


RULES: dict[str, Rule] = {
    "diverged": Rule("It diverged: the steps are too long", diverged),
    "unscaled": Rule("The inputs are not scaled", unscaled),
    "symmetric": Rule("All units are the same", symmetric),
    "no_gradient": Rule("No gradient gets through", no_gradient),
    "dead": Rule("Dead units", dead),
    "vanishing": Rule("The gradient vanishes", vanishing),
    "saturated": Rule("Saturated units", saturated),
    "linear": Rule("A straight line is not enough", linear),
    "too_small": Rule("The network is too small", too_small),
    "rate_too_small": Rule("The steps are too short", rate_too_small),
    "nothing_to_learn": Rule("There is nothing to learn", nothing_to_learn),
    "overfitting": Rule("It learns by heart", overfitting),
}
# What a cause brings with it is not said beside it.
MASKS: dict[str, Iterable[str]] = {
    "diverged": tuple(name for name in RULES if name != "diverged"),
    "unscaled": ("saturated", "vanishing", "rate_too_small", "dead"),
    "symmetric": ("vanishing", "too_small", "rate_too_small", "dead"),
    "no_gradient": ("vanishing", "dead", "saturated", "too_small", "rate_too_small"),
    "dead": ("vanishing", "too_small", "rate_too_small"),
    "vanishing": ("rate_too_small", "too_small"),
    "saturated": ("rate_too_small", "too_small"),
    "linear": ("too_small", "rate_too_small"),
    "rate_too_small": ("too_small",),
    "nothing_to_learn": ("overfitting", "dead"),
}


def _activations(evidence: Evidence) -> list[Activation]:
    return [parse_activation(name)[0] for name in evidence.activation_names]


def _suits(evidence: Evidence, layer: int) -> str:
    """The initializer that suits the activation of this layer."""
    return parse_activation(evidence.activation_names[layer - 1])[0].initializer


def _score(evidence: Evidence) -> str:
    score = evidence.recent(evidence.metric)
    return f"{score:.0%} of the training samples" if evidence.metric == "accuracy" else f"R² = {score:.2f}"


def _tidy(rate: float) -> float:
    """A rate with two digits, within its limits."""
    return float(f"{min(max(rate, 1e-6), 100.0):.2g}")
