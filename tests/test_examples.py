"""Every example of the gallery: its settings, its words, its picture, and a claim that can fail."""

import numpy as np
import pytest

from nnplay.data import is_downloaded
from nnplay.engine.fit import run
from nnplay.examples import EXAMPLES, TUTORIALS, Outcome, Variant, in_words, is_over, variant_of
from nnplay.examples.measured import all_measured
from nnplay.experiment import Experiment
from nnplay.ui.gallery import draw

VARIANTS = {
    f"{name}: {one.label}": one
    for name, example in EXAMPLES.items()
    for one in example.variants
    # Those are about the real pictures, which no test downloads.
    if not is_downloaded(one.experiment.data)
}
# Images and sequences train for some seconds to minutes; of the others the first variant is no slow test.
IMAGES = 2
FIRST = [example.variants[0] for example in EXAMPLES.values()]
SLOW = {
    key
    for key, one in VARIANTS.items()
    if one.experiment.recurrent or len(one.experiment.dataset.layout) >= IMAGES or one not in FIRST
}
every_variant = pytest.mark.parametrize(
    "key", [pytest.param(key, marks=[pytest.mark.slow] if key in SLOW else []) for key in VARIANTS]
)


@pytest.fixture
def outcome(key: str, request: pytest.FixtureRequest):
    """What an experiment measures."""
    if not VARIANTS[key].experiment.recurrent:
        # Of recurrent networks alone a plain graph takes longer than XLA's compiler.
        request.getfixturevalue("without_xla")

    def train(experiment: Experiment) -> Outcome:
        results, _ = run(experiment)
        rows = np.concatenate([result.rows.values for result in results])
        return Outcome(experiment, results[0].rows.names, rows, results[-1].stopped)

    return train


def test_nothing_needs_a_download_at_first():
    assert not any(is_downloaded(example.variants[0].experiment.data) for example in EXAMPLES.values())


@every_variant
def test_the_claim_holds_on_the_trained_model_and_not_before_it_learned(key: str, outcome):
    variant = VARIANTS[key]
    end = outcome(variant.experiment)
    assert is_over(variant, end)
    assert variant.holds(end), in_words(variant, end)
    words = in_words(variant, end)
    assert words.endswith(".") and "{" not in words
    # A claim of learning fails on what a constant answer measures; one of failure is about more than that.
    still = {"val_accuracy": 1 / max(2, end.experiment.classes), "accuracy": 0.5, "val_r2": 0.0, "r2": 0.0}
    nothing = end.values.copy()
    for place, name in enumerate(end.names):
        if name in still:
            nothing[:, place] = still[name]
        if name in ("loss", "val_loss"):
            nothing[:, place] = 0.5
    claims_learning = end.tested > 0.8
    if claims_learning:
        assert not variant.holds(Outcome(end.experiment, end.names, nothing))


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_variant_is_found_from_its_link_whatever_the_seed(name: str):
    example = EXAMPLES[name]
    experiments = [variant.experiment for variant in example.variants]
    assert len(set(experiments)) == len(experiments)
    for variant in example.variants:
        again = Experiment.from_link(variant.experiment.to_link())
        assert again == variant.experiment
        assert variant_of(example, again.change(seed=77, epochs=again.epochs + 5)) is variant
        assert variant_of(example, again.change(epochs=1)) is not variant
        assert variant_of(example, again.change(learning_rate=0.0123)) is None


def test_the_beginning_of_a_run_is_not_judged():
    for variant in VARIANTS.values():
        names = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy")
        assert not is_over(variant, Outcome(variant.experiment, names, np.zeros((0, 5), np.float32)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_its_card_shows_what_was_measured_of_it(name: str):
    example, measured = EXAMPLES[name], all_measured()[name]
    assert measured.link == example.variants[0].experiment.to_link(), "run docs/make_gallery.py again"
    assert measured.holds
    light, dark = (draw(example, measured, dark=theme) for theme in (False, True))
    assert light.startswith("<svg ") and light != dark and len(light) < 12_000


def test_nothing_is_kept_of_examples_that_are_no_more():
    assert set(all_measured()) == set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_words_are_sentences(name: str):
    example = EXAMPLES[name]
    texts = [example.text, example.look, example.attempt, *filter(None, [example.written])]
    for text in texts:
        assert text[0].isupper() or text[0].isdigit(), text
        assert text.endswith((".", "?")), text
    for variant in example.variants:
        assert variant.claim.endswith("."), variant.claim
    assert not example.title.endswith(".") and len(example.title) <= 34, "a card has room for so much"
    assert bool(example.chinese) == (name in TUTORIALS) == bool(example.source)


def judged(variant: Variant, **last: float) -> bool:
    """What is said of a run whose last epoch measured this."""
    names = ("epoch", *last)
    row = [variant.experiment.epochs, *last.values()]
    return variant.holds(Outcome(variant.experiment, names, np.array([row], np.float32)))


def test_a_claim_fails_where_the_run_does_not_bear_it_out():
    assert judged(EXAMPLES["linear"].variants[0], val_accuracy=0.6)
    assert not judged(EXAMPLES["linear"].variants[0], val_accuracy=0.99)
    assert judged(EXAMPLES["t4"].variants[0], val_accuracy=0.5)
    assert not judged(EXAMPLES["t4"].variants[0], val_accuracy=0.8)
    assert not judged(EXAMPLES["t2"].variants[0], loss=0.1)
    assert not judged(EXAMPLES["diverges"].variants[0], loss=0.1)
