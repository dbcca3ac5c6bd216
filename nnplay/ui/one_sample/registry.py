"""All views of one sample, in the order of the chooser."""

from nnplay.experiment import Experiment
from nnplay.ui.one_sample.pictures import FILTERS, MAPS, OCCLUSION
from nnplay.ui.one_sample.sequences import ATTENDED, STEPS
from nnplay.ui.one_sample.view import SampleView

SAMPLE_VIEWS: dict[str, SampleView] = {
    "maps": MAPS,
    "attention": ATTENDED,
    "steps": STEPS,
    "filters": FILTERS,
    "occlusion": OCCLUSION,
}


def fitting(experiment: Experiment) -> dict[str, SampleView]:
    """The views that fit this experiment; there may be none."""
    return {name: view for name, view in SAMPLE_VIEWS.items() if view.fits(experiment)}
