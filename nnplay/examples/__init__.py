"""Examples: the tutorials' models and the classic failures and cures, each with a claim that is measured."""

from nnplay.examples.example import Example, Outcome, Variant, in_words, is_over, variant_of
from nnplay.examples.failures import FAILURES
from nnplay.examples.tutorials import TUTORIALS

# By name, in the order of the gallery.
EXAMPLES: dict[str, Example] = {**TUTORIALS, **FAILURES}

__all__ = [
    "EXAMPLES", "FAILURES", "TUTORIALS", "Example", "Outcome", "Variant", "in_words", "is_over", "variant_of",
]  # fmt: skip
