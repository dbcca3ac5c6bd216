"""The settings, in the sidebar: the common ones first, the rest folded.

Each widget shows a field of the draft experiment and hands its change to `visit.change`, which validates
it. Ranges and lists here are a convenience; nothing relies on them.
"""

import streamlit as st

from nnplay import catalog
from nnplay.data import DATASETS, FEATURES, features_for
from nnplay.experiment import SETTINGS, Experiment
from nnplay.ui import arrival, fields, hidden_layers, session, visit
from nnplay.ui.assignment.locks import label_of, locked
from nnplay.ui.layers import layer_editor
from nnplay.ui.own_data.button import own_data
from nnplay.ui.wording import help_for

RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PENALTIES = (0.0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
BATCHES = (1, 2, 4, 5, 8, 10, 16, 20, 30, 32, 50, 64, 100, 128, 256, 0)
CLIP_LIMITS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)

OPEN_ZIP = "open_zip"


def settings() -> None:
    """Draw all settings."""
    experiment = visit.draft()
    with st.sidebar:
        _data(experiment)
        _network(experiment)
        _training(experiment)
        _open_link()


def _data(experiment: Experiment) -> None:
    dataset = experiment.dataset
    st.subheader("Data", anchor=False)
    own = {dataset.name: dataset for dataset in st.session_state.get(session.OWN_DATA, [])}
    fields.choice("data", {**own, **DATASETS, experiment.data: dataset})
    own_data()
    if isinstance(dataset.classes, tuple):
        fields.slider("classes", *dataset.classes, 1)
    if dataset.sequence:
        fields.slider("steps", 2, 100, 1)
    noises = [name for name in ("label_noise", "position_noise") if getattr(dataset, name)]
    for name in noises:
        fields.slider(name, 0.0, 0.5, 0.05, help=getattr(dataset, name))
    if features_for(dataset) and not visit.is_hidden("features"):
        _inputs(experiment)
    with st.expander("More about the data"):
        if not visit.is_hidden("samples"):
            _samples(experiment)
        fields.slider("test_fraction", 0.1, 0.9, 0.05)
        if experiment.task != "regression":
            fields.slider("imbalance", 0.0, 0.9, 0.1)
        split = experiment.load_data()
        fields.segments("standardize", {"auto": "Automatic", "on": "Yes", "off": "No"})
        st.caption(
            f"{len(split.x_train)} samples to learn from, {len(split.x_test)} to test on. "
            + ("Inputs are standardised." if split.standardized else "Inputs go in as they are.")
        )
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        with left:
            fields.number("seed", 1)
        right.button(
            "New",
            on_click=_new_seed,
            **locked("seed"),
            help="Another seed: other points and weights.",
        )


def _network(experiment: Experiment) -> None:
    st.subheader("Network", anchor=False)
    if not visit.is_hidden("hidden"):
        hidden_layers.layers(experiment)
    if experiment.dataset.sequence and not visit.is_locked("hidden"):
        hidden_layers.kind(experiment)
    written = experiment.activation not in catalog.ACTIVATIONS  # several, or one with a parameter
    mixed = {experiment.activation: experiment.activation} if written else {}
    fitting = {
        name: entry
        for name, entry in catalog.ACTIVATIONS.items()
        if not experiment.recurrent or entry.units_factor == 1
    }
    fields.choice("activation", {**mixed, **fitting})
    outputs = catalog.outputs_for(
        experiment.loss, experiment.task, unit_targets=experiment.dataset.unit_targets
    )
    st.caption(hidden_layers.shape(experiment))
    if not visit.is_locked("hidden"):
        layer_editor()
    with st.expander("More about the network"):
        fields.text("activation", "One a layer, or with a parameter", "tanh-elu~0.5")
        fields.choice(
            "output", {"auto": f"Automatic ({experiment.pairing.output})", **{n: n for n in outputs}}
        )
        if experiment.pairing.note:
            st.caption(experiment.pairing.note)
        fields.choice("initializer", catalog.INITIALIZERS)
        if catalog.INITIALIZERS[experiment.initializer].scaled:
            fields.number("sigma_w", 0.1)
            fields.number("sigma_b", 0.1)
        if experiment.recurrent:
            fields.slider("recurrent_scale", 0.0, 2.0, 0.05)
        else:
            fields.choice("normalization", catalog.NORMALIZATIONS)
        fields.switch("residual")
        fields.slider("dropout", 0.0, 0.9, 0.05)


