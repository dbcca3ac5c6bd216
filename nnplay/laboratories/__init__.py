"""The settings of the laboratories: one flat, frozen, validated record a page, to and from a link.

`laboratory` is what they share; each page has its record in a module of its name. `tasks` are what the race
of activations is run on, `shape` reads saturation, kinks and jumps off a measured curve, `size` says how
large a network can be that is measured.
"""

from nnplay.laboratories.activations import ActivationLab
from nnplay.laboratories.compare import CompareLab
from nnplay.laboratories.gradients import GradientLab
from nnplay.laboratories.laboratory import Laboratory, LaboratoryError

__all__ = ["ActivationLab", "CompareLab", "GradientLab", "Laboratory", "LaboratoryError"]
