"""Formatting, lint and types, and that the README's two commands are what CI runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from nnplay.ui.browser import FOLDER, MODULES

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command", [("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",)], ids=" ".join
)
def test_the_code_is(command):
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_has_both_commands_and_every_picture_it_shows():
    readme = (ROOT / "README.md").read_text()
    for name, last in (("run", "streamlit run app.py"), ("test", "-m browser --reruns 1")):
        block = re.search(rf"<!-- {name} -->\n```\n(.+)\n```\n", readme)
        assert block and block[1].endswith(last) and "-m venv" in block[1] and "pip install" in block[1]
    for picture in re.findall(r"!\[.*?\]\((.+?)\)", readme):
        assert (ROOT / picture).stat().st_size > 10_000
    runner = (ROOT / ".ci/run").read_text()
    assert "command_of run" in runner and "command_of test" in runner


def test_no_two_of_the_browsers_modules_declare_the_same_name():
    """They share one scope there."""
    declared = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (.*)", re.MULTILINE)
    names: list[str] = []
    for module in MODULES:
        for text in declared.findall((FOLDER / f"{module}.js").read_text("utf-8")):
            # `const A = 1, B = 2;` declares both; what is unpacked or called is no declaration of its own.
            first = re.match(r"[{]?\s*(\w+)", text)
            names += [first[1]] if first else []
            names += re.findall(r", ([A-Z][A-Z_]+) = ", text)
    assert len(names) > 100 and sorted(set(names)) == sorted(names)
