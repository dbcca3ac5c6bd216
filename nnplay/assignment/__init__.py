"""Assignments: what a teacher's link adds to an experiment, so that others find a task and fewer controls.

`record` what it is; `goal` what is to be reached, on measured numbers; `text` which Markdown it may hold;
`link` how it is written into a link, and `opening` the one door for what a link brings.
"""

from nnplay.assignment.goal import COMPARISONS, MEASURES, Condition, Measure, fitting, reached
from nnplay.assignment.link import Opening, checksum, link_with, opening
from nnplay.assignment.record import CONTROLS, WEIGHTS, Assignment, faults

__all__ = [
    "COMPARISONS", "CONTROLS", "MEASURES", "WEIGHTS", "Assignment", "Condition", "Measure", "Opening",
    "checksum", "faults", "fitting", "link_with", "opening", "reached",
]  # fmt: skip
