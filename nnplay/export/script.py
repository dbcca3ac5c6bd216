"""A run as a script for Keras, and as a notebook: the same data, network and training without nnplay."""

import json
import textwrap
from collections.abc import Sequence
from typing import Any

from nnplay import __version__, catalog
from nnplay.experiment import Experiment
from nnplay.export.data_code import data_section
from nnplay.export.network_code import network_section
from nnplay.export.section import Section, spaced
from nnplay.export.training_code import batch_size, pieces, result_section, training_section

LOADERS = ("load_iris", "load_wine", "load_breast_cancer", "load_diabetes", "load_digits", "make_moons")


def script(experiment: Experiment, *, epochs: int = 0, changes: Sequence[Any] = ()) -> str:
    """A program that trains for so many epochs (0: those of the experiment) and prints the final loss.

    `experiment` is the one that the run began with; `changes` are the run's (`jobs.Change`). Raises
    `CannotExport` where a part of it has no counterpart.
    """
    first, *rest = sections(experiment, epochs=epochs, changes=changes)
    text = [f'"""{first.title}\n\n{_folded(first.words, "")}\n"""\n\n{first.code}\n']
    for section in rest:
        words = f"\n{_folded(section.words, '# ')}" if section.words else ""
        text.append(f"\n# ---- {section.title}{words}\n\n{section.code}\n")
    return spaced("".join(text)) + "\n"


def notebook(experiment: Experiment, *, epochs: int = 0, changes: Sequence[Any] = ()) -> str:
    """The same as a Jupyter notebook (nbformat 4.5), a cell of text and one of code for each part."""
    cells: list[dict[str, Any]] = []
    for place, section in enumerate(sections(experiment, epochs=epochs, changes=changes)):
        heading = f"{'##' if place else '#'} {section.title}\n\n{section.words}".strip()
        cells.append({"cell_type": "markdown", "metadata": {}, "source": heading})
        cells.append(
            {
                "cell_type": "code",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": section.code,
            }
        )
    for place, cell in enumerate(cells):
        cell["id"] = f"cell-{place}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def sections(experiment: Experiment, *, epochs: int = 0, changes: Sequence[Any] = ()) -> tuple[Section, ...]:
    """The parts of the script, its beginning first."""
    epochs = epochs or experiment.epochs
    parts = pieces(experiment, epochs, changes)
    data = data_section(experiment)
    named = any(change.weight for change in changes)
    return (
        _beginning(experiment, epochs, data.code),
        data,
        network_section(experiment, named=named),
        training_section(experiment, parts),
        result_section(experiment),
    )


def _beginning(experiment: Experiment, epochs: int, data_code: str) -> Section:
    loaders = [name for name in LOADERS if f"{name}(" in data_code]
    code = ["import csv", ""] if "csv.reader(" in data_code else []
    code += ["import keras", "import numpy as np"]
    code += [f"from sklearn.datasets import {', '.join(loaders)}"] if loaders else []
    code += [
        "",
        f"SEED = {experiment.seed}",
        f"EPOCHS = {epochs}",
        f"BATCH_SIZE = {batch_size(experiment)}",
    ]
    layers = "no hidden layer" if not experiment.layers else f"hidden layers {experiment.hidden}"
    optimizer = catalog.OPTIMIZERS[experiment.optimizer].label
    loss = catalog.LOSSES[experiment.loss].label
    title = f"{experiment.dataset.label}: {layers}, {loss}, {optimizer}."
    needs = "Keras 3.15, NumPy and scikit-learn" if loaders else "Keras 3.15 and NumPy"
    words = (
        f"Written by nnplay {__version__} for the experiment {experiment.to_link()} (a link). "
        f"It needs TensorFlow, {needs}; makes the same data and the same initial weights, trains on the same "
        "batches, and arrives at the same loss."
    )
    return Section(title, words, "\n".join(code))


def _folded(text: str, mark: str, width: int = 100) -> str:
    """The text in lines of at most `width`, words longer than that left whole."""
    return "\n".join(
        textwrap.wrap(
            text, width, initial_indent=mark, subsequent_indent=mark,
            break_long_words=False, break_on_hyphens=False,
        )
    )  # fmt: skip
