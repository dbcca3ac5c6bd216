"""What a library prints while it is loaded, less the lines that say nothing.

TensorFlow tells twice that oneDNN is on, whatever `TF_CPP_MIN_LOG_LEVEL` says, since its log is set up only
later: in the middle of the progress that a command draws. All else, and whatever comes later, is printed.
"""

import faulthandler
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

NOTHING = (b"All log messages before absl::InitializeLog()", b"oneDNN custom operations are on")


@contextmanager
def without_banner() -> Iterator[None]:
    """Hold back what is written to file descriptor 2 meanwhile, and print it afterwards without the banner.

    Should the process crash meanwhile, its Python traceback is still printed.
    """
    try:
        real = os.dup(2)
    except OSError:
        # Without standard error there is nothing to hold back.
        yield
        return
    watched = faulthandler.is_enabled()
    with tempfile.TemporaryFile() as held:
        sys.stderr.flush()
        os.dup2(held.fileno(), 2)
        if not watched:
            faulthandler.enable(real)
        try:
            yield
        finally:
            if not watched:
                faulthandler.disable()
            with suppress(OSError, ValueError):
                sys.stderr.flush()
            os.dup2(real, 2)
            held.seek(0)
            said = [line for line in held if not any(known in line for known in NOTHING)]
            with suppress(OSError):
                os.write(real, b"".join(said))
            os.close(real)
