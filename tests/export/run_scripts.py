"""Runs scripts, as a program, in an environment where only TensorFlow, Keras, NumPy and scikit-learn are.

Scripts as a JSON list on the standard input; what each printed, or its error, as a JSON list on the output.
All run in one process, since TensorFlow takes seconds to import.
"""

import contextlib
import importlib.util
import io
import json
import os
import sys
import traceback

ABSENT = ("nnplay", "streamlit", "plotly", "pandas", "pydantic", "loky", "pytest", "hypothesis")


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
    if found := [name for name in ABSENT if importlib.util.find_spec(name)]:
        sys.exit(f"This is no environment of its own: there is {', '.join(found)}.")
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    import tensorflow as tf

    # Keras then leaves XLA alone, whose compiler would take most of the time.
    tf.config.experimental.enable_op_determinism()
    print(json.dumps([run(text) for text in json.load(sys.stdin)]))
