"""Arrays to learn from: `DATASETS` and `FEATURES` list them, `load` makes, splits and encodes them."""

from nnplay.data.dataset import Dataset, class_count, target_names, task_of
from nnplay.data.datasets import DATASETS, OWN, find, hold, is_own
from nnplay.data.downloads import STAND_IN, NotHere, fetch, is_downloaded, is_here, megabytes
from nnplay.data.encoder import Encoder
from nnplay.data.features import FEATURES, Feature, available, features_for, input_names
from nnplay.data.split import USUAL_STEPS, Split, load
from nnplay.data.targets import ENCODINGS, encode_targets

__all__ = [
    "DATASETS",
    "ENCODINGS",
    "FEATURES",
    "OWN",
    "STAND_IN",
    "USUAL_STEPS",
    "Dataset",
    "Encoder",
    "Feature",
    "NotHere",
    "Split",
    "available",
    "class_count",
    "encode_targets",
    "features_for",
    "fetch",
    "find",
    "hold",
    "input_names",
    "is_downloaded",
    "is_here",
    "is_own",
    "load",
    "megabytes",
    "target_names",
    "task_of",
]
