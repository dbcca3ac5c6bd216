"""Sweeps: many runs over a grid, or a random sample of it, each with several seeds.

`make_plan` is the door: a base experiment, settings with their values, seeds. `Sweeps` trains a plan's runs
on the lanes of `nnplay.jobs`, program by program, and gives one `Outcome` a run. Where to look: `plan` what
is to be trained, `sweep` what is next and what is done, `sweeps` who trains it and when, `piece` what runs in
a worker, `outcome` results and their table, `command` the command line, `terminal` what it prints.
"""

from nnplay.sweep.outcome import Outcome, summary, table
from nnplay.sweep.plan import MOST_RUNS, Combination, Plan, make_plan, read_over
from nnplay.sweep.sweep import Sweep
from nnplay.sweep.sweeps import Sweeps, open_here

__all__ = [
    "MOST_RUNS",
    "Combination",
    "Outcome",
    "Plan",
    "Sweep",
    "Sweeps",
    "make_plan",
    "open_here",
    "read_over",
    "summary",
    "table",
]
