"""The coach: why a network is not learning, from the measured numbers alone."""

from nnplay.coach.advice import Advice
from nnplay.coach.evidence import Evidence
from nnplay.coach.rules import RULES, advise

__all__ = ["RULES", "Advice", "Evidence", "advise"]
