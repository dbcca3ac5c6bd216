"""The code that builds an experiment's network in Keras, with the initial weights that its seed gives.

The layers and their seeds are those of `nnplay.engine.build`; the tests hold the two together.
"""

from collections.abc import Callable

from nnplay import catalog
from nnplay.catalog.layer_kinds import head_size
from nnplay.experiment import Experiment
from nnplay.export.section import CannotExport, Code, Section, call, wrapped

# Of the engine: streams of random numbers far from any layer's own.
BIAS_STREAM, RECURRENT_STREAM, BACKWARD_STREAM, ATTENTION_STREAM = "2**32", "2**33", "2**34", "2**35"

STEP = '''def step(x):
    """The threshold unit: 1 for x > 0, else 0. Its gradient is 0 everywhere."""
    return keras.ops.sign(keras.ops.relu(x))'''


POSITION = '''class Position(keras.layers.Layer):
    """Adds sines and cosines of each step's number, which tell the steps apart (Vaswani 2017)."""

    def build(self, shape):
        steps, channels = shape[1:]
        k = np.arange(channels)
        angles = np.arange(steps)[:, None] / 10_000 ** ((k - k % 2) / channels)
        self.added = np.where(k % 2, np.cos(angles), np.sin(angles)).astype("float32")

    def call(self, x):
        return x + self.added'''


class Whole(str):
    """An expression in `x`, where others are layers to be called with it."""

    __slots__ = ()


def network_section(experiment: Experiment, *, named: bool = False) -> Section:
    """Lines that end with `model`, not yet compiled; `named`: the layers with weights have names."""
    lines = [*_functions(experiment), *_initializers(experiment), *_penalty(experiment)]
    kinds = {layer.kind for layer in experiment.layers}
    lines += [POSITION, "", ""] if "position" in kinds else []
    lines += _self_attention(experiment) if "attention" in kinds else []
    functional = experiment.residual or "attention" in kinds
    lines += [_functional(experiment, named) if functional else _sequential(experiment, named)]
    words = "Every layer draws its initial weights from a seed of its own."
    return Section("Network", words, "\n".join(lines))


# ---- what stands before the layers


def _functions(experiment: Experiment) -> list[str]:
    """Activations that are more than a name to Keras."""
    names = dict.fromkeys([*experiment.activations, experiment.pairing.output])
    lines = []
    for name in names:
        entry, parameters = catalog.parse_activation(name)
        if not entry.keras:
            lines += [STEP, "", ""]
        elif dict(entry.parameters) != parameters:
            called = call(f"keras.activations.{entry.keras}", Code("x"), **parameters)
            lines += [f"def {_function(name)}(x):", f"    return {called}", "", ""]
    return lines


def _function(name: str) -> str:
    """The name of the function of an activation with a parameter: elu~0.5 is elu_0_5."""
    return name.replace("~", "_").replace(".", "_")


def _activation(name: str) -> object:
    """What a layer is given as its activation."""
    entry, parameters = catalog.parse_activation(name)
    if not entry.keras:
        return Code(entry.name)
    return entry.keras if dict(entry.parameters) == parameters else Code(_function(name))


def _initializers(experiment: Experiment) -> list[str]:
    """The functions that give each place its initializers: `init`, `bias_init`, `recurrent_init`."""
    entry = catalog.INITIALIZERS[experiment.initializer]
    arguments = dict(entry.arguments)
    lines = []
    if entry.scaled:
        arguments["scale"] = Code(f"{experiment.sigma_w!r}**2")
    if entry.random:
        made = call(f"keras.initializers.{entry.keras}", **arguments, seed=Code("1000 * SEED + place"))
        lines += ["def init(place):", wrapped(f"    return {made}"), "", ""]
    if entry.scaled:
        bias = call(
            "keras.initializers.RandomNormal",
            stddev=experiment.sigma_b,
            seed=Code(f"1000 * SEED + place + {BIAS_STREAM}"),
        )
        lines += ["def bias_init(place):", f"    return {bias}", "", ""]
    if any(catalog.LAYER_KINDS[layer.kind].recurrent for layer in experiment.layers):
        recurrent = call(
            "keras.initializers.Orthogonal",
            gain=experiment.recurrent_scale,
            seed=Code(f"1000 * SEED + place + {RECURRENT_STREAM}"),
        )
        lines += ["def recurrent_init(place):", f"    return {recurrent}", "", ""]
    return lines


def _penalty(experiment: Experiment) -> list[str]:
    entry = catalog.REGULARIZERS[experiment.regularizer]
    if not _penalised(experiment):
        return []
    rates = dict.fromkeys(entry.rates, experiment.regularization_rate)
    return [f"penalty = {call(f'keras.regularizers.{entry.keras}', **rates)}"]


