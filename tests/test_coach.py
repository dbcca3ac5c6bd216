"""The coach names the fault that was put into an experiment, and is silent on a sound one."""

import pytest

from benchmarks.coach import SOUND, evidence_of, experiments
from nnplay.coach import RULES, advise
from nnplay.coach.rules import MASKS
from nnplay.data import DATASETS
from nnplay.experiment import Experiment, make, settle

# The first experiment of each fault, and the first sound one; the benchmark has all of them.
FIRST: dict[str, dict] = {}
for fault, settings in experiments():
    FIRST.setdefault(fault, settings)
LONG = ("overfitting", "nothing_to_learn")
CASES = [pytest.param(*case, marks=[pytest.mark.slow] if case[0] in LONG else []) for case in FIRST.items()]


@pytest.fixture
def advice(without_xla: None):
    return lambda settings: advise(evidence_of(make(settings)))


def test_every_rule_has_experiments():
    assert set(FIRST) == {*RULES, SOUND}


def test_masks_are_rules():
    assert {name for names in MASKS.values() for name in names} | set(MASKS) <= set(RULES)


@pytest.mark.parametrize(("fault", "settings"), CASES, ids=list(FIRST))
def test_the_first_word_is_the_fault(advice, fault, settings):
    found = advice(settings)
    assert [one.rule for one in found][:1] == ([] if fault == SOUND else [fault])
    for one in found:
        # What the button would do is an experiment, and another one.
        after, _ = settle({**settings, **one.change})
        assert isinstance(after, Experiment) and after != make(settings)
        assert one.sentence.endswith(".") and one.reason.endswith(".") and one.offer


# The first dataset of each kind.
KINDS = {(data.task, data.sequence): name for name, data in reversed(DATASETS.items())}


@pytest.mark.parametrize("name", KINDS.values())
def test_it_looks_at_every_kind_of_data_and_network(name: str, advice):
    hidden = "lstm3-4" if DATASETS[name].sequence else "4"
    # With dropout the program is not compiled by XLA: seconds less.
    for found in advice({"data": name, "hidden": hidden, "epochs": 12, "samples": 40, "dropout": 0.1}):
        assert found.rule in RULES and found.sentence.endswith(".") and found.reason.endswith(".")
        make({**make({"data": name, "hidden": hidden}).model_dump(), **found.change})


@pytest.mark.parametrize("rate", [pytest.param(1e-4, marks=pytest.mark.slow), 0.03])
def test_it_looks_at_networks_whose_layers_are_not_all_dense(rate: float, advice):
    hidden = "conv3k3-pool2-rows-4-attention1h-bilstm2-flatten-3"
    settings = {"data": "digits", "hidden": hidden, "epochs": 12, "samples": 60, "learning_rate": rate}
    for found in advice({**settings, "activation": "relu-tanh-tanh-tanh"} if rate > 1e-3 else settings):
        assert found.rule in RULES and found.sentence.endswith(".")
        settle({**make(settings).model_dump(), **found.change})
