"""The hidden layers one by one: what a person may do to them, and their editor in the sidebar.

What is done goes through the text notation, which the sidebar's field, the picture and the link share.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from nnplay import catalog
from nnplay.catalog import Layer, format_layers
from nnplay.experiment import Experiment
from nnplay.experiment.draft import fits_recurrent
from nnplay.experiment.error import show
from nnplay.registry import look_up
from nnplay.ui import session, visit

# What the numbers of a layer mean, and what they are called.
MEANT = {
    "units": "Neurons of this layer; maps of a convolution; numbers that a head of attention compares.",
    "size": "Edge of the window.",
    "stride": "How far the window moves from place to place.",
    "heads": "How many times it looks, each in its own way.",
    "same": "Then a step of 1 keeps the size.",
}
FIELDS = {"units": "Units", "size": "Window", "stride": "Step", "heads": "Heads", "same": "Pad the rim"}

# The experiment, the layer's place and the value, to the settings that change.
Set = Callable[[Experiment, int, object], dict[str, str]]
# A layer with the name of its activation.
Hidden = list[tuple[Layer, str]]
NEW = Layer("dense", 8)
# A row of the editor is some widgets: of a deep network the notation is the better editor.
MOST_ROWS = 16
DROPOUTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


# ---- layers more, fewer, larger, elsewhere


def add_layer(hidden: Hidden, at: int, usual: str) -> Hidden:
    """One like the layer before that place, or after it where it comes first."""
    like = hidden[at - 1] if at else hidden[0] if hidden else (NEW, usual)
    return [*hidden[:at], like, *hidden[at:]]


def remove_layer(hidden: Hidden, at: int, _: str) -> Hidden:
    return [*hidden[:at], *hidden[at + 1 :]]


def move_layer(hidden: Hidden, at: int, _: str) -> Hidden:
    """One place nearer to the input."""
    return [*hidden[: at - 1], hidden[at], hidden[at - 1], *hidden[at + 1 :]] if at else hidden


def add_unit(hidden: Hidden, at: int, _: str) -> Hidden:
    return _with_layer(hidden, at, units=hidden[at][0].units + 1) if hidden[at][0].units else hidden


def remove_unit(hidden: Hidden, at: int, _: str) -> Hidden:
    return _with_layer(hidden, at, units=hidden[at][0].units - 1) if hidden[at][0].units else hidden


def _with_layer(hidden: Hidden, at: int, **fields: Any) -> Hidden:
    layer, name = hidden[at]
    return [*hidden[:at], (replace(layer, **fields), name), *hidden[at + 1 :]]


LAYER_ACTS: dict[str, Callable[[Hidden, int, str], Hidden]] = {
    "add_layer": add_layer,
    "remove_layer": remove_layer,
    "move_layer": move_layer,
    "add_unit": add_unit,
    "remove_unit": remove_unit,
}


def changed(experiment: Experiment, act: str, at: int) -> dict[str, str]:
    """The settings `hidden` and `activation` after an act of LAYER_ACTS; `at` is in range."""
    usual = experiment.activation.split("-")[0]
    return _written(LAYER_ACTS[act](_hidden(experiment), at, usual), usual)


def _hidden(experiment: Experiment) -> Hidden:
    return list(zip(experiment.layers, experiment.activations, strict=True))


def _written(hidden: Hidden, usual: str) -> dict[str, str]:
    return {
        "hidden": format_layers(layer for layer, _ in hidden),
        # Without a layer the setting still names one.
        "activation": "-".join(name for layer, name in hidden if catalog.LAYER_KINDS[layer.kind].active)
        or usual,
    }


# ---- what a layer has of its own; the values are untrusted, and refused with a ValueError


def set_activation(experiment: Experiment, at: int, value: object) -> dict[str, str]:
    """The setting `activation` with this function for that layer."""
    catalog.parse_activation(str(value))
    hidden = _hidden(experiment)
    hidden[at] = (hidden[at][0], str(value))
    return {"activation": _written(hidden, str(value))["activation"]}


def set_normalization(experiment: Experiment, at: int, value: object) -> dict[str, str]:
    """The setting `hidden` with this normalisation for that layer; not its own where it is that of all."""
    name = look_up(catalog.NORMALIZATIONS, str(value), "normalization").name
    return _own(experiment, at, normalization="" if name == experiment.normalization else name)


def set_dropout(experiment: Experiment, at: int, value: object) -> dict[str, str]:
    """The setting `hidden` with this dropout for that layer; not its own where it is that of all."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= catalog.MAX_DROPOUT:
        raise ValueError(
            f"Dropout must be a number from 0 to {catalog.MAX_DROPOUT}, not {str(value)[:40]!r}."
        )
    return _own(experiment, at, dropout=None if value == experiment.dropout else round(float(value), 4))


