"""Runs scripts where only TensorFlow, Keras, NumPy and scikit-learn can be imported. As a program.

Scripts as a JSON list on the standard input; what each printed, or its error, as a JSON list on the output.
Start it with `python -I` in another folder than this project's, so that nnplay is not on the path. On top of
it a finder refuses every installed package that these four do not need: the environment is as good as one
where nothing else is installed. All run in one process, since TensorFlow takes seconds to import.
"""

import contextlib
import importlib
import io
import json
import os
import re
import sys
import traceback
from importlib import metadata

WANTED = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "scikit-learn")


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
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


class Refusal:
    """A finder that comes first and knows what may not be imported."""

    def __init__(self) -> None:
        allowed = needed()
        owners = metadata.packages_distributions()
        self.refused = {
            package for package, names in owners.items() if not any(plain(name) in allowed for name in names)
        } | {"nnplay", "streamlit", "plotly", "pandas", "pydantic", "loky"}

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name.partition(".")[0] in self.refused:
            raise ModuleNotFoundError(f"No module named {name!r} (refused)", name=name)


def run(text: str) -> str:
    """What the script prints; its traceback if it fails."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(text, "script.py", "exec"), {"__name__": "__main__"})
    except BaseException:
        return said.getvalue() + traceback.format_exc()
    return said.getvalue()


if __name__ == "__main__":
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    sys.meta_path.insert(0, Refusal())
    try:
        importlib.import_module("nnplay")
        sys.exit("nnplay can be imported here.")
    except ModuleNotFoundError:
        pass
    import tensorflow as tf

    # Keras then leaves XLA alone, whose compiler would take most of the time.
    tf.config.experimental.enable_op_determinism()
    print(json.dumps([run(text) for text in json.load(sys.stdin)]))
