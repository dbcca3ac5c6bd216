"""The hidden layers in the sidebar: their notation, buttons that change it, what they make of their input."""

from dataclasses import replace

import streamlit as st

from nnplay import catalog
from nnplay.experiment import SETTINGS, Experiment
from nnplay.ui import fields, session, visit
from nnplay.ui.layers import shape_text


def layers(experiment: Experiment) -> None:
    """The notation to type, and buttons for the usual changes."""
    fields.text("hidden", SETTINGS["hidden"].label, "8-8")
    layers = list(experiment.layers)
    last = layers[-1:] or list(catalog.parse_layers("8"))
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall"):
        st.caption("Layers", width="content")
        _layer_button("remove", "Remove the last layer", layers[:-1] if layers else None)
        _layer_button("add", "Add a layer like the last one", [*layers, *last])
        st.caption("Units", width="content")
        fewer = [replace(layer, units=layer.units - 1) if layer.units else layer for layer in layers]
        possible = any(layer.units for layer in layers) and all(layer.units != 1 for layer in layers)
        _layer_button("remove", "One unit fewer in every layer", fewer if possible else None)
        more = [replace(layer, units=layer.units + 1) if layer.units else layer for layer in layers]
        _layer_button("add", "One unit more in every layer", more if more != layers else None)


def _layer_button(icon: str, help: str, layers: list[catalog.Layer] | None) -> None:
    """A button that changes the hidden layers to these; None: not possible now."""
    st.button(
        "",
        icon=f":material/{icon}:",
        key=help,
        help=help,
        type="tertiary",
        disabled=layers is None or visit.is_locked("hidden"),
        on_click=_set_layers,
        args=(layers or [],),
    )


def _set_layers(layers: list[catalog.Layer]) -> None:
    visit.change(hidden=catalog.format_layers(layers))


def kind(experiment: Experiment) -> None:
    """What reads the sequence: the recurrent layers, or dense ones that see all steps at once."""
    layers = experiment.layers
    recurrent = [layer.kind for layer in layers if catalog.LAYER_KINDS[layer.kind].recurrent]
    others = [layer.kind for layer in layers if catalog.LAYER_KINDS[layer.kind].several]
    shown = (
        ("dense" if not others else None)
        if not recurrent
        else recurrent[0]
        if len(set(recurrent)) == 1
        else None
    )

    def take(chosen: str | None) -> None:
        if chosen is not None:
            _set_layers(_read_by(chosen, list(experiment.layers)))

    read = {name: kind for name, kind in catalog.LAYER_KINDS.items() if kind.recurrent or name == "dense"}
    kinds = list(read)
    st.selectbox(
        "The sequence is read by",
        kinds,
        None if shown is None else kinds.index(shown),
        format_func=lambda name: catalog.LAYER_KINDS[name].label,
        placeholder="Layers of several kinds",
        **session.shows("kind", shown, take),
        help="\n\n".join(f"**{kind.label}.** {kind.about}" for kind in read.values()),
    )


def _read_by(kind: str, layers: list[catalog.Layer]) -> list[catalog.Layer]:
    """The layers with those that read the sequence of this kind: the recurrent ones, or else the first."""
    reading = [place for place, layer in enumerate(layers) if catalog.LAYER_KINDS[layer.kind].recurrent]
    layers = layers or [catalog.Layer(kind, 8)]
    return [
        replace(layer, kind=kind) if place in (reading or [0]) else layer
        for place, layer in enumerate(layers)
    ]


def shape(experiment: Experiment) -> str:
    """What goes from layer to layer: "2 → 8 → 8 → 1: 105 weights."."""
    shapes = [
        experiment.input_shape,
        *(stage.made for stage in experiment.stages),
        (experiment.pairing.units,),
    ]
    sizes = [shape_text(shape) for shape in shapes]
    text = " → ".join(sizes) if len(sizes) < 9 else f"{len(sizes) - 2} hidden layers"
    return f"{text}: {experiment.parameters_estimate:,} weights."
