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
    kinds = [
        st.builds(
            catalog.Layer,
            kind=st.just(name),
            normalization=st.sampled_from(["", "none"] if kind.recurrent else ["", *catalog.NORMALIZATIONS]),
            dropout=st.none() | st.sampled_from([0.0, 0.25, 0.9]),
            **{field: st.integers(low, min(high, 64)) for field, (low, high) in kind.limits.items()},
        )
        for name, kind in catalog.LAYER_KINDS.items()
    ]
    return st.lists(st.one_of(kinds), max_size=8).map(tuple)


def fitting(layers: tuple[catalog.Layer, ...], shape: catalog.Shape) -> tuple[catalog.Layer, ...]:
    """Of these layers those that can follow one another on inputs of this shape."""
    kept: tuple[catalog.Layer, ...] = ()
    for layer in layers:
        with suppress(catalog.BadStack):
            catalog.stack((*kept, layer), shape)
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
    hidden = fitting(draw(layers()), (9, 9) if data.sequence else (9,))
    recurrent = any(catalog.LAYER_KINDS[layer.kind].recurrent for layer in hidden)
    if recurrent:
        fields["normalization"] = "none"
    names_of_activations = [
        name
        for name in SETTINGS["activation"].choices
        if not recurrent or catalog.ACTIVATIONS[name].units_factor == 1
    ]
    several = st.lists(
        st.sampled_from(names_of_activations), min_size=len(hidden) or 1, max_size=len(hidden) or 1
    )
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
