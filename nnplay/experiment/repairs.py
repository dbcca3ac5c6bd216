"""Settling: putting right what is right by itself but does not go together, and saying so."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from nnplay import catalog
from nnplay import data as datasets
from nnplay.experiment.draft import Draft, fits_recurrent, misfits, pairing
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
        hopeless = setting == "hidden" and (draft.dataset.sequence or not draft.recurrent)
        if setting in misfits(draft) and not hopeless:
            change, note = repair(draft)
            draft = draft.model_copy(update=change)
            notes.append(note)
    return make(draft.model_dump()), notes


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
    names, wanted = draft.activation.split("-"), len(draft.layers)
    fitted = (names + names[-1:] * wanted)[: max(1, wanted)]
    for place, layer in enumerate(draft.layers):
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


def _hidden(draft: Draft) -> Repair:
    layers = [
        layer if catalog.LAYER_KINDS[layer.kind].axes == 1 else catalog.Layer("dense", layer.units)
        for layer in draft.layers
    ]
    hidden = catalog.format_layers(layers)
    return {"hidden": hidden}, (
        f"{draft.dataset.label} is no sequence, as recurrent layers need: {hidden} takes the place of "
        f"{draft.hidden}."
    )


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
    "loss": _loss,
    "output": _output,
    "hidden": _hidden,
}
