"""How TensorFlow and Keras are loaded in a worker: quickly, small, on one thread, reproducibly.

Imported before anything that imports Keras.
"""

import contextlib
import ctypes
import os
import sys
from pathlib import Path

from nnplay.engine.banner import without_banner

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
# XLA's newer code generator makes programs some 12 % faster but takes half as long again to compile them
# (3.0 s against 1.9 for 2-8-8-1, TensorFlow 2.21): people wait for the compiler, not for epochs.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_use_fusion_emitters=false")

# Where compiled programs are kept for other workers and read from; "": nowhere. Keeping one costs some 3 % of
# its compilation, reading one saves 60 % of it.
_PROGRAMS = os.environ.get("NNPLAY_PROGRAMS", "")
if _PROGRAMS:
    _KEEP = f"--tf_xla_persistent_cache_directory={_PROGRAMS} --tf_xla_persistent_cache_device_types=CPU"
    os.environ["TF_XLA_FLAGS"] = f"{os.environ.get('TF_XLA_FLAGS', '')} {_KEEP}".strip()
# Some 0.6 MB each.
MOST_PROGRAMS = 300

# Keras imports these if they are there, only to accept their objects as data, which we never pass. Hidden
# while it loads, they save a fifth of the start-up time and 140 MB a worker (measured with Keras 3.15).
_HIDDEN = [name for name in ("pandas", "pyarrow", "scipy", "sklearn") if name not in sys.modules]
sys.modules.update(dict.fromkeys(_HIDDEN))  # type: ignore[arg-type]  # None makes an import fail
try:
    with without_banner():
        import keras
        import tensorflow as tf
finally:
    for _name in _HIDDEN:
        sys.modules.pop(_name, None)

# One worker a core: more threads would only fight, and one thread adds in one order. 0: TensorFlow's choice.
_THREADS = int(os.environ.get("NNPLAY_THREADS", "1"))
# A RuntimeError says that TensorFlow was in use before us (a notebook, a test): its threads stay as they are.
with contextlib.suppress(RuntimeError):
    tf.config.threading.set_intra_op_parallelism_threads(_THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(_THREADS)

# A program is made for every network: TensorFlow takes that for one that is made over and over.
tf.get_logger().addFilter(lambda record: "tf.function retracing" not in record.getMessage())

__all__ = ["give_back_memory", "keras", "tf", "trim_programs"]


def give_back_memory() -> None:
    """Return freed memory to the system; a compilation leaves some 80 MB of it (glibc only)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def trim_programs(most: int = MOST_PROGRAMS) -> None:
    """Remove the oldest of the compiled programs that are kept, down to `most`."""
    if not _PROGRAMS:
        return
    # Another worker may be at it, too.
    with contextlib.suppress(OSError):
        kept = sorted(Path(_PROGRAMS).glob("xla_compile_cache*"), key=lambda path: path.stat().st_mtime)
        for path in kept[: max(0, len(kept) - most)]:
            path.unlink(missing_ok=True)
