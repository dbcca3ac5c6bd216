"""Who may import whom: three heavy dependencies behind fences, and layers that only look down."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import nnplay

ROOT = Path(nnplay.__file__).parent.parent
FILES = sorted([*ROOT.glob("nnplay/**/*.py"), *ROOT.glob("pages/**/*.py"), *ROOT.glob("app.py")])
files = pytest.mark.parametrize("file", FILES, ids=[file.relative_to(ROOT).as_posix() for file in FILES])

# The only places, as beginnings of paths, that may import a package, at whatever depth of the code.
FENCES = {
    "tensorflow": ("nnplay/engine/",),
    "keras": ("nnplay/engine/",),
    "plotly": ("nnplay/figures/",),
    "streamlit": ("nnplay/ui/", "pages/", "app.py"),
}
# Imported inside the function that needs them: whoever trains on a spiral does not pay for them.
LAZY = {"sklearn", "pandas"}
# All that is light in the engine: above it, the rest may be imported inside functions only.
LIGHT_ENGINE = {"nnplay.engine", "nnplay.engine.batches", "nnplay.engine.state", "nnplay.engine.weights"}

# As `nnplay.__doc__` lists them, low to high, and what stands over all of them.
LAYERS = [*re.findall(r"^    (\w+)  ", nnplay.__doc__ or "", re.MULTILINE), "app", "__main__"]


def imports(file: Path) -> Iterator[tuple[str, bool]]:
    """The modules that a file imports, and whether as soon as it is imported itself."""
    tree = ast.parse(file.read_text("utf-8"))
    package = file.relative_to(ROOT).parent.as_posix().replace("/", ".")
    inside = {
        node
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*up, node.module or ""]).strip(".")
            # `from nnplay import catalog` names the layer after the import.
            names = [f"{module}.{alias.name}" for alias in node.names] if module == "nnplay" else [module]
        else:
            continue
        for name in names:
            yield name, node not in inside


def layer_of(module: str) -> str:
    """The layer of a module: `nnplay.data.split` is of data, `pages.gradients` of pages."""
    parts = module.split(".")
    return parts[1] if parts[0] == "nnplay" and len(parts) > 1 else parts[0]


def module_of(file: Path) -> str:
    """The name under which a file is imported."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_every_module_has_its_layer() -> None:
    assert LAYERS.index("registry") < LAYERS.index("experiment") < LAYERS.index("ui")
    assert {layer_of(module_of(file)) for file in FILES} <= {*LAYERS, "nnplay"}


@files
def test_fences(file: Path) -> None:
    path = file.relative_to(ROOT).as_posix()
    for module, _ in imports(file):
        allowed = FENCES.get(module.partition(".")[0], ("",))
        assert path.startswith(allowed), f"{path} imports {module}, which only {allowed} may"


@files
def test_layers_look_down(file: Path) -> None:
    own = layer_of(module_of(file))
    if own == "nnplay":
        assert not list(imports(file)), "nnplay itself imports nothing, or else everybody would"
        return
    for module, _ in imports(file):
        if module.partition(".")[0] in ("nnplay", "pages", "app") and module != "nnplay.__version__":
            layer = layer_of(module)
            assert layer in LAYERS, f"{module} is in no layer of nnplay/__init__.py"
            assert LAYERS.index(layer) <= LAYERS.index(own), f"{own} is below {layer}, which it imports"


@files
def test_heavy_imports_wait_until_they_are_needed(file: Path) -> None:
    for module, at_once in imports(file):
        if not at_once:
            continue
        assert module.partition(".")[0] not in LAZY, f"import {module} inside the function that needs it"
        if layer_of(module_of(file)) != "engine" and layer_of(module) == "engine":
            assert module in LIGHT_ENGINE, f"import {module} inside the function that needs it"


def imported_with(modules: list[str]) -> set[str]:
    """What is in `sys.modules`, by first names, after a new process has imported these."""
    code = f"import {', '.join(modules)}, sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return set(done.stdout.split())


def test_the_server_does_without_keras() -> None:
    # Everything but the engine and the pages, which are scripts; absent layers are simply not there.
    server = [
        module
        for module in map(module_of, FILES)
        if module.startswith("nnplay") and layer_of(module) not in ("engine", "__main__")
    ]
    assert {"nnplay.experiment", "nnplay.tensorflow_playground"} <= set(server)
    assert not imported_with([*server, *LIGHT_ENGINE]) & {"tensorflow", "keras"}


@pytest.mark.parametrize("layer", ["experiment", "tensorflow_playground", "jobs"])
def test_what_a_worker_starts_with_is_light(layer: str) -> None:
    if not list(ROOT.glob(f"nnplay/{layer}*")):
        pytest.skip(f"no {layer} yet")
    assert not imported_with([f"nnplay.{layer}"]) & ({*FENCES} | LAZY)
