"""Links to an epoch: they read back, and hostile ones are one sentence."""

import pytest
from arbitrary import experiments
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay.experiment import DEFAULT, Experiment, ExperimentError, from_pairs_at, link_to, split_link


@given(experiments(), st.data())
@settings(max_examples=40, deadline=None)
def test_a_link_to_an_epoch_reads_back(experiment: Experiment, data: st.DataObject) -> None:
    epoch = data.draw(st.integers(0, experiment.epochs))
    assert from_pairs_at(split_link(link_to(experiment, epoch))) == (experiment, epoch)


BAD = ["1001", "-1", "1.5", "nan", "", "٣", "1e2", " 5", "9" * 500, "0x10", "%00"]


@pytest.mark.parametrize("text", BAD)
def test_a_bad_epoch_says_what_is_allowed_and_keeps_the_rest(text: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        from_pairs_at([("data", "xor"), ("at", text)])
    assert "from 0 to 1,000" in str(caught.value) and len(str(caught.value)) < 300
    assert caught.value.experiment == DEFAULT.change(data="xor")


def test_it_is_named_together_with_other_faults() -> None:
    with pytest.raises(ExperimentError) as caught:
        from_pairs_at(split_link("data=mons&at=x&at=2"))
    assert set(caught.value.problems) == {"data", "at"} and "2 times" in caught.value.problems["at"]
