"""Links of TensorFlow Playground, read as the same experiment in Keras terms.

Its loss of a sample is e = (output - target)^2 / 2 and its step w -= rate * (de/dw + r p(w)), with p(w) = w
for L2 and sign(w) for L1. The `mse` of Keras is 2 e, its `L2(c)` has the slope 2 c w and its `L1(c)` the
slope c sign(w). So the same step is half the learning rate with `mse` and `L2(r)`, or `L1(2 r)`.
"""

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nnplay.catalog.architectures import MAX_LAYERS, MAX_UNITS, format_layers, parse_layers
from nnplay.experiment import DEFAULT, SETTINGS, Experiment, ExperimentError, make, split_link
from nnplay.experiment.error import show
from nnplay.experiment.links import collect
from nnplay.experiment.numerals import REAL, WHOLE

ADDRESS = re.compile(r"(?:https?://)?playground\.tensorflow\.org(?:[/?#]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Key:
    """A key of a link: its value when it is not given, what it may be in words, and how it is read."""

    default: str
    allowed: str
    read: Callable[[str], Any]


@dataclass(frozen=True)
class Page:
    """What a link wants of the page: the test samples shown, the output discretised, settings hidden."""

    show_test: bool
    discrete: bool
    hidden: tuple[str, ...]


@dataclass(frozen=True)
class Data:
    """A dataset there: its name here, the setting that its noise is here, and the number of points."""

    name: str
    noise: str
    points: int


def _choice(default: str, choices: Mapping[str, Any]) -> Key:
    return Key(default, f"one of: {', '.join(choices)}", lambda text: choices[text])


def _switch(default: str) -> Key:
    return _choice(default, {"true": True, "false": False})


def _number(default: str, low: str, high: str, *, whole: bool = False) -> Key:
    def read(text: str) -> float:
        # Written this way round so that an infinity is refused as well.
        if not (WHOLE if whole else REAL).fullmatch(text) or not float(low) <= float(text) <= float(high):
            raise ValueError
        return int(text) if whole else float(text)

    return Key(default, f"a {'whole number' if whole else 'number'} from {low} to {high}", read)


def _shape(text: str) -> str:
    if not re.fullmatch(r"(?:[0-9]+(?:,[0-9]+)*)?", text):
        raise ValueError
    return format_layers(parse_layers(text.replace(",", "-")))


def _seed(text: str) -> int:
    """Any text as a seed; the usual one is the random number that TensorFlow Playground put into its link."""
    return zlib.crc32(text.encode("utf-8", "replace")) % 2**31 if text else DEFAULT.seed


CLASSIFICATION = {
    "circle": Data("circle", "label_noise", 500),
    "xor": Data("xor", "label_noise", 500),
    "gauss": Data("gauss", "position_noise", 500),
    "spiral": Data("spiral", "position_noise", 500),
}
REGRESSION = {
    "reg-plane": Data("plane", "label_noise", 1200),
    "reg-gauss": Data("gaussians", "label_noise", 1200),
}
# The inputs, in the order of its page. It reads and writes the cosines but has no such input.
INPUTS = {
    "x": "x1", "y": "x2", "xSquared": "x1sq", "ySquared": "x2sq", "xTimesY": "x1x2",
    "sinX": "sinx1", "sinY": "sinx2", "cosX": "cosx1", "cosY": "cosx2",
}  # fmt: skip

KEYS: dict[str, Key] = {
    "problem": _choice("classification", {"classification": "dataset", "regression": "regDataset"}),
    "dataset": _choice("circle", CLASSIFICATION),
    "regDataset": _choice("reg-plane", REGRESSION),
    "percTrainData": _number("50", "10", "90"),
    "noise": _number("0", "0", "50"),
    "batchSize": _number("10", "1", f"{SETTINGS['batch_size'].high}", whole=True),
    **{name: _switch("true" if name in ("x", "y") else "false") for name in INPUTS},
    "networkShape": Key("4,2", f"up to {MAX_LAYERS} numbers from 1 to {MAX_UNITS}, with commas", _shape),
    "activation": _choice("tanh", {name: name for name in ("relu", "tanh", "sigmoid", "linear")}),
    "learningRate": _number("0.03", "0.00001", "10"),
    # The regularizer, and the rate in Keras for a rate of 1 there.
    "regularization": _choice("none", {"none": ("none", 0.0), "L1": ("l1", 2.0), "L2": ("l2", 1.0)}),
    "regularizationRate": _number("0", "0", "10"),
    "initZero": _switch("false"),
    "seed": Key("", "any text", _seed),
}
# What its page shows: read by `page_of`, or only of interest there.
SHOWN = ("showTestData", "discretize")
DISPLAY = (*SHOWN, "collectStats", "tutorial", "hideText")
# A control that a link hides (`<control>_hide=true`), and the settings that it is here.
HIDES: dict[str, tuple[str, ...]] = {
    "learningRate": ("learning_rate",),
    "activation": ("activation",),
    "regularization": ("regularizer",),
    "regularizationRate": ("regularization_rate",),
    "problem": ("data",),
    "dataset": ("data",),
    "percTrainData": ("test_fraction",),
    "noise": ("label_noise", "position_noise"),
    "batchSize": ("batch_size",),
    "numHiddenLayers": ("hidden",),
}
HIDE = "_hide"


def is_tensorflow_playground(text: str) -> bool:
    """Whether a text is to be read here: its address, or a fragment with keys as only its links have them."""
    text = text.strip()
    if ADDRESS.match(text):
        return True
    if "?" in text.partition("#")[0]:
        return False
    try:
        names = [name for name, _ in _pairs(text) if name in KEYS or name in DISPLAY]
    except ExperimentError:
        return False
    # Settings here are lower case, and its links always have keys that are not.
    return any(text.startswith("#") or name != name.lower() for name in names)


def read(link: str) -> tuple[Experiment, list[str]]:
    """The experiment of a link (its whole address, or what follows the '#'), and what differs, in sentences.

    A key that is not given, or empty, has the value that TensorFlow Playground starts with. Raises
    `ExperimentError` naming every fault, by the link's own keys.
    """
    given, problems = collect(_pairs(link))
    values: dict[str, Any] = {}
    for name, key in KEYS.items():
        text = given.get(name, "").strip()
        # Of the keys only the shape means something when it is empty: no hidden layer.
        text = text if text or (name == "networkShape" and name in given) else key.default
        try:
            values[name] = key.read(text)
        except (ValueError, KeyError):
            problems[name] = f"{name} must be {key.allowed}, not {show(text)}."
            values[name] = key.read(key.default)
    if not any(values[name] for name in INPUTS):
        problems["x"] = f"A network needs at least one input. Set one or more of {', '.join(INPUTS)} to true."
        values["x"] = True
    try:
        experiment = make(_fields(values))
    except ExperimentError as error:
        # Each value is right by itself, so only the network as a whole can be too large.
        problems["networkShape"] = str(error)
        raise ExperimentError(problems, error.experiment) from None
    if problems:
        raise ExperimentError(problems, experiment)
    return experiment, _notes(given, values, experiment)


def page_of(link: str) -> Page:
    """How the link wants its page. Raises `ExperimentError` for a link that is too long."""
    given, _ = collect(_pairs(link))
    hidden = {
        setting for name, settings in HIDES.items() if _is_on(given, name + HIDE) for setting in settings
    }
    show_test, discrete = (_is_on(given, name) for name in SHOWN)
    return Page(show_test, discrete, tuple(name for name in SETTINGS if name in hidden))


def _is_on(given: Mapping[str, str], name: str) -> bool:
    return given.get(name, "").strip() not in ("", "false")


def _pairs(link: str) -> list[tuple[str, str]]:
    """The pairs of the fragment; an address without one has none."""
    before, found, fragment = link.strip().partition("#")
    return split_link("?" + (fragment if found else "" if ADDRESS.match(before) else before))


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    data: Data = values[values["problem"]]
    regularizer, factor = values["regularization"]
    fields = {
        "data": data.name,
        "samples": data.points,
        data.noise: values["noise"] / 100,
        "test_fraction": (100 - values["percTrainData"]) / 100,
        "features": tuple(feature for name, feature in INPUTS.items() if values[name]),
        "hidden": values["networkShape"],
        "activation": values["activation"],
        "initializer": "zeros" if values["initZero"] else "playground",
        "loss": "mse",
        "optimizer": "sgd",
        "learning_rate": values["learningRate"] / 2,
        "batch_size": values["batchSize"],
        "shuffle": False,
        "regularizer": regularizer,
        "seed": values["seed"],
    }
    if factor:
        fields["regularization_rate"] = factor * values["regularizationRate"]
    return fields


def _notes(given: Mapping[str, str], values: Mapping[str, Any], experiment: Experiment) -> list[str]:
    """What is not as it is there, in plain sentences."""
    notes = [
        "The points and the initial weights come from another random generator: the same distributions, "
        "but other points and weights than there under the same seed.",
        "The loss here is the mean squared error, twice the loss there: 0.1 there is 0.2 here. With half the "
        f"learning rate, {experiment.learning_rate:g} for {values['learningRate']:g}, steps are the same.",
        f"Training ends by itself here, after {experiment.epochs} epochs or as many as are set; there it "
        "goes on until it is paused.",
    ]
    training = len(experiment.load_data().x_train)
    if training % experiment.batch_size:
        notes.append(
            f"{training} training points do not fill batches of {experiment.batch_size}: here the last batch "
            "of an epoch is smaller; there the rest is carried over into the next epoch."
        )
    if experiment.regularizer == "l1" and (rate := experiment.regularization_rate):
        notes.append(
            f"The L1 rate is doubled as the loss is, {rate:g} for {values['regularizationRate']:g}. A weight "
            "that L1 pulls across 0 stays 0 for good there; here it goes on, to and fro around 0."
        )
    if cosines := [name for name in ("cosX", "cosY") if values[name]]:
        notes.append(
            f"{' and '.join(cosines)}: an input here; there the link may name it, but it is ignored."
        )
    if experiment.regularizer != "none" and experiment.regularization_rate:
        notes.append(
            "The losses here include the price on large weights, as Keras reports them; there they do not."
        )
    if hides := [name for name in HIDES if _is_on(given, name + HIDE)]:
        notes.append(
            f"The link hides controls, which are hidden here as well and keep their values: {_list(hides)}."
        )
    known = (*SHOWN, *(name + HIDE for name in HIDES))
    display = [n for n in given if (n in DISPLAY or n.endswith(HIDE)) and n not in known and _is_on(given, n)]
    if display:
        notes.append(f"Left out, since it only concerns the page there: {_list(display)}.")
    if unknown := [name for name in given if not (name in KEYS or name in DISPLAY or name.endswith(HIDE))]:
        notes.append(f"Left out, since it is no key of TensorFlow Playground: {_list(unknown)}.")
    return notes


def _list(names: list[str]) -> str:
    shown = [show(name)[1:-1] for name in names[:5]]
    return ", ".join(shown) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
