"""What holds for every registry of the catalog."""

import re
import subprocess
import sys

import keras
import pytest

from nnplay.catalog.activations import ACTIVATIONS
from nnplay.catalog.architectures import LAYER_KINDS
from nnplay.catalog.clipping import CLIPPINGS
from nnplay.catalog.initializers import INITIALIZERS
from nnplay.catalog.losses import LOSSES, TASKS
from nnplay.catalog.metrics import METRIC_ENTRIES, METRICS
from nnplay.catalog.normalization import NORMALIZATIONS
from nnplay.catalog.optimizers import OPTIMIZERS
from nnplay.catalog.regularizers import REGULARIZERS
from nnplay.catalog.schedules import SCHEDULES

REGISTRIES = {
    keras.activations: ACTIVATIONS,
    keras.layers: LAYER_KINDS | NORMALIZATIONS,
    keras.initializers: INITIALIZERS,
    keras.losses: LOSSES,
    keras.metrics: METRIC_ENTRIES,
    keras.optimizers: OPTIMIZERS,
    keras.regularizers: REGULARIZERS,
    keras.optimizers.schedules: SCHEDULES,
}
WHOLE = [*REGISTRIES.values(), CLIPPINGS]
EVERY = [(key, entry) for registry in WHOLE for key, entry in registry.items()]
every = pytest.mark.parametrize(("key", "entry"), EVERY, ids=[f"{type(e).__name__}-{k}" for k, e in EVERY])


@every
def test_entries_are_whole(key: str, entry) -> None:
    assert entry.name == key and re.fullmatch(r"[a-z][a-z0-9_]*", key)
    assert entry.label
    assert re.fullmatch(r"[A-Z][^\n]*[.)]", entry.about) and len(entry.about) <= 125


@every
def test_formulas_are_balanced(key: str, entry) -> None:
    for formula in (getattr(entry, name) for name in ("formula", "slope") if hasattr(entry, name)):
        assert formula.strip() == formula != ""
        assert formula.count("{") == formula.count("}") and formula.count("(") == formula.count(")")
        assert formula.count(r"\left") - formula.count(r"\leftarrow") == formula.count(r"\right")
        assert formula.count(r"\begin{cases}") == formula.count(r"\end{cases}")


def test_keras_names_resolve() -> None:
    for module, registry in REGISTRIES.items():
        for entry in registry.values():
            # A layer with a window has a class for each number of axes.
            for n in (1, 2):
                assert not entry.keras or callable(getattr(module, entry.keras.format(n=n)))


def test_labels_tell_entries_apart() -> None:
    for registry in WHOLE:
        labels = [entry.label for entry in registry.values()]
        assert len(set(labels)) == len(labels)


def test_every_task_has_metrics() -> None:
    assert METRICS.keys() == TASKS.keys()
    assert {name for names in METRICS.values() for name in names} == set(METRIC_ENTRIES)
    assert all(METRICS.values())


def test_importing_the_catalog_is_cheap() -> None:
    code = (
        "import importlib, pkgutil, sys, nnplay.catalog as catalog\n"
        "for module in pkgutil.iter_modules(catalog.__path__):\n"
        "    importlib.import_module('nnplay.catalog.' + module.name)\n"
        "assert 'nnplay.catalog.losses' in sys.modules\n"
        "print(*{'keras', 'tensorflow', 'pandas', 'sklearn', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
