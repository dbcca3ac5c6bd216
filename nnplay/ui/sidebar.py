"""The settings, in the sidebar: the common ones first, the rest folded.

Each widget shows a field of the draft experiment and hands its change to `session.change`, which validates
it. Ranges and lists here are a convenience; nothing relies on them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from nnplay import catalog
from nnplay.data import DATASETS, FEATURES, features_for
from nnplay.experiment import SETTINGS, Experiment
from nnplay.ui import session
from nnplay.ui.assignment.locks import label_of, locked, unless_hidden
from nnplay.ui.layers import layer_editor, shape_text
from nnplay.ui.own_data.button import own_data
from nnplay.ui.wording import help_for

RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
BATCHES = (1, 2, 4, 5, 8, 10, 16, 20, 30, 32, 50, 64, 100, 128, 256, 0)
CLIP_LIMITS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)

OPEN_ZIP = "open_zip"


def settings() -> None:
    """Draw all settings."""
    experiment = session.draft()
    with st.sidebar:
        _data(experiment)
        _network(experiment)
        _training(experiment)
        _open_link()


def _data(experiment: Experiment) -> None:
    dataset = experiment.dataset
    st.subheader("Data", anchor=False)
    own = {dataset.name: dataset for dataset in st.session_state.get(session.OWN_DATA, [])}
    _choice("data", {**own, **DATASETS, experiment.data: dataset})
    own_data()
    if isinstance(dataset.classes, tuple):
        _slider("classes", *dataset.classes, 1)
    if dataset.sequence:
        _slider("steps", 2, 100, 1)
    noises = [name for name in ("label_noise", "position_noise") if getattr(dataset, name)]
    for name in noises:
        _slider(name, 0.0, 0.5, 0.05, help=getattr(dataset, name))
    if features_for(dataset) and not session.is_hidden("features"):
        _inputs(experiment)
    with st.expander("More about the data"):
        if not session.is_hidden("samples"):
            _samples(experiment)
        _slider("test_fraction", 0.1, 0.9, 0.05)
        if experiment.task != "regression":
            _slider("imbalance", 0.0, 0.9, 0.1)
        split = experiment.load_data()
        _segments("standardize", {"auto": "Automatic", "on": "Yes", "off": "No"})
        st.caption(
            f"{len(split.x_train)} samples to learn from, {len(split.x_test)} to test on. "
            + ("Inputs are standardised." if split.standardized else "Inputs go in as they are.")
        )
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        with left:
            _number("seed", 1)
        right.button(
            "New",
            icon=":material/casino:",
            on_click=_new_seed,
            **locked("seed"),
            help="Another seed: other points and weights.",
        )


def _network(experiment: Experiment) -> None:
    st.subheader("Network", anchor=False)
    if not session.is_hidden("hidden"):
        _layers(experiment)
    if experiment.dataset.sequence and not session.is_locked("hidden"):
        _kind(experiment)
    written = experiment.activation not in catalog.ACTIVATIONS  # several, or one with a parameter
    mixed = {experiment.activation: experiment.activation} if written else {}
    fitting = {
        name: entry
        for name, entry in catalog.ACTIVATIONS.items()
        if not experiment.recurrent or entry.units_factor == 1
    }
    _choice("activation", {**mixed, **fitting})
    outputs = catalog.outputs_for(
        experiment.loss, experiment.task, unit_targets=experiment.dataset.unit_targets
    )
    st.caption(_shape(experiment))
    if not session.is_locked("hidden"):
        layer_editor()
    with st.expander("More about the network"):
        _text("activation", "One a layer, or with a parameter", "tanh-elu~0.5")
        _choice("output", {"auto": f"Automatic ({experiment.pairing.output})", **{n: n for n in outputs}})
        if experiment.pairing.note:
            st.caption(experiment.pairing.note)
        _choice("initializer", catalog.INITIALIZERS)
        if catalog.INITIALIZERS[experiment.initializer].scaled:
            _number("sigma_w", 0.1)
            _number("sigma_b", 0.1)
        if experiment.recurrent:
            _slider("recurrent_scale", 0.0, 2.0, 0.05)
        else:
            _choice("normalization", catalog.NORMALIZATIONS)
        _switch("residual")
        _slider("dropout", 0.0, 0.9, 0.05)


def _training(experiment: Experiment) -> None:
    st.subheader("Training", anchor=False)
    optimizer = catalog.OPTIMIZERS[experiment.optimizer]
    fitting = catalog.losses_for(experiment.task, unit_targets=experiment.dataset.unit_targets)
    _choice("loss", {name: catalog.LOSSES[name] for name in fitting})
    _choice("optimizer", catalog.OPTIMIZERS)
    _steps("learning_rate", RATES)
    _steps("batch_size", BATCHES, lambda size: "all" if size == 0 else str(size))
    with st.expander("More about training"):
        if optimizer.momentum:
            _slider("momentum", 0.0, 0.99, 0.01)
        if optimizer.nesterov:
            _switch("nesterov")
        _choice("schedule", catalog.SCHEDULES)
        _choice("regularizer", catalog.REGULARIZERS)
        if experiment.regularizer != "none":
            _steps("regularization_rate", PENALTIES)
        if not session.is_hidden("clip"):
            _clipping(experiment)
        _switch("shuffle")
        _number("epochs", 100)
        _number("target_loss", 0.01)
        _number("patience", 10)


# ---- the kinds of widgets; each shows a field of the draft and hands its change to the session


def _taken(name: str, shown: Any, read: Callable[[Any], Any] | None = None) -> dict[str, Any]:
    """Arguments that make a widget show `shown` and hand its value over as the setting `name`, by `read`."""
    key = session.widget_key(name, shown)

    def take() -> None:
        value = st.session_state[key]
        session.change(**{name: read(value) if read else value})

    return {"key": key, "on_change": take, **locked(name)}


@unless_hidden
def _choice(name: str, registry: Mapping[str, Any]) -> None:
    chosen = getattr(session.draft(), name)
    entry = registry.get(chosen)
    st.selectbox(
        label_of(name),
        list(registry),
        list(registry).index(chosen),
        format_func=lambda key: getattr(registry.get(key), "label", registry.get(key, key)),
        help=help_for(name, entry if hasattr(entry, "about") else None),
        **_taken(name, chosen),
    )


@unless_hidden
def _segments(name: str, options: Mapping[str, str]) -> None:
    chosen = getattr(session.draft(), name)
    st.segmented_control(
        label_of(name),
        list(options),
        default=chosen,
        required=True,
        format_func=lambda key: options[key],
        help=help_for(name),
        **_taken(name, chosen),
    )


@unless_hidden
def _slider(name: str, low: float, high: float, step: float, help: str = "") -> None:
    value = getattr(session.draft(), name)
    st.slider(
        label_of(name),
        # A link may hold a value between or beyond the steps: the slider reaches it.
        min(low, value),
        max(high, value),
        value,
        step=step,
        help=f"{help_for(name)}\n\n{help}".strip(),
        **_taken(name, value),
    )


@unless_hidden
def _steps(name: str, values: Sequence[float], label: Callable[[Any], str] = "{:g}".format) -> None:
    value = getattr(session.draft(), name)
    options = [*values] if value in values else sorted([*values, value], key=lambda v: v or float("inf"))
    st.select_slider(
        label_of(name), options, value, format_func=label, help=help_for(name), **_taken(name, value)
    )


@unless_hidden
def _number(name: str, step: float) -> None:
    setting, value = SETTINGS[name], getattr(session.draft(), name)
    kind = int if setting.whole else float
    assert setting.low is not None and setting.high is not None
    st.number_input(
        label_of(name),
        kind(setting.low),
        kind(setting.high),
        value,
        step=kind(step),
        help=help_for(name),
        # Emptied: back to the default.
        **_taken(name, value, lambda given: setting.default if given is None else given),
    )


@unless_hidden
def _switch(name: str) -> None:
    value = getattr(session.draft(), name)
    st.toggle(label_of(name), value, help=help_for(name), **_taken(name, value))


@unless_hidden
def _text(name: str, label: str, example: str) -> None:
    value = getattr(session.draft(), name)
    key = session.widget_key(f"{name}_text", value)
    st.text_input(
        label_of(name, label),
        value,
        **locked(name),
        key=key,
        placeholder=example,
        help=help_for(name),
        on_change=lambda: session.change(**{name: st.session_state[key].strip() or SETTINGS[name].default}),
    )


# ---- settings that are more than one widget


def _inputs(experiment: Experiment) -> None:
    possible = features_for(experiment.dataset)
    chosen = [name for name in experiment.features if name in possible]
    st.pills(
        label_of("features"),
        possible,
        selection_mode="multi",
        default=chosen,
        format_func=lambda name: FEATURES[name].label,
        help=help_for("features"),
        **_taken("features", chosen, tuple),
    )


def _samples(experiment: Experiment) -> None:
    usual = experiment.dataset.samples
    split = experiment.load_data()
    count = experiment.samples or usual or len(split.x_train) + len(split.x_test)
    st.number_input(
        label_of("samples"),
        10,
        int(SETTINGS["samples"].high or 10_000),
        count,
        step=50,
        help=help_for("samples"),
        **_taken("samples", count, lambda given: 0 if given is None or given == usual else given),
    )


def _layers(experiment: Experiment) -> None:
    _text("hidden", SETTINGS["hidden"].label, "8-8")
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
        disabled=layers is None or session.is_locked("hidden"),
        on_click=_set_layers,
        args=(layers or [],),
    )


def _set_layers(layers: list[catalog.Layer]) -> None:
    session.change(hidden=catalog.format_layers(layers))


def _kind(experiment: Experiment) -> None:
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
    key = session.widget_key("kind", shown)

    def take() -> None:
        chosen = st.session_state[key]
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
        key=key,
        on_change=take,
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


def _shape(experiment: Experiment) -> str:
    shapes = [
        experiment.input_shape,
        *(stage.made for stage in experiment.stages),
        (experiment.pairing.units,),
    ]
    sizes = [shape_text(shape) for shape in shapes]
    text = " → ".join(sizes) if len(sizes) < 9 else f"{len(sizes) - 2} hidden layers"
    return f"{text}: {experiment.parameters_estimate:,} weights."


def _clipping(experiment: Experiment) -> None:
    clip = catalog.parse_clip(experiment.clip)
    kind = next((n for n, entry in catalog.CLIPPINGS.items() if clip and entry.keras == clip.kind), "none")
    limit = clip.limit if clip else 1.0

    kind_key, limit_key = session.widget_key("clip_kind", kind), session.widget_key("clip_limit", limit)

    def take() -> None:
        chosen = st.session_state[kind_key]
        bound = st.session_state.get(limit_key, limit)
        session.change(clip="none" if chosen == "none" else f"{chosen}{bound:g}")

    st.selectbox(
        label_of("clip"),
        list(catalog.CLIPPINGS),
        list(catalog.CLIPPINGS).index(kind),
        format_func=lambda name: catalog.CLIPPINGS[name].label,
        key=kind_key,
        on_change=take,
        **locked("clip"),
        help=help_for("clip", catalog.CLIPPINGS[kind]),
    )
    if kind != "none":
        options = CLIP_LIMITS if limit in CLIP_LIMITS else sorted([*CLIP_LIMITS, limit])
        st.select_slider(
            "Clipping limit", options, limit, key=limit_key, on_change=take, **locked("clip"),
            help="The longest that a gradient may be; what is longer is cut to it.",
        )  # fmt: skip


def _new_seed() -> None:
    session.change(seed=(session.draft().seed + 1) % 2**31)


def _open_zip() -> None:
    if given := st.session_state[OPEN_ZIP]:
        session.open_archive(given.getvalue())


def _open_link() -> None:
    with st.popover("Open a link", icon=":material/link:", width="stretch"):
        st.text_input(
            "A link of nnplay or of TensorFlow Playground",
            key="open_link",
            help="Paste it and press Enter: its experiment takes the place of this one.",
            on_change=lambda: session.open_link(st.session_state["open_link"]),
        )
        st.file_uploader(
            "A run saved as a zip",
            "zip",
            key=OPEN_ZIP,
            on_change=_open_zip,
            max_upload_size=40,
            help="What Code, Everything has saved. It is checked, and nothing in it is executed.",
        )
        st.button(
            "Everything back to the task's settings" if session.task() else "Everything back to the defaults",
            on_click=session.start_over,
            help="What the page opened with." if session.task() else
            "The spiral with two layers of eight neurons, from its beginning.",
        )  # fmt: skip
