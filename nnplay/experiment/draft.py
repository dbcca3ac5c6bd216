"""A draft: settings each right by itself, what follows from them, and whether they go together."""

from collections.abc import Callable, Container
from functools import lru_cache
from math import prod
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import PrivateAttr

from nnplay import catalog
from nnplay import data as datasets
from nnplay.experiment.fields import STANDARDIZE, Fields

MAX_PARAMETERS = 2_000_000


class Draft(Fields):
    """Settings with what follows from them. Where they do not go together (`misfits`), some of it raises."""

    # A visitor's own data go where the record goes, into a worker too, and are gone with the last one.
    _own: datasets.Dataset | None = PrivateAttr(None)

    def model_post_init(self, context: Any) -> None:
        if datasets.is_own(self.data):
            self._own = datasets.find(self.data)

    def __setstate__(self, state: dict[Any, Any]) -> None:
        super().__setstate__(state)
        if self._own:
            self._own = datasets.hold(self._own)

    @property
    def dataset(self) -> datasets.Dataset:
        """The data's entry: of the registry, or the visitor's own."""
        # A private attribute takes pydantic some time to find, and this is asked for all the time.
        if found := datasets.DATASETS.get(self.data):
            return found
        return self._own if self._own and self._own.name == self.data else datasets.find(self.data)

    @property
    def task(self) -> str:
        """ "binary", "multiclass" or "regression"."""
        return datasets.task_of(self.dataset, self.classes)

    @property
    def layers(self) -> tuple[catalog.Layer, ...]:
        """The hidden layers, first = nearest the input."""
        return catalog.parse_layers(self.hidden)

    @property
    def activations(self) -> tuple[str, ...]:
        """One activation name for each hidden layer: "linear" for a layer that applies none.

        The setting names one for all, or one for each layer that applies one.
        """
        active = [catalog.LAYER_KINDS[layer.kind].active for layer in self.layers]
        names = self.activation.split("-")
        given = iter(names if len(names) == sum(active) else names[:1] * sum(active))
        return tuple(next(given) if applies else "linear" for applies in active)

    @property
    def normalizations(self) -> tuple[str, ...]:
        """One normalisation for each hidden layer: its own, or that of all if it applies an activation."""
        return tuple(
            layer.normalization or (self.normalization if catalog.LAYER_KINDS[layer.kind].active else "none")
            for layer in self.layers
        )

    @property
    def dropouts(self) -> tuple[float, ...]:
        """One dropout for each hidden layer: its own, or that of all if it has kernels."""
        usual = {name: self.dropout if kind.kernels else 0.0 for name, kind in catalog.LAYER_KINDS.items()}
        return tuple(usual[layer.kind] if layer.dropout is None else layer.dropout for layer in self.layers)

    @property
    def pairing(self) -> catalog.Pairing:
        """Output activation, target encoding and number of output units that the loss leads to."""
        return pairing(self, self.output)

    @property
    def input_names(self) -> tuple[str, ...]:
        """What each input of the network is: chosen features, or the table's columns."""
        return datasets.input_names(self.dataset, self.features)

    @property
    def input_shape(self) -> catalog.Shape:
        """Shape of one sample as the network gets it: (inputs,), or (steps, inputs) of a sequence."""
        inputs = len(self.input_names)
        return (self.steps, inputs) if self.dataset.sequence else (inputs,)

    @property
    def stages(self) -> tuple[catalog.Stage, ...]:
        """The hidden layers with the shapes that each receives and gives. Raises `BadStack`."""
        return catalog.stack(self.layers, self.input_shape, self.dataset.layout)

    @property
    def kernel_places(self) -> tuple[int, ...]:
        """Places, from 0, of the hidden layers that have kernels: what is measured has a value for each."""
        layers = enumerate(self.layers)
        return tuple(place for place, layer in layers if catalog.LAYER_KINDS[layer.kind].kernels)

    @property
    def recurrent(self) -> bool:
        """Whether some hidden layer is."""
        return any(catalog.LAYER_KINDS[layer.kind].recurrent for layer in self.layers)

    @property
    def parameters_estimate(self) -> int:
        """Weights of the whole network, as Keras's `count_params` has it."""
        return sum(self.parameter_counts)

    @property
    def parameter_counts(self) -> tuple[int, ...]:
        """Weights of each layer with its normalisation, the output last."""
        return _counts(
            self.stages, self.activations, self.normalizations, self.input_shape, self.pairing.units
        )

    @property
    def momentum_used(self) -> float:
        """The momentum that the optimizer gets: its usual one for 0, and 0 where it takes none."""
        optimizer = catalog.OPTIMIZERS[self.optimizer]
        return (self.momentum or optimizer.usual_momentum) if optimizer.momentum else 0.0

    def load_data(self) -> datasets.Split:
        """The arrays, cached: the same settings give the same (shared, read-only) arrays."""
        return _load_own(self) if self._own else _load(**self._load_arguments)

    @property
    def _load_arguments(self) -> dict[str, Any]:
        return dict(
            name=self.data,
            samples=self.samples or None,
            label_noise=self.label_noise,
            position_noise=self.position_noise,
            imbalance=self.imbalance,
            classes=self.classes,
            test_fraction=self.test_fraction,
            features=self.features,
            standardize=STANDARDIZE[self.standardize],
            # The length is nothing to other data: one entry of the cache for all.
            steps=self.steps if self.dataset.sequence else datasets.USUAL_STEPS,
            seed=self.seed,
        )


