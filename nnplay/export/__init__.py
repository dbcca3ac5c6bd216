"""A run as something to take away: a Keras script, a notebook, tables, one archive of everything.

`section` a part of a script; `data_code`, `network_code`, `training_code` write its parts, `script` puts them
together; `tables` the data and the history; `animation` training as a film; `archive` files in one zip, and
the way back; `everything` what goes into it. No Keras here: what is written is text.
"""

from nnplay.export.animation import animation
from nnplay.export.archive import BadArchive, Opened, read_archive, write_archive
from nnplay.export.data_code import DATA_FILE, reads_file
from nnplay.export.everything import changes_until, everything
from nnplay.export.script import notebook, script
from nnplay.export.section import CannotExport
from nnplay.export.tables import data_csv, history_csv

__all__ = [
    "DATA_FILE",
    "BadArchive",
    "CannotExport",
    "Opened",
    "animation",
    "changes_until",
    "data_csv",
    "everything",
    "history_csv",
    "notebook",
    "read_archive",
    "reads_file",
    "script",
    "write_archive",
]
