"""What was measured of the layers, in sentences and as a table."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.catalog import LAYER_KINDS
from nnplay.jobs.record import Measurement
from nnplay.numerals import times
from nnplay.ui.live_table import Rows

HEAD = (
    "Layer", "Weights and biases", "Gradient", "Step / weights", "Weights: mean ± std",
    "Outputs: mean ± std", "Saturated", "Dead",
)  # fmt: skip
# What is equal within a factor of this is called about equal.
ABOUT = 1.5
USUAL = 1e-3


def the(name: str) -> str:
    """A layer in a sentence."""
    return "the output layer" if name == "output" else name


def gradients(values: np.ndarray, names: Sequence[str]) -> list[str]:
    """First against last layer, (layers,), and the one that is weakest, if that is another."""
    if not np.isfinite(values).all():
        return _not_finite(values, names, "gradient")
    if len(values) == 1:
        return [f"The gradient of {the(names[0])} has length {times(values[0])}."]
    said = []
    first, last = float(values[0]), float(values[-1])
    if first == 0 or last == 0:
        zero = [the(name) for name, value in zip(names, values, strict=True) if value == 0]
        said.append(f"No gradient at all reaches {_and(zero)}: it is exactly 0.")
    else:
        said.append(f"The gradient of {the(names[0])} is {_against(first, last)} that of {the(names[-1])}.")
    weakest, strongest = int(values.argmin()), int(values.argmax())
    if weakest not in (0, len(values) - 1) and values[weakest] > 0:
        ratio = values[strongest] / values[weakest]
        if ratio > ABOUT:
            said.append(
                f"The weakest is that of {the(names[weakest])}, {times(ratio)} times smaller than that of "
                f"{the(names[strongest])}."
            )
    return said


def updates(values: np.ndarray, names: Sequence[str]) -> list[str]:
    """The shortest and the longest step, (layers,), against the rule of thumb."""
    if not np.isfinite(values).all():
        return _not_finite(values, names, "step")
    low, high = int(values.argmin()), int(values.argmax())
    said = [f"A step changes {the(names[high])} by {times(values[high])} of the size of its weights."]
    if high != low:
        said[0] = said[0][:-1] + f", {the(names[low])} by {times(values[low])}."
    slow, fast = (values < USUAL / 10**0.5).sum(), (values > USUAL * 10**0.5).sum()
    if slow or fast:
        parts = [f"{_layers(slow)} below" if slow else "", f"{_layers(fast)} above" if fast else ""]
        said.append(f"Around 0.001 is usual: {', '.join(filter(None, parts))} that.")
    else:
        said.append("All layers are near the usual 0.001.")
    return said


def saturation(values: Any, names: Sequence[str], experiment: Any) -> list[str]:
    """Dead units layer by layer, the most saturated layer, and where neither is defined."""
    dead, flat = values["dead"], values["saturated"]
    said = [
        f"{the(name).capitalize()}: {share:.0%} of the units are dead."
        for name, share in zip(names, dead, strict=True)
        if share > 0
    ]
    if len(said) > 4:
        worst = int(np.nanargmax(dead))
        said = [f"{len(said)} layers have dead units, {the(names[worst])} the most: {dead[worst]:.0%}."]
    known = np.isfinite(flat)
    if not said and known.any():
        said.append("No unit is dead.")
    if known.any():
        most = int(np.nanargmax(flat))
        said.append(f"Most saturated: {the(names[most])}, {flat[most]:.0%} of its answers.")
    return said + undefined(values, names, experiment)


def undefined(values: Any, names: Sequence[str], experiment: Any) -> list[str]:
    """Why saturation is not defined for some layers; nothing where it is for all."""
    missing = [
        place
        for place, (flat, spread) in enumerate(zip(values["saturated"], values["std"], strict=True))
        if np.isnan(flat) and np.isfinite(spread)
    ]
    if not missing:
        return []
    recurrent = any(LAYER_KINDS[layer.kind].recurrent for layer in experiment.layers)
    inside = [the(names[place]) for place in missing if recurrent and place < len(names) - 1]
    whole = [the(names[place]) for place in missing if not (recurrent and place < len(names) - 1)]
    said = []
    if inside:
        said.append(f"Not defined for {_and(inside)}: a recurrent layer has its sums inside, at every step.")
    if whole:
        said.append(f"Not defined for {_and(whole)}: the function there mixes units, so none has a slope.")
    return said


def weights(first: Measurement, now: Measurement, names: Sequence[str]) -> list[str]:
    """How far the spread of each layer's weights has come from the first measurement."""
    return _spreads(first, now, names, "weights_std", "The weights")