def set_whole(field: str) -> Set:
    """A function that gives the setting `hidden` with this number, or switch, in that layer."""

    def set_number(experiment: Experiment, at: int, value: object) -> dict[str, str]:
        kind = catalog.LAYER_KINDS[experiment.layers[at].kind]
        if field not in kind.limits:
            raise ValueError(f"{kind.label} has no {FIELDS[field]!r} to be set.")
        low, high = kind.limits[field]
        if (
            not isinstance(value, int)
            # Only a switch is on or off.
            or (isinstance(value, bool) and field != "same")
            or not (low <= value <= high or (value == 0 and field in kind.optional))
        ):
            raise ValueError(f"{FIELDS[field]} must be {_allowed(field, kind)}, not {show(value)}.")
        return _own(experiment, at, **{field: int(value)})

    return set_number


def _allowed(field: str, kind: catalog.LayerKind) -> str:
    """ "a whole number from 1 to 15"."""
    if field == "same":
        return "on (1) or off (0)"
    low, high = kind.limits[field]
    usual = ", or 0 for the usual one" if field in kind.optional else ""
    return f"a whole number from {low:g} to {high:g}{usual}"


def set_kind(experiment: Experiment, at: int, value: object) -> dict[str, str]:
    """The settings with that layer of this kind, as large as before."""
    kind = look_up(catalog.LAYER_KINDS, str(value), "kind of layer")
    (usual,) = catalog.parse_layers(kind.example)
    before, name = _hidden(experiment)[at]
    kept = {field: getattr(before, field) for field in kind.limits if getattr(before, field)}
    if kind.kernels:
        own = "" if kind.recurrent or not kind.active else before.normalization
        kept |= {"dropout": before.dropout, "normalization": own}
    usual_name = experiment.activation.split("-")[0]
    name = name if catalog.LAYER_KINDS[before.kind].active else usual_name
    hidden = _hidden(experiment)
    return _written([*hidden[:at], (replace(usual, **kept), name), *hidden[at + 1 :]], usual_name)


def _own(experiment: Experiment, at: int, **own: Any) -> dict[str, str]:
    return {"hidden": format_layers(layer for layer, _ in _with_layer(_hidden(experiment), at, **own))}


LAYER_SETTINGS: dict[str, Set] = {
    "kind": set_kind,
    "units": set_whole("units"),
    "size": set_whole("size"),
    "stride": set_whole("stride"),
    "heads": set_whole("heads"),
    "same": set_whole("same"),
    "activation": set_activation,
    "normalization": set_normalization,
    "dropout": set_dropout,
}


# ---- the editor


def suggested_layers() -> None:
    """Where layers were refused and others are suggested: a button that takes those."""
    if notation := visit.suggested():
        st.button(
            f"Take `{notation}`",
            icon=":material/check:",
            key="take_suggestion",
            on_click=visit.take_suggestion,
            help="Starts anew with these layers.",
        )


def layer_editor() -> None:
    """A row a layer: what it is and gives; behind it, its settings."""
    experiment = visit.draft()
    with st.expander("Layer by layer", key="layer_editor"):
        counts = experiment.parameter_counts
        given = experiment.stages[0].given if experiment.stages else experiment.input_shape
        st.caption(f"The data give {shape_text(given)}.")
        rows = list(zip(experiment.stages, experiment.activations, counts, strict=False))
        for at, (stage, name, count) in enumerate(rows[:MOST_ROWS]):
            _row(experiment, at, stage, name, count)
        if len(rows) > MOST_ROWS:
            st.caption(f"{len(rows) - MOST_ROWS} more layers: change them in the notation above.")
        st.caption(
            f"The output layer gives {shape_text((experiment.pairing.units,))}: {counts[-1]:,} weights and "
            f"biases of {sum(counts):,} in all."
        )
        st.button(
            "Add a layer",
            icon=":material/add:",
            key="layer_add",
            on_click=_act,
            args=("add_layer", len(rows)),
            help="One like the last layer.",
        )


def shape_text(shape: catalog.Shape) -> str:
    """ "20 × 2"."""
    return " × ".join(map(str, shape))