_load = lru_cache(maxsize=32)(datasets.load)


@lru_cache(maxsize=256)
def _counts(
    stages: tuple[catalog.Stage, ...],
    activations: tuple[str, ...],
    normalizations: tuple[str, ...],
    inputs: catalog.Shape,
    units: int,
) -> tuple[int, ...]:
    hidden = []
    for stage, name, normalization in zip(stages, activations, normalizations, strict=True):
        # A gated activation halves what its layer makes: twice the units in, once the units out.
        factor = catalog.parse_activation(name)[0].units_factor
        kernels = catalog.LAYER_KINDS[stage.layer.kind].weights(stage.layer, stage.given, stage.made)
        rows = catalog.NORMALIZATIONS[normalization].rows * stage.made[-1]
        hidden.append(factor * (kernels + rows))
    last = stages[-1].made if stages else inputs
    return (*hidden, (prod(last) + 1) * units)


# A visitor's own, by what they are made from: not kept longer than it.
_splits: WeakKeyDictionary[datasets.Dataset, dict[tuple[Any, ...], datasets.Split]] = WeakKeyDictionary()
MOST_SPLITS = 8


def _load_own(draft: Draft) -> datasets.Split:
    kept, arguments = _splits.setdefault(draft.dataset, {}), draft._load_arguments
    key = tuple(arguments.values())
    if key not in kept:
        while len(kept) >= MOST_SPLITS:
            kept.pop(next(iter(kept)), None)
        kept[key] = datasets.load(**arguments)
    return kept[key]


def pairing(draft: Draft, output: str) -> catalog.Pairing:
    """The pairing with another output activation. Raises `Mismatch` when it does not go with the loss."""
    return catalog.pair(
        draft.loss,
        draft.task,
        output,
        unit_targets=draft.dataset.unit_targets,
        classes=datasets.class_count(draft.dataset, draft.classes),
    )


def misfits(draft: Draft, faulty: Container[str] = ()) -> dict[str, str]:
    """Where settings do not go together: the one to change, and the sentence that says why.

    What hangs on a setting that is `faulty` or a misfit itself is not judged.
    """
    found: dict[str, str] = {}
    for setting, (needs, check) in _CHECKS.items():
        if any(need in faulty or need in found for need in (setting, *needs)):
            continue
        try:
            check(draft)
        except ValueError as error:
            found[setting] = str(error)
    return found


def _classes_exist(draft: Draft) -> None:
    datasets.class_count(draft.dataset, draft.classes)


def _some_input_is_left(draft: Draft) -> None:
    possible = datasets.features_for(draft.dataset)
    if possible and not set(possible) & set(draft.features):
        raise ValueError(
            f"{draft.dataset.label} has only {' and '.join(draft.dataset.inputs)}, of which no input "
            f"{' or '.join(draft.features)} can be made. Choose one or more of: {', '.join(possible)}."
        )