def outputs(now: Measurement, names: Sequence[str]) -> list[str]:
    """The spread of the outputs, first hidden against last hidden layer."""
    spread = now.values["std"]
    if not np.isfinite(spread).all():
        return _not_finite(spread, names, "output")
    if len(spread) == 1:
        return [f"The outputs have a spread of {times(spread[0])}."]
    said = [f"The outputs of {the(names[0])} have a spread of {times(spread[0])}."]
    if len(spread) > 2:
        if spread[0] > 0 and spread[-2] > 0:
            said.append(
                f"That of the last hidden layer, {names[-2]}, is {_against(spread[-2], spread[0])} it."
            )
        else:
            flat = [the(name) for name, value in zip(names, spread, strict=True) if value == 0]
            said.append(f"Whatever the input, {_and(flat)} always answers the same.")
    return said


def _spreads(first: Measurement, now: Measurement, names: Sequence[str], name: str, what: str) -> list[str]:
    before, after = first.values[name], now.values[name]
    if not np.isfinite(after).all():
        return _not_finite(after, names, "weight")
    with np.errstate(all="ignore"):
        change = np.where(before > 0, after / before, np.nan)
    if np.isnan(change).all() or first.epoch == now.epoch:
        top = int(after.argmax())
        return [f"{what} of {the(names[top])} are spread widest: {times(after[top])}."]
    most = int(np.nanargmax(np.abs(np.log(np.maximum(change, 1e-12)))))
    since = "at the start" if first.epoch == 0 else f"in epoch {first.epoch:,}"
    return [
        f"{what} of {the(names[most])} have changed their spread most: {times(after[most])} now, "
        f"{times(before[most])} {since}."
    ]


def table(
    measured: Measurement | None, gradient: np.ndarray, update: np.ndarray, names: Sequence[str],
    colors: Sequence[str],
) -> Rows:  # fmt: skip
    """The present in numbers, a row a layer, with the columns of `HEAD`."""
    rows = []
    for place, (name, color) in enumerate(zip(names, colors, strict=True)):
        values = {key: value[place] for key, value in measured.values.items()} if measured else {}
        rows.append(
            (
                (name, color),
                (
                    str(values.get("shapes", "–")),
                    _norm(gradient[place]),
                    _norm(update[place]),
                    _spread(values, "weights_mean", "weights_std"),
                    _spread(values, "mean", "std"),
                    _share(values, "saturated"),
                    _share(values, "dead"),
                ),
            )
        )
    return rows


def _norm(value: float) -> str:
    # Infinite where it overflowed; NaN before the first epoch.
    return "–" if np.isnan(value) else f"{value:.2e}" if np.isfinite(value) else "not finite"


def _spread(values: dict[str, Any], mean: str, std: str) -> str:
    if not values:
        return "–"
    if not np.isfinite(values[std]):
        return "not finite"
    return f"{values[mean]:.3f} ± {values[std]:.3f}".replace("-", "−")


def _share(values: dict[str, Any], name: str) -> str:
    if not values:
        return "–"
    if np.isnan(values[name]):
        return "not defined"
    return f"{values[name]:.0%}"


def _against(one: float, other: float) -> str:
    """Of two positive numbers: "3,400 times smaller than", and what to compare with follows."""
    ratio = one / other
    if 1 / ABOUT < ratio < ABOUT:
        return "about as large as"
    return f"{times(ratio)} times larger than" if ratio > 1 else f"{times(1 / ratio)} times smaller than"


def _not_finite(values: np.ndarray, names: Sequence[str], what: str) -> list[str]:
    if np.isnan(values).all():
        return []
    bad = [the(name) for name, value in zip(names, values, strict=True) if not np.isfinite(value)]
    return [f"The {what} of {_and(bad)} is not finite any more."]


def _layers(count: int) -> str:
    return "one layer is" if count == 1 else f"{count} layers are"


def _and(parts: Sequence[str]) -> str:
    if len(parts) > 4:
        return f"{parts[0]} to {parts[-1]} ({len(parts)} layers)"
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
