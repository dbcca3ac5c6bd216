"""An environment of its own for exported scripts: Python, and what four packages need, linked from here."""

import re
import venv
from importlib import metadata
from pathlib import Path

WANTED = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scikit-learn")


def make_environment(folder: Path) -> Path:
    """A fresh virtual environment without pip, in which WANTED and what they need are installed, as links.

    Returns its Python. Nothing is downloaded or copied; what is not linked cannot be imported there.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in needed():
        for file in metadata.distribution(name).files or []:
            top = Path(file.parts[0])
            if top.name == ".." or top.name == "__pycache__" or (packages / top).exists():
                continue
            (packages / top).symlink_to(Path(str(metadata.distribution(name).locate_file(top))).resolve())
    return folder / "bin" / "python"


def needed() -> set[str]:
    """The names of the distributions wanted, and of all that they need themselves."""
    found: set[str] = set()
    waiting = [plain(name) for name in WANTED]
    while waiting:
        name = waiting.pop()
        try:
            requirements = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        if name not in found:
            found.add(name)
            # Extras are not installed.
            waiting += [plain(text) for text in requirements if "extra ==" not in text]
    return found


def plain(requirement: str) -> str:
    """The name in a requirement, as package indexes normalise it."""
    found = re.match(r"[\w.-]+", requirement)
    assert found
    return re.sub(r"[-_.]+", "-", found[0]).lower()
