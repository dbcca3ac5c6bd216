"""A run as something to take away: a Keras script, a notebook, tables, one archive of everything.

`section` a part of a script; `data_code`, `network_code`, `training_code` write its parts, `script` puts them
together; `tables` the data and the history. No Keras here: what is written is text.
"""

from nnplay.export.script import notebook, script
from nnplay.export.section import CannotExport
from nnplay.export.tables import data_csv, history_csv

__all__ = ["CannotExport", "data_csv", "history_csv", "notebook", "script"]