def _training(experiment: Experiment) -> None:
    st.subheader("Training", anchor=False)
    optimizer = catalog.OPTIMIZERS[experiment.optimizer]
    fitting = catalog.losses_for(experiment.task, unit_targets=experiment.dataset.unit_targets)
    fields.choice("loss", {name: catalog.LOSSES[name] for name in fitting})
    fields.choice("optimizer", catalog.OPTIMIZERS)
    fields.steps("learning_rate", RATES)
    fields.steps("batch_size", BATCHES, lambda size: "all" if size == 0 else str(size))
    with st.expander("More about training"):
        if optimizer.momentum:
            fields.slider("momentum", 0.0, 0.99, 0.01)
        if optimizer.nesterov:
            fields.switch("nesterov")
        fields.choice("schedule", catalog.SCHEDULES)
        fields.choice("regularizer", catalog.REGULARIZERS)
        if experiment.regularizer != "none":
            fields.steps("regularization_rate", PENALTIES)
        if not visit.is_hidden("clip"):
            _clipping(experiment)
        fields.switch("shuffle")
        fields.number("epochs", 100)
        fields.number("target_loss", 0.01)
        fields.number("patience", 10)


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
        **fields.taken("features", chosen, tuple),
    )


def _samples(experiment: Experiment) -> None:
    usual = experiment.dataset.samples
    split = experiment.load_data()
    count = experiment.samples or usual or len(split.x_train) + len(split.x_test)
    st.number_input(
        label_of("samples"),
        # A link may ask for fewer than the usual least.
        min(10, count),
        int(SETTINGS["samples"].high or 10_000),
        count,
        step=50,
        help=help_for("samples"),
        **fields.taken("samples", count, lambda given: 0 if given is None or given == usual else given),
    )


def _clipping(experiment: Experiment) -> None:
    kind, limit = _kind_and_limit(experiment)

    def take(kind: str = "", limit: float = 0.0) -> None:
        kind_now, limit_now = _kind_and_limit(visit.draft())
        kind = kind or kind_now
        visit.change(clip="none" if kind == "none" else f"{kind}{limit or limit_now:g}")

    st.selectbox(
        label_of("clip"),
        list(catalog.CLIPPINGS),
        list(catalog.CLIPPINGS).index(kind),
        format_func=lambda name: catalog.CLIPPINGS[name].label,
        **session.shows("clip_kind", kind, lambda kind: take(kind=kind)),
        **locked("clip"),
        help=help_for("clip", catalog.CLIPPINGS[kind]),
    )
    if kind != "none":
        options = CLIP_LIMITS if limit in CLIP_LIMITS else sorted([*CLIP_LIMITS, limit])
        st.select_slider(
            "Clipping limit", options, limit, **locked("clip"),
            **session.shows("clip_limit", limit, lambda limit: take(limit=limit)),
            help="The longest that a gradient may be; what is longer is cut to it.",
        )  # fmt: skip


def _kind_and_limit(experiment: Experiment) -> tuple[str, float]:
    """How it clips gradients, "none" included, and at what length."""
    clip = catalog.parse_clip(experiment.clip)
    kind = next((n for n, entry in catalog.CLIPPINGS.items() if clip and entry.keras == clip.kind), "none")
    return kind, clip.limit if clip else 1.0


def _new_seed() -> None:
    visit.change(seed=(visit.draft().seed + 1) % 2**31)


def _open_zip() -> None:
    if given := st.session_state[OPEN_ZIP]:
        arrival.open_archive(given.getvalue())


def _open_link() -> None:
    with st.popover("Open a link", icon=":material/link:", width="stretch"):
        st.text_input(
            "Link of nnplay or TensorFlow Playground",
            key="open_link",
            help="Paste it and press Enter: its experiment takes the place of this one.",
            on_change=lambda: arrival.open_link(st.session_state["open_link"]),
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
            "Everything back to the task's settings" if visit.task() else "Everything back to the defaults",
            key="defaults",
            on_click=visit.start_over,
            help="What the page opened with." if visit.task() else
            "The spiral with two layers of eight neurons, from its beginning.",
        )  # fmt: skip
