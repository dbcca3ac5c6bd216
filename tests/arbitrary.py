"""Hypothesis strategies for experiments, drawn from the registries: whatever is added there is tested."""

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from nnplay import catalog
from nnplay.catalog.clipping import MAX_LIMIT, MIN_LIMIT
from nnplay.data import DATASETS, class_count, features_for, task_of
from nnplay.experiment import SETTINGS, Experiment, Setting


def layers() -> st.SearchStrategy[tuple[catalog.Layer, ...]]:
    """Up to eight hidden layers of any kind, none of them large."""
    return st.lists(st.one_of([_layer(kind) for kind in catalog.LAYER_KINDS.values()]), max_size=8).map(tuple)


@st.composite
def _layer(draw: st.DrawFn, kind: catalog.LayerKind) -> catalog.Layer:
    fields: dict[str, Any] = {
        field: draw(st.integers(int(low), min(int(high), 64)))
        for field, (low, high) in kind.limits.items()
        if field != "dropout"
    }
    if kind.kernels:
        own = ["", "none"] if kind.recurrent or not kind.active else ["", *catalog.NORMALIZATIONS]
        fields["normalization"] = draw(st.sampled_from(own))
    if kind.kernels or "dropout" in kind.limits:
        shares = st.sampled_from([0.0, 0.25, 0.9])
        fields["dropout"] = draw(shares if "dropout" in kind.limits else st.none() | shares)
    return catalog.Layer(kind.name, **fields)


def fitting(
    layers: tuple[catalog.Layer, ...], shape: catalog.Shape, layout: catalog.Shape = ()
) -> tuple[catalog.Layer, ...]:
    """Of these layers those that can follow one another on inputs of this shape."""
    kept: tuple[catalog.Layer, ...] = ()
    for layer in layers:
        with suppress(catalog.BadStack):
            catalog.stack((*kept, layer), shape, layout)
            kept = (*kept, layer)
    return kept


def clips() -> st.SearchStrategy[str]:
    """Gradient clippings of any kind, as texts."""
    kinds = [clipping.keras for clipping in catalog.CLIPPINGS.values() if clipping.keras]
    some = st.builds(catalog.Clip, st.sampled_from(kinds), st.floats(MIN_LIMIT, MAX_LIMIT))
    return st.one_of(st.none(), some).map(catalog.format_clip)


def values(setting: Setting) -> st.SearchStrategy[Any]:
    """All values of a setting that is a number, a switch or a single name."""
    if setting.low is not None and setting.high is not None:
        if setting.whole:
            return st.integers(int(setting.low), int(setting.high))
        return st.floats(setting.low, setting.high)
    return st.booleans() if setting.whole is None else st.sampled_from(setting.choices)


# Drawn together, below, because they have to go together.
TOGETHER = {"data", "classes", "features", "hidden", "activation", "loss", "output", "clip"}


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    """Any experiment that is valid; about half of the settings at their defaults."""
    fields = {
        name: draw(values(setting))
        for name, setting in SETTINGS.items()
        if name not in TOGETHER and draw(st.booleans())
    }
    data = DATASETS[draw(st.sampled_from(list(DATASETS)))]
    low, high = (2, 6) if isinstance(data.classes, int) else data.classes
    classes = draw(st.integers(low, high))
    names = draw(st.sets(st.sampled_from(SETTINGS["features"].choices), min_size=1))
    if possible := features_for(data):
        names |= {draw(st.sampled_from(possible))}
    fields["steps"] = fields.get("steps", SETTINGS["steps"].default)
    hidden = fitting(draw(layers()), (fields["steps"], 9) if data.sequence else (9,), data.layout)
    recurrent = any(catalog.LAYER_KINDS[layer.kind].recurrent for layer in hidden)
    if recurrent:
        fields["normalization"] = "none"
    if {layer.kind for layer in hidden} & {"conv", "attention"} and fields.get("initializer") == "identity":
        del fields["initializer"]
    names_of_activations = [
        name
        for name in SETTINGS["activation"].choices
        if not recurrent or catalog.ACTIVATIONS[name].units_factor == 1
    ]
    active = max(1, sum(catalog.LAYER_KINDS[layer.kind].active for layer in hidden))
    several = st.lists(st.sampled_from(names_of_activations), min_size=active, max_size=active)
    activations = draw(st.one_of(several, several.map(lambda names: names[:1])))
    task = task_of(data, class_count(data, classes))
    loss = draw(st.sampled_from(catalog.losses_for(task, unit_targets=data.unit_targets)))
    outputs = ("auto", *catalog.outputs_for(loss, task, unit_targets=data.unit_targets))
    return Experiment(
        **fields,
        data=data.name,
        classes=classes,
        features=tuple(names),
        hidden=catalog.format_layers(hidden),
        activation="-".join(activations),
        loss=loss,
        output=draw(st.sampled_from(outputs)),
        clip=draw(clips()),
    )