def _row(experiment: Experiment, at: int, stage: catalog.Stage, name: str, count: int) -> None:
    kind = catalog.LAYER_KINDS[stage.layer.kind]
    bare = catalog.format_layer(replace(stage.layer, normalization="", dropout=None))
    label = f"{kind.label} {stage.layer.units}" if kind.name == "dense" else bare
    if "dropout" in kind.limits:
        label = catalog.format_layer(stage.layer)
    if kind.active:
        label += f", {catalog.parse_activation(name)[0].label}"
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        with st.popover(
            f"{at + 1}. {label}",
            width="stretch",
            key=f"layer_{at}",
        ):
            _settings(experiment, at, stage.layer, name)
        _button("arrow_upward", f"Move layer {at + 1} nearer to the input", "move_layer", at, at == 0)
        _button("close", f"Remove layer {at + 1}", "remove_layer", at, False)
    more = [
        catalog.NORMALIZATIONS[experiment.normalizations[at]].label.lower() + " normalisation"
        if experiment.normalizations[at] != "none"
        else "",
        f"{100 * experiment.dropouts[at]:g} % dropout" if experiment.dropouts[at] else "",
    ]
    st.caption(
        ", ".join(
            [
                f"gives {shape_text(stage.made)}",
                f"{count:,} weights" if count else "no weights",
                *filter(None, more),
            ]
        )
    )


def _button(icon: str, help: str, act: str, at: int, off: bool) -> None:
    st.button(
        "",
        icon=f":material/{icon}:",
        help=help,
        key=f"layer_{act}_{at}",
        type="tertiary",
        disabled=off,
        on_click=_act,
        args=(act, at),
    )


def _act(act: str, at: int) -> None:
    visit.change(**changed(visit.draft(), act, at))


def _settings(experiment: Experiment, at: int, layer: Layer, name: str) -> None:
    """The widgets of one layer."""
    kind = catalog.LAYER_KINDS[layer.kind]
    kinds = {key: entry.label for key, entry in catalog.LAYER_KINDS.items()}
    _choice("kind", "Kind", at, kinds, kind.name, help=kind.about)
    for field in kind.limits:
        if field != "dropout":
            _number(field, at, layer, kind)
    if kind.active:
        _activation(at, kind, name)
    if kind.active and not kind.recurrent:
        norms = {key: found.label for key, found in catalog.NORMALIZATIONS.items()}
        chosen = experiment.normalizations[at]
        about = catalog.NORMALIZATIONS[chosen].about
        _choice("normalization", "Normalisation", at, norms, chosen, help=about)
    if kind.kernels or "dropout" in kind.limits:
        rate = experiment.dropouts[at]
        shares = {share: f"{100 * share:g} %" if share else "None" for share in sorted({*DROPOUTS, rate})}
        _choice("dropout", "Dropout", at, shares, rate, help="Share of its outputs set to 0 at each step.")


def _number(field: str, at: int, layer: Layer, kind: catalog.LayerKind) -> None:
    """A number of the layer; one that may be left out is empty then."""
    low, high = kind.limits[field]
    shown = getattr(layer, field)
    shows = _taken(field, at, bool(shown) if field == "same" else shown or None, empty=0)
    if field == "same":
        st.toggle(FIELDS[field], bool(shown), **shows, help=MEANT[field])
        return
    st.number_input(
        FIELDS[field],
        int(low),
        int(high),
        shown or None,
        **shows,
        placeholder="as usual",
        help=MEANT[field],
    )


def _activation(at: int, kind: catalog.LayerKind, name: str) -> None:
    entry, _ = catalog.parse_activation(name)
    functions = {
        key: found.label
        for key, found in catalog.ACTIVATIONS.items()
        if not kind.recurrent or fits_recurrent(key)
    }
    written = {} if name in functions else {name: name}
    _choice("activation", "Activation", at, {**written, **functions}, name, help=entry.about)


def _choice(setting: str, label: str, at: int, options: dict[Any, str], chosen: Any, help: str) -> None:
    shows = _taken(setting, at, chosen)
    names = list(options)
    st.selectbox(label, names, names.index(chosen), format_func=options.__getitem__, help=help, **shows)


def _taken(setting: str, at: int, shown: Any, empty: int | None = None) -> dict[str, Any]:
    """For a widget that shows this setting of a layer; `empty`: what no value means."""

    def take(value: Any) -> None:
        value = empty if value is None else value
        if value is None:
            return
        try:
            fields = LAYER_SETTINGS[setting](visit.draft(), at, value)
        except ValueError as error:
            # As of two changes at once, where the first leaves a layer that has no such number.
            st.session_state[session.PROBLEMS] = [str(error)]
        else:
            visit.change(**fields)

    return session.shows(f"layer_{at}_{setting}", shown, take)
