"""Runs in the background: pieces of training handed to worker processes, in fair turns.

`open_runs()` gives the `Runs` of a server; a page creates a `Run`, tells it to prepare, play, pause, step or
reset, watches it at each tick and reads what has become of it: `status`, `history`, `views`, `speed`. No
Keras and no Streamlit here. Where to look: `run` the record, `runs` who may train, `plan` what comes next,
`results` what a result does, `pace` how large a chunk is, `lanes` the workers and the seam to other
executors, `work` what is run in them, `answers` what is computed once and kept, `history` and `snapshots`
what is kept of a run, `moment` a look at its past, `race` several of them side by side or in step, `repeat`
one over many seeds, `kept` and `compared` what is left of runs to compare, `settings` the limits.
"""

from nnplay.jobs.answers import Answer
from nnplay.jobs.moment import Moment
from nnplay.jobs.run import WORDS, Branch, Change, Run, Status
from nnplay.jobs.runs import Runs, open_runs
from nnplay.jobs.settings import Settings, read_settings

__all__ = [
    "WORDS",
    "Answer",
    "Branch",
    "Change",
    "Moment",
    "Run",
    "Runs",
    "Settings",
    "Status",
    "open_runs",
    "read_settings",
]