def _self_attention(experiment: Experiment) -> list[str]:
    """The function `self_attention`."""
    places = _weights(experiment, Code("place"))
    made = call("keras.layers.MultiHeadAttention", Code("heads"), Code("size"), **places, name=Code("name"))
    lines = [
        "def self_attention(x, heads, size, place, name=None):",
        '    """Every step takes from all steps: softmax(Q K^T / sqrt(size)) V, in several heads."""',
        wrapped(f"    attention = {made}"),
        "    after = attention(x, x)",
    ]
    if catalog.INITIALIZERS[experiment.initializer].random:
        lines += [
            "    # Keras gives all its matrices the same seed: query and key would start as the same one.",
            "    parts = (attention.key_dense, attention.value_dense, attention.output_dense)",
            "    for k, part in enumerate(parts, start=1):",
            f"        part.kernel.assign(init(place + k * {ATTENTION_STREAM})(part.kernel.shape))",
        ]
    return [*lines, "    return after", "", ""]


def _penalised(experiment: Experiment) -> bool:
    return bool(catalog.REGULARIZERS[experiment.regularizer].keras and experiment.regularization_rate)


# ---- layers


def _weights(experiment: Experiment, place: int | str) -> dict[str, object]:
    """The arguments of a layer on where its weights start and what they cost.

    `place`: a number, or what stands for it in the script.
    """
    entry = catalog.INITIALIZERS[experiment.initializer]
    arguments: dict[str, object] = {}
    if entry.random:
        arguments["kernel_initializer"] = Code(f"init({place})")
    else:
        arguments["kernel_initializer"] = Code(call(f"keras.initializers.{entry.keras}", **entry.arguments))
    if entry.scaled:
        arguments["bias_initializer"] = Code(f"bias_init({place})")
    elif entry.bias:
        arguments["bias_initializer"] = Code(call("keras.initializers.Constant", entry.bias))
    if _penalised(experiment):
        arguments["kernel_regularizer"] = Code("penalty")
    return arguments


def _name(place: int, named: bool) -> str | None:
    return f"hidden_{place}" if named else None


def _class(stage: catalog.Stage) -> str:
    """The Keras class of a layer; one with a window has one for each number of axes."""
    return f"keras.layers.{catalog.LAYER_KINDS[stage.layer.kind].keras.format(n=len(stage.given) - 1)}"


