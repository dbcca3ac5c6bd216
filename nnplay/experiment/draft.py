"""A draft: settings each right by itself, what follows from them, and whether they go together."""

from collections.abc import Callable, Container
from functools import lru_cache

from nnplay import catalog
from nnplay import data as datasets
from nnplay.experiment.fields import STANDARDIZE, Fields

MAX_PARAMETERS = 2_000_000


class Draft(Fields):
    """Settings with what follows from them. Where they do not go together (`misfits`), some of it raises."""

    @property
    def dataset(self) -> datasets.Dataset:
        """The registry entry of the data."""
        return datasets.DATASETS[self.data]

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
        """One activation name for each hidden layer."""
        names = tuple(self.activation.split("-"))
        return names if len(names) == len(self.layers) else names[:1] * len(self.layers)

    @property
    def pairing(self) -> catalog.Pairing:
        """Output activation, target encoding and number of output units that the loss leads to."""
        return pairing(self, self.output)

    @property
    def input_names(self) -> tuple[str, ...]:
        """What each input of the network is: chosen features, or the table's columns."""
        return datasets.input_names(self.dataset, self.features)

    @property
    def parameters_estimate(self) -> int:
        """Weights and biases of the dense layers (normalisation not counted)."""
        factors = [catalog.parse_activation(name)[0].units_factor for name in self.activations]
        outputs = [layer.units for layer in self.layers]
        # A gated activation halves what its layer makes: twice the units in, once the units out.
        made = [*(units * factor for units, factor in zip(outputs, factors, strict=True)), self.pairing.units]
        return sum(
            (inputs + 1) * units
            for inputs, units in zip([len(self.input_names), *outputs], made, strict=True)
        )

    @property
    def momentum_used(self) -> float:
        """The momentum that the optimizer gets: its usual one for 0, and 0 where it takes none."""
        optimizer = catalog.OPTIMIZERS[self.optimizer]
        return (self.momentum or optimizer.usual_momentum) if optimizer.momentum else 0.0

    def load_data(self) -> datasets.Split:
        """The arrays, cached: the same settings give the same (shared, read-only) arrays."""
        return _load(
            self.data,
            samples=self.samples or None,
            label_noise=self.label_noise,
            position_noise=self.position_noise,
            imbalance=self.imbalance,
            classes=self.classes,
            test_fraction=self.test_fraction,
            features=self.features,
            standardize=STANDARDIZE[self.standardize],
            seed=self.seed,
        )


_load = lru_cache(maxsize=32)(datasets.load)


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
    given, wanted = len(draft.activation.split("-")), len(draft.layers)
    if given not in (1, wanted):
        raise ValueError(
            f"The activation names {given} layers, but the network has {wanted} hidden "
            f"{'layer' if wanted == 1 else 'layers'}. Give one activation for all layers, or one for each."
        )


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
    "activation": (("hidden",), _one_activation_a_layer),
    "loss": (("data", "classes"), _loss_fits),
    "output": (("data", "classes", "loss"), _output_fits),
    "hidden": (("data", "classes", "loss", "output", "features", "activation"), _not_too_large),
}