def _one_activation_a_layer(draft: Draft) -> None:
    given = len(draft.activation.split("-"))
    wanted = sum(catalog.LAYER_KINDS[layer.kind].active for layer in draft.layers)
    if given not in (1, wanted):
        plain = "" if wanted == len(draft.layers) else " with an activation"
        raise ValueError(
            f"The activation names {given} layers, but the network has {wanted} hidden "
            f"{'layer' if wanted == 1 else 'layers'}{plain}. Give one activation for all layers, or one for "
            "each."
        )


def _activations_fit(draft: Draft) -> None:
    _one_activation_a_layer(draft)
    for layer, name in zip(draft.layers, draft.activations, strict=True):
        if catalog.LAYER_KINDS[layer.kind].recurrent and not fits_recurrent(name):
            raise ValueError(
                f"{catalog.parse_activation(name)[0].label} makes one number of two sums, which a recurrent "
                f"layer does not have to give. Choose another for {catalog.format_layers([layer])!r}, "
                "such as tanh."
            )


def fits_recurrent(name: str) -> bool:
    """Whether a recurrent layer can have this activation."""
    return catalog.parse_activation(name)[0].units_factor == 1


def _normalization_fits(draft: Draft) -> None:
    normalized = zip(draft.layers, draft.normalizations, strict=True)
    if any(name != "none" and catalog.LAYER_KINDS[layer.kind].recurrent for layer, name in normalized):
        raise ValueError(
            "Normalisation comes between a layer's sums and its activation, and a recurrent layer has both "
            "inside. Choose none, or dense layers only."
        )


def _initializer_fits(draft: Draft) -> None:
    kinds = {layer.kind for layer in draft.layers} & {"conv", "attention"}
    if kinds and catalog.INITIALIZERS[draft.initializer].keras == "Identity":
        raise ValueError(
            "The identity is a matrix: the weights of a convolution or of attention have more than two axes. "
            "Choose other initial weights, such as glorot_uniform."
        )


def _layers_fit(draft: Draft) -> None:
    try:
        catalog.stack(draft.layers, draft.input_shape, draft.dataset.layout)
    except catalog.BadStack as error:
        if not error.wanted:
            raise
        words = [
            f"{word}: {', '.join(name for name, data in datasets.DATASETS.items() if axes_of(data) == axes)}."
            for axes, word in ((2, "Sequences"), (3, "Images"))
            if axes in error.wanted
        ]
        raise ValueError(f"{error} {' '.join(words)}") from None
    _not_too_large(draft)


def axes_of(dataset: datasets.Dataset) -> int:
    """How many axes a sample can have: 2 of a sequence, 3 of an image, 1 of a list of numbers."""
    return 2 if dataset.sequence else len(dataset.layout) or 1


def _loss_fits(draft: Draft) -> None:
    pairing(draft, "auto")


def _output_fits(draft: Draft) -> None:
    pairing(draft, draft.output)


def _not_too_large(draft: Draft) -> None:
    if (count := draft.parameters_estimate) > MAX_PARAMETERS:
        raise ValueError(
            f"The network would have {count:,} weights; at most {MAX_PARAMETERS:,} are allowed. "
            "Use fewer layers or units."
        )


# The setting to change: those it hangs on, and the check that raises a ValueError. Later checks may rely on
# what earlier ones found to be right.
_CHECKS: dict[str, tuple[tuple[str, ...], Callable[[Draft], None]]] = {
    "classes": (("data",), _classes_exist),
    "features": (("data",), _some_input_is_left),
    "activation": (("hidden",), _activations_fit),
    "normalization": (("hidden",), _normalization_fits),
    "initializer": (("hidden",), _initializer_fits),
    "loss": (("data", "classes"), _loss_fits),
    "output": (("data", "classes", "loss"), _output_fits),
    "hidden": (("data", "classes", "loss", "output", "features", "activation", "steps"), _layers_fit),
}