def _dense(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    flat = ["keras.layers.Flatten()"] if len(stage.given) > 1 and len(stage.made) == 1 else []
    return [*flat, *_activated(experiment, stage, name, place, named, {})]


def _conv(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    layer = stage.layer
    window: dict[str, object] = {
        "kernel_size": layer.size,
        "strides": layer.stride or None,
        "padding": "same" if layer.same else None,
    }
    return _activated(experiment, stage, name, place, named, window)


def _activated(
    experiment: Experiment,
    stage: catalog.Stage,
    name: str,
    place: int,
    named: bool,
    more: dict[str, object],
) -> list[str]:
    """Sums, their normalisation, their activation."""
    entry, _ = catalog.parse_activation(name)
    normalization = catalog.NORMALIZATIONS[experiment.normalizations[place - 1]].keras
    alone = bool(normalization) or entry.units_factor > 1
    lines = [
        call(
            _class(stage),
            stage.layer.units * entry.units_factor,
            **more,
            activation=None if alone else _activation(name),
            **_weights(experiment, place),
            name=_name(place, named),
        )
    ]
    if normalization:
        lines.append(f"keras.layers.{normalization}()")
    if entry.units_factor > 1:
        function = _activation(name)
        function = function if isinstance(function, Code) else Code(f"keras.activations.{function}")
        lines.append(call("keras.layers.Lambda", function, output_shape=stage.made))
    elif alone:
        lines.append(call("keras.layers.Activation", _activation(name)))
    return lines


def _pool(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    layer = stage.layer
    padding = "same" if layer.same else None
    return [call(_class(stage), layer.size, strides=layer.stride or None, padding=padding)]


def _plain(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    return [f"{_class(stage)}()"]


def _reshape(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    return [call("keras.layers.Reshape", stage.made)]


def _nothing(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    # Dropout is what may follow any layer.
    return []


def _recurrent(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    return [_reader(experiment, stage, _class(stage), name, place, name_given=_name(place, named))]


def _both_ways(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    one = catalog.LAYER_KINDS[stage.layer.kind.removeprefix("bi")].keras
    forwards = _reader(experiment, stage, f"keras.layers.{one}", name, place)
    backwards = _reader(
        experiment, stage, f"keras.layers.{one}", name, f"{place} + {BACKWARD_STREAM}", go_backwards=True
    )
    return [
        call(
            "keras.layers.Bidirectional",
            Code(forwards),
            backward_layer=Code(backwards),
            name=_name(place, named),
        )
    ]


def _reader(
    experiment: Experiment,
    stage: catalog.Stage,
    class_name: str,
    name: str,
    place: int | str,
    *,
    name_given: str | None = None,
    go_backwards: bool | None = None,
) -> str:
    """A recurrent layer that reads in one direction."""
    return call(
        class_name,
        stage.layer.units,
        activation=_activation(name),
        **_weights(experiment, place),
        recurrent_initializer=Code(f"recurrent_init({place})"),
        recurrent_regularizer=Code("penalty") if _penalised(experiment) else None,
        return_sequences=True if len(stage.made) > 1 else None,
        go_backwards=go_backwards,
        name=name_given,
    )


def _attention(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    size = head_size(stage.layer, stage.given[-1])
    given = _name(place, named)
    return [
        Whole(call("self_attention", Code("x"), heads=stage.layer.heads, size=size, place=place, name=given))
    ]


def _position(experiment: Experiment, stage: catalog.Stage, name: str, place: int, named: bool) -> list[str]:
    return ["Position()"]


# How each kind of layer is written: the layers of Keras that stand for it, in their order.
LayerCode = Callable[[Experiment, catalog.Stage, str, int, bool], list[str]]
LAYERS: dict[str, LayerCode] = {
    "dense": _dense,
    "conv": _conv,
    "pool": _pool,
    "avgpool": _pool,
    "flatten": _plain,
    "mean": _plain,
    "max": _plain,
    "rows": _reshape,
    "pixels": _reshape,
    "rnn": _recurrent,
    "lstm": _recurrent,
    "gru": _recurrent,
    "birnn": _both_ways,
    "bilstm": _both_ways,
    "bigru": _both_ways,
    "attention": _attention,
    "position": _position,
    "batchnorm": _plain,
    "layernorm": _plain,
    "dropout": _nothing,
}


def _hidden(experiment: Experiment, place: int, named: bool) -> list[str]:
    """The layers of Keras for a hidden layer, without what follows its activation."""
    stage, name = experiment.stages[place - 1], experiment.activations[place - 1]
    if stage.layer.kind not in LAYERS:
        kind = catalog.LAYER_KINDS[stage.layer.kind].label
        raise CannotExport(f"There is no code yet for layers of the kind {kind!r}.")
    return LAYERS[stage.layer.kind](experiment, stage, name, place, named)


def _laid(experiment: Experiment, place: int) -> list[str]:
    """The pixels of an image, or the steps of a signal, come as a list: what lays them out."""
    laid = place == 1 and experiment.stages[0].given != experiment.input_shape
    return [call("keras.layers.Reshape", experiment.stages[0].given)] if laid else []


def _dropout(experiment: Experiment, place: int) -> list[str]:
    if not (rate := experiment.dropouts[place - 1]):
        return []
    return [call("keras.layers.Dropout", rate, seed=Code(f"1000 * SEED + {500 + place}"))]


def _output(experiment: Experiment, named: bool) -> list[str]:
    pairing, place = experiment.pairing, len(experiment.stages) + 1
    made = experiment.stages[-1].made if experiment.stages else experiment.input_shape
    # Muon looks for "output" in the names of the weights, and leaves these to AdamW.
    named = named or experiment.optimizer == "muon"
    dense = call(
        "keras.layers.Dense",
        pairing.units,
        activation=_activation(pairing.output),
        **_weights(experiment, place),
        name="output" if named else None,
    )
    return [*(["keras.layers.Flatten()"] if len(made) > 1 else []), dense]


def _sequential(experiment: Experiment, named: bool) -> str:
    layers = [call("keras.Input", experiment.input_shape)]
    for place in range(1, len(experiment.stages) + 1):
        layers += [
            *_laid(experiment, place),
            *_hidden(experiment, place, named),
            *_dropout(experiment, place),
        ]
    layers += _output(experiment, named)
    inner = "\n".join(wrapped(f"        {layer}", tail=",") for layer in layers)
    return f"model = keras.Sequential(\n    [\n{inner}\n    ]\n)"


def _functional(experiment: Experiment, named: bool) -> str:
    lines = [f"inputs = x = {call('keras.Input', experiment.input_shape)}"]
    for place, stage in enumerate(experiment.stages, start=1):
        same = stage.given == stage.made and catalog.LAYER_KINDS[stage.layer.kind].kernels
        joined = experiment.residual and same
        lines += [f"x = {layer}(x)" for layer in _laid(experiment, place)]
        lines += [f"before_{place} = x"] if joined else []
        for layer in _hidden(experiment, place, named):
            lines.append(wrapped(f"x = {layer}", tail="" if isinstance(layer, Whole) else "(x)"))
        if joined:
            lines.append(f"x = keras.layers.Add()([before_{place}, x])  # the residual connection")
        lines += [f"x = {layer}(x)" for layer in _dropout(experiment, place)]
    lines += [wrapped(f"x = {layer}", tail="(x)") for layer in _output(experiment, named)]
    return "\n".join([*lines, "model = keras.Model(inputs, x)"])
