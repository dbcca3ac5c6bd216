"""Settling: putting right what is right by itself but does not go together, and saying so."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from nnplay import catalog
from nnplay import data as datasets
from nnplay.experiment.draft import Draft, axes_of, fits_recurrent, misfits, pairing
from nnplay.experiment.record import Experiment, make


def settle(fields: Mapping[str, Any]) -> tuple[Experiment, list[str]]:
    """Like `make`, but what does not go with the data or the layers is put right.

    Returns the experiment and one sentence for each thing put right. What is plainly wrong (an unknown name,
    a number out of range, a network too large) still raises `ExperimentError`.
    """
    try:
        draft = Draft(**fields)
    except ValidationError:
        return make(fields), []
    notes = []
    for setting, repair in REPAIRS.items():
        # Too large a network is not put right, and neither is an order of layers that no data would fit.
        if setting in misfits(draft) and not (setting == "hidden" and not _fits_other_data(draft)):
            change, note = repair(draft)
            draft = draft.model_copy(update=change)
            notes.append(note)
    return make(draft.model_dump()), notes


def suggestion(fields: Mapping[str, Any]) -> dict[str, Any]:
    """These settings with layers that are possible, where theirs are not; {} where nothing is to suggest."""
    try:
        draft = Draft(**fields)
        catalog.stack(draft.layers, draft.input_shape, draft.dataset.layout)
    except catalog.BadStack as error:
        found = {**fields, "hidden": error.suggestion}
    except ValueError:
        return {}
    else:
        return {}
    try:
        settle(found)
    except ValueError:
        return {}
    return found if found["hidden"] else {}


# What to change, and the sentence that says why.
Repair = tuple[dict[str, Any], str]


def _classes(draft: Draft) -> Repair:
    choice = draft.dataset.classes
    fewest, most = (choice, choice) if isinstance(choice, int) else choice
    nearest = min(max(draft.classes, fewest), most)
    return {"classes": nearest}, (
        f"{draft.dataset.label} has {fewest} to {most} classes: {nearest} instead of {draft.classes}."
    )


def _features(draft: Draft) -> Repair:
    inputs = tuple(name for name in draft.dataset.inputs if name in datasets.FEATURES)
    return {"features": inputs}, (
        f"{draft.dataset.label} has only {' and '.join(inputs)}: it takes the place of "
        f"{' and '.join(draft.features)}."
    )


def _activation(draft: Draft) -> Repair:
    active = [layer for layer in draft.layers if catalog.LAYER_KINDS[layer.kind].active]
    names, wanted = draft.activation.split("-"), len(active)
    fitted = (names + names[-1:] * wanted)[: max(1, wanted)]
    for place, layer in enumerate(active):
        if catalog.LAYER_KINDS[layer.kind].recurrent and not fits_recurrent(fitted[place]):
            fitted[place] = "tanh"
    if len(names) in (1, wanted):
        return {"activation": "-".join(fitted)}, (
            "A recurrent layer cannot have a gated activation: it has tanh now."
        )
    return {"activation": "-".join(fitted)}, (
        f"The list of {len(names)} activations was fitted to {wanted} hidden "
        f"{'layer' if wanted == 1 else 'layers'}: {'-'.join(fitted)}."
    )


def _normalization(draft: Draft) -> Repair:
    return {"normalization": "none"}, "Normalisation does not go with recurrent layers: it is off now."


def _fits_other_data(draft: Draft) -> bool:
    """Whether the layers do not fit these data, but might fit others."""
    try:
        catalog.stack(draft.layers, draft.input_shape, draft.dataset.layout)
    except catalog.BadStack as error:
        return error.fits_other_data
    return False


def _initializer(draft: Draft) -> Repair:
    return {"initializer": "glorot_uniform"}, (
        "The identity does not go with convolutions and attention: initial weights are Glorot's now."
    )


def _hidden(draft: Draft) -> Repair:
    layers = draft.layers
    dense = [
        catalog.Layer("dense", layer.units, normalization=layer.normalization, dropout=layer.dropout)
        for layer in layers
        if layer.units and catalog.LAYER_KINDS[layer.kind].active
    ]
    # An image may be read as a sequence, a sequence as it is; at worst what takes all at once.
    for tried in ((catalog.Layer("rows"), *layers), layers[1:] if layers[0].kind in ROWS else layers, dense):
        with suppress(catalog.BadStack):
            catalog.stack(tried, draft.input_shape, draft.dataset.layout)
            break
    hidden = catalog.format_layers(tried)
    things = {1: "a sequence or an image", 2: "an image", 3: "a sequence"}
    return {"hidden": hidden}, (
        f"{draft.dataset.label} is not {things[axes_of(draft.dataset)]}, as these layers need: {hidden} "
        f"takes the place of {draft.hidden}."
    )


ROWS = ("rows", "pixels")


def _loss(draft: Draft) -> Repair:
    loss, reason = catalog.put_right(draft.loss, draft.task, unit_targets=draft.dataset.unit_targets)
    # The output was chosen for the loss that goes.
    return {"loss": loss, "output": "auto"}, reason


def _output(draft: Draft) -> Repair:
    return {"output": "auto"}, (
        f"{catalog.LOSSES[draft.loss].label} on this data does not go with the output {draft.output!r}: "
        f"it is 'auto' now, which means {pairing(draft, 'auto').output!r}."
    )


# The misfits that can be put right; each may rely on those before it.
REPAIRS: dict[str, Callable[[Draft], Repair]] = {
    "classes": _classes,
    "features": _features,
    "activation": _activation,
    "normalization": _normalization,
    "initializer": _initializer,
    "loss": _loss,
    "output": _output,
    "hidden": _hidden,
}
