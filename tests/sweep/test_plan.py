"""Plans: whatever is given, either a list of valid experiments, or sentences that say what was wrong."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from nnplay.experiment import DEFAULT, SETTINGS, Experiment, ExperimentError, make
from nnplay.sweep import MOST_RUNS, Plan, make_plan, read_over
from nnplay.sweep.ranges import read_range


def values_of(name: str):
    """Some values that a setting may have by itself."""
    setting = SETTINGS[name]
    if setting.choices:
        return st.sampled_from(setting.choices)
    if setting.low is not None and setting.high is not None:
        if setting.whole:
            return st.integers(int(setting.low), int(setting.high))
        return st.floats(setting.low, setting.high, allow_nan=False).map(abs)
    if setting.whole is None:
        return st.sampled_from(["0", "1"])
    return st.sampled_from(
        {"hidden": ["8-8", "4", "lstm8", "16:dropout0.2"], "clip": ["none", "norm1"]}[name]
    )


VARIED = [name for name in SETTINGS if name not in ("seed", "epochs", "samples", "data")]
OVERS = st.lists(st.sampled_from(VARIED), max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {name: st.lists(values_of(name), min_size=1, max_size=3, unique_by=str) for name in names}
    )
)


@settings(max_examples=40, deadline=None)
@given(OVERS, st.integers(1, 4), st.integers(0, 5))
def test_a_plan_has_each_choice_once_with_each_seed(over, seeds, sample):
    plan = make_plan(DEFAULT, over, seeds=seeds, sample=sample)
    grid = list(product(*plan.over.values()))
    chosen = [tuple(combination.values.values()) for combination in plan.combinations]
    assert len(set(chosen)) == len(chosen) == plan.taken
    # In the order of the grid, and all of it unless a sample was asked for.
    assert [choice for choice in grid if choice in set(chosen)] == chosen
    assert plan.runs == len(chosen) * seeds
    for combination in plan.combinations:
        given = {**DEFAULT.model_dump(), **combination.values}
        try:
            assert make(given) == combination.experiment and not combination.refusal
        except ExperimentError as error:
            assert combination.experiment is None
            assert combination.refusal == " ".join(error.problems.values())
    trials = {trial.number: trial for trial in plan.trials}
    assert set(trials) <= set(range(1, plan.runs + 1)) and len(trials) == len(plan.trials)
    for trial in plan.trials:
        assert Experiment.from_json(trial.experiment.to_json()) == trial.experiment
        assert trial.experiment.change(seed=DEFAULT.seed) == trial.combination.experiment
        assert trial.experiment.program_key() == trial.combination.experiment.program_key()
    assert plan.combinations == make_plan(DEFAULT, over, seeds=seeds, sample=sample).combinations


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=12) | st.sampled_from(list(SETTINGS)),
        st.lists(
            st.text(max_size=8) | st.from_regex(r"[0-9.]{0,4}\.\.[0-9.]{0,4}:?[0-9]{0,3}", fullmatch=True)
        ),
        max_size=4,
    ),
    st.text(max_size=5),
    st.text(max_size=5),
)
def test_whatever_is_given_is_a_plan_or_a_sentence(over, seeds, sample):
    try:
        assert isinstance(make_plan(DEFAULT, over, seeds=seeds, sample=sample), Plan)
    except ExperimentError as error:
        assert error.problems and all(text.endswith(".") for text in error.problems.values())


def test_seeds_follow_the_base_and_start_again_after_the_last():
    plan = make_plan(DEFAULT.change(seed=2**31 - 2), {}, seeds=3)
    assert [trial.experiment.seed for trial in plan.trials] == [2**31 - 2, 2**31 - 1, 0]


BAD = [
    (dict(over={"colour": ["red"]}), "colour", "Unknown setting 'colour'"),
    (dict(over={"activation": ["rely"]}), "activation", "Did you mean 'relu'"),
    (dict(over={"learning_rate": ["0.1", "fast"]}), "learning_rate", "from 1e-06 to 100, not 'fast'"),
    (dict(over={"hidden": ["8-8", "8--8"]}), "hidden", "Unknown hidden layer"),
    (dict(over={"activation": []}), "activation", "no values"),
    (dict(over={"hidden": ["8", "8"]}), "hidden", "twice"),
    (dict(over={"learning_rate": ["0.1", ".10"]}), "learning_rate", "the value '0.1' twice"),
    (dict(over={"batch_size": range(101)}), "batch_size", "may have 100 values"),
    (dict(over={}, seeds=0), "seeds", "from 1 to 1,000, not 0"),
    (dict(over={}, seeds="٣"), "seeds", "whole number"),
    (dict(over={}, sample="-1"), "sample", "whole number from 0"),
    (dict(over={"seed": [1, 2]}, seeds=2), "seeds", "given twice"),
    (dict(over={"batch_size": range(1, 101), "learning_rate": range(1, 101)}), "", "are 10,000"),
    (dict(over={name: ["1"] for name in list(SETTINGS)[:9]}), "", "may go over 8 settings"),
    (dict(over={"learning_rate": ["0.1..0.001"]}), "learning_rate", "smaller end first: 0.001..0.1"),
    (dict(over={"learning_rate": ["0.1..0.1"]}), "learning_rate", "one number only"),
    (dict(over={"batch_size": ["0..10"]}, sample=3), "batch_size", "cannot begin at 0"),
    (dict(over={"learning_rate": ["0.1..1000:3"]}), "learning_rate", "from 1e-06 to 100, not '1000'"),
    (dict(over={"learning_rate": ["0.1..slow"]}), "learning_rate", "from 1e-06 to 100, not 'slow'"),
    (dict(over={"learning_rate": ["0.1.."]}), "learning_rate", "a range is written 0.001..0.1"),
    (dict(over={"batch_size": ["1..10:"]}), "batch_size", "10..100:5 for 5 steps"),
    (dict(over={"batch_size": ["1..10:1"]}), "batch_size", "from 2 to 100 steps, not '1'"),
    (dict(over={"batch_size": ["1.5..10"]}), "batch_size", "a whole number from 0 to 1024, not '1.5'"),
    (dict(over={"activation": ["relu..tanh"]}), "activation", "has names for values and no ranges"),
    (dict(over={"hidden": ["4..8"]}), "hidden", "has texts for values and no ranges"),
    (dict(over={"shuffle": ["0..1"]}), "shuffle", "has 0 and 1 for values"),
    (dict(over={"learning_rate": ["0.1..1"]}), "sample", "how many steps it has"),
    (dict(over={"learning_rate": ["0.1..1", "2"]}, sample=3), "learning_rate", "other values beside it"),
    (dict(over={"learning_rate": ["0.1..1"]}, sample=1000, seeds=10), "", "seeds are 10,000"),
    (dict(over={"epochs": [100_000]}, seeds=1000, most=1000), None, None),
    (dict(over={"epochs": [100_000, 99_999]}, seeds=1000), "epochs", "100,000,000 epochs"),
]


@pytest.mark.parametrize("given_, name, text", BAD, ids=[str(place) for place in range(len(BAD))])
def test_what_was_wrong_is_said(given_, name, text):
    if name is None:
        make_plan(DEFAULT, **given_)
        return
    with pytest.raises(ExperimentError) as found:
        make_plan(DEFAULT, **given_)
    assert text in found.value.problems[name]


def test_a_sample_of_a_huge_grid_is_drawn_without_making_the_grid():
    over = {
        name: range(1, 101)
        for name in ("batch_size", "patience", "learning_rate", "samples", "seed", "epochs")
    }
    plan = make_plan(DEFAULT, over, sample=20)
    assert plan.choices == 100**6 and plan.runs == len(set(map(str, plan.combinations))) == 20
    with pytest.raises(ExperimentError, match="5,000 runs"):
        make_plan(DEFAULT, over)
    assert MOST_RUNS == 5000


def test_a_range_in_steps_is_even_in_the_logarithm_where_ratios_matter():
    over = {"learning_rate": ["0.001..0.1:5"], "momentum": ["0.5..0.9:3"], "batch_size": ["0", "1..4:9"]}
    plan = make_plan(DEFAULT, over)
    assert plan.over["learning_rate"] == (0.001, 0.003162, 0.01, 0.03162, 0.1)
    assert plan.over["momentum"] == (0.5, 0.7, 0.9)
    # Whole numbers once each, and what no range can hold beside them.
    assert plan.over["batch_size"] == (0, 1, 2, 3, 4) and plan.runs == 5 * 3 * 5
    span = read_range("learning_rate", "0.00123456..0.1:2", 9)
    assert span.grid() == [0.00123456, 0.1], "rounding leaves the ends where they are"


@pytest.mark.parametrize(
    ("name", "text", "parts"),
    [
        ("epochs", "1..2", [(1, 1), (2, 2)]),
        ("epochs", "1..3", [(1, 1), (2, 2), (3, 3)]),
        ("seed", "3..7", [(3, 3), (4, 4), (5, 5), (6, 6), (7, 7)]),
        # One more than there are parts: the last one has two.
        ("seed", "3..8", [(3, 3), (4, 4), (5, 5), (6, 6), (7, 8)]),
        ("seed", "1..10", [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]),
        ("epochs", "1..6", [(1, 1), (2, 2), (3, 3), (4, 6)]),
        ("batch_size", "1..64", [(1, 1), (2, 4), (5, 11), (12, 27), (28, 64)]),
        ("dropout", "0..0.5", [(0, 0.1), (0.1, 0.2), (0.2, 0.3), (0.3, 0.4), (0.4, 0.5)]),
        ("learning_rate", "0.10001..0.10002", [(0.10001, 0.10002)]),
    ],
)
def test_a_range_has_parts_of_which_none_is_empty_and_no_whole_number_is_in_two(name, text, parts):
    assert read_range(name, text, 9).parts(5) == parts


def test_a_range_is_drawn_from_evenly_and_the_same_with_the_same_seed():
    over = {"learning_rate": ["0.001..0.1"], "dropout": ["0..0.5"], "batch_size": ["1..64"], "seed": ["1..9"]}
    over["activation"] = ["tanh", "relu"]
    plan = make_plan(DEFAULT, over, sample=400)
    drawn = {name: [choice.values[name] for choice in plan.combinations] for name in over}
    assert plan.runs == plan.taken == len(plan.trials) == len(set(plan.drawn)) == 400
    # Kolmogorov and Smirnov: evenly in the logarithm, and evenly.
    assert kstest(np.log10(drawn["learning_rate"]), "uniform", args=(-3, 2)).pvalue > 0.01
    assert kstest(drawn["dropout"], "uniform", args=(0, 0.5)).pvalue > 0.01
    assert {type(size) for size in drawn["batch_size"]} == {int} and 4 < np.median(drawn["batch_size"]) < 16
    assert set(drawn["seed"]) == set(range(1, 10)) and set(drawn["activation"]) == {"tanh", "relu"}
    assert plan.combinations == make_plan(DEFAULT, over, sample=400).combinations
    assert plan.drawn != make_plan(DEFAULT.change(seed=2), over, sample=400).drawn
    # What occurs is what tables and figures go by.
    assert plan.over["dropout"] == tuple(sorted(set(drawn["dropout"])))
    # Three whole numbers are no more than three choices.
    assert make_plan(DEFAULT, {"batch_size": ["7..9"]}, sample=50).runs == 3


def test_the_notation_of_the_command_line():
    assert read_over("hidden= 8-8, 4") == ("hidden", ["8-8", "4"])
    for text in ("hidden", "=8", ""):
        with pytest.raises(ExperimentError, match="KEY=VALUE"):
            read_over(text)
