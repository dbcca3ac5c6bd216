"""The folder in which the workers of a server leave their compiled programs for one another.

What one lane has compiled another reads in two fifths of the time, and so does a worker that replaces a lost
one. The programs are the same to the last bit. The folder is the server's own and goes with it; set
`NNPLAY_PROGRAMS` to a folder to keep it (for one machine and one user: the files are machine code).
"""

import atexit
import os
import shutil
import tempfile
from functools import cache


@cache
def programs_folder() -> str:
    """The folder's path; it is made at the first call."""
    chosen = os.environ.get("NNPLAY_PROGRAMS", "").strip()
    if chosen:
        os.makedirs(chosen, mode=0o700, exist_ok=True)
        return chosen
    made = tempfile.mkdtemp(prefix="nnplay-programs-")
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
