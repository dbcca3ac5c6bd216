"""Settling: putting right what is right by itself but does not go together, and saying so."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from nnplay import catalog
from nnplay import data as datasets
from nnplay.experiment.draft import Draft, misfits, pairing
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
        if setting in misfits(draft):
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
    return {"activation": "-".join(fitted)}, (
        f"The list of {len(names)} activations was fitted to {wanted} hidden "
        f"{'layer' if wanted == 1 else 'layers'}: {'-'.join(fitted)}."
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
    "loss": _loss,
    "output": _output,
}
