"""Everything that can be set or chosen says in plain words what it is; formulas are well formed."""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nnplay import catalog
from nnplay.data import DATASETS
from nnplay.experiment import SETTINGS
from nnplay.experiment.formulas import FORMULAS
from nnplay.glossary import GLOSSARY
from nnplay.ui.wording import help_for

UI = Path(__file__).parents[1] / "nnplay" / "ui"
# Where the playground's controls are, and the widgets they can be.
CONTROLS = [
    UI / name
    for name in (
        "sidebar.py", "fields.py", "hidden_layers.py", "transport.py",
        "first_steps.py", "tour.py", "glossary.py", "coach.py", "layers.py",
        "result/place.py", "inside/panel.py", "compare/base.py", "compare/kept.py",
        "compare/pair.py",
    )
]  # fmt: skip
WIDGETS = {
    "selectbox", "slider", "select_slider", "number_input", "text_input", "toggle", "checkbox", "button",
    "segmented_control", "pills", "radio", "multiselect",
}  # fmt: skip
REGISTRIES: dict[str, Mapping[str, Any]] = {
    "data": DATASETS,
    **{
        name: getattr(catalog, name)
        for name in (
            "ACTIVATIONS", "CLIPPINGS", "INITIALIZERS", "LAYER_KINDS", "LOSSES", "METRIC_ENTRIES",
            "NORMALIZATIONS", "OPTIMIZERS", "REGULARIZERS", "SCHEDULES",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_says_what_it_is_in_a_sentence_or_two(name: str):
    setting = SETTINGS[name]
    assert setting.label[0].isupper() and len(setting.label) <= 25
    text = setting.help.replace("...", "")
    assert text[0].isupper() and text.endswith(".")
    sentences = [part for part in re.split(r"(?<=[.:])\s+(?=[A-Z])", text) if part]
    assert len(sentences) <= 2 and len(text) <= 230, text
    assert help_for(name).startswith(setting.help)


@pytest.mark.parametrize("registry", REGISTRIES)
def test_an_entry_says_what_it_is(registry: str):
    for name, entry in REGISTRIES[registry].items():
        assert entry.label and entry.about.endswith((".", ".)")), name
        assert len(entry.about) <= 200, name
        well_formed(getattr(entry, "formula", ""))


def test_formulas_are_of_settings_and_shown_with_them():
    assert set(FORMULAS) <= set(SETTINGS)
    for name, formula in FORMULAS.items():
        well_formed(formula)
        assert f"${formula}$" in help_for(name)
    for term in GLOSSARY.values():
        well_formed(term.formula)


def well_formed(formula: str) -> None:
    depth = 0
    for sign in re.sub(r"\\[{}]", "", formula):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0, formula
    assert depth == 0 and "$" not in formula, formula
    assert formula.count(r"\begin") == formula.count(r"\end")


@pytest.mark.parametrize("file", CONTROLS, ids=lambda file: file.name)
def test_every_control_has_its_help(file: Path):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WIDGETS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id != "fields"
        ):
            assert "help" in {keyword.arg for keyword in node.keywords}, f"{file.name}:{node.lineno}"
