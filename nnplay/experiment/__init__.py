"""The experiment: one flat, frozen, validated record that describes a run completely.

Everything a person can choose passes through here, whether it comes from a widget, a link, a command line or
a file; the code below trusts it. `make` and `from_pairs` are the doors for what is not trusted, `settle` is
the one that puts right what does not fit together. Low to high: `fields` the settings, each right by itself;
`settings` the same as a table; `draft` what follows from them; `record` the experiment; `repairs` settling;
`links` query strings and JSON as pairs; `replay` links to an epoch; `error` what all of them raise.
"""

from nnplay.experiment.draft import MAX_PARAMETERS
from nnplay.experiment.error import ExperimentError
from nnplay.experiment.links import LINK_VERSION, MAX_LINK_LENGTH, split_address, split_link, unpacked
from nnplay.experiment.record import DEFAULT, Experiment, check_value, from_pairs, make
from nnplay.experiment.repairs import settle, suggestion
from nnplay.experiment.replay import AT, from_pairs_at, link_to
from nnplay.experiment.settings import SETTINGS, Setting

__all__ = [
    "AT", "DEFAULT", "LINK_VERSION", "MAX_LINK_LENGTH", "MAX_PARAMETERS", "SETTINGS", "Experiment",
    "ExperimentError", "Setting", "check_value", "from_pairs", "from_pairs_at",
    "link_to", "make", "settle", "split_address", "split_link", "suggestion", "unpacked",
]  # fmt: skip
