"""A visitor's own data in experiments, links, workers and on the page; they are gone with the visit."""

import gc

import cloudpickle
import numpy as np
import pytest
from visits import address, opened, press, until, words, workers  # noqa: F401

from nnplay.data import find, hold, is_own
from nnplay.data.own import columns_of, guess, make, read_text
from nnplay.experiment import ExperimentError, from_pairs, split_link
from nnplay.experiment import make as experiment_of
from nnplay.registry import UnknownName
from nnplay.ui import session

ROWS = [(k % 7, k % 5) for k in range(60)]
TABLE = "a,b,kind\n" + "".join(f"{a},{b},{'low' if a + b < 5 else 'high'}\n" for a, b in ROWS)


def own_experiment(**more):
    columns = columns_of(read_text(TABLE))
    dataset = hold(make(columns, guess(columns), "mine").dataset)
    return experiment_of({"data": dataset.name, "hidden": "3", **more})


def test_links_hold_neither_the_data_nor_their_name() -> None:
    experiment = own_experiment()
    link = experiment.to_link()
    assert experiment.data.partition("-")[2] not in link and "data=own" in link
    for text in (link, f"data={experiment.data}"):
        with pytest.raises(ExperimentError, match="somebody's own data"):
            from_pairs(split_link(text))


def test_they_travel_with_the_experiment() -> None:
    experiment = own_experiment(label_noise=0.2, samples=40)
    there = cloudpickle.loads(cloudpickle.dumps(experiment))
    assert there == experiment and there.dataset is experiment.dataset
    assert there.load_data() is experiment.load_data()


def test_they_are_gone_when_nobody_holds_them() -> None:
    experiment = own_experiment()
    name, packed = experiment.data, cloudpickle.dumps(experiment)
    x = experiment.load_data().x_train.copy()
    del experiment
    gc.collect()
    with pytest.raises(UnknownName):
        find(name)
    # As in a worker, which has never heard of them.
    np.testing.assert_array_equal(cloudpickle.loads(packed).load_data().x_train, x)


def test_pasted_data_are_learned_and_stay_out_of_the_address() -> None:
    at = opened("data=circle&epochs=3")
    at.button(key="own_data_button").click().run()
    at.segmented_control(key="own_source").set_value("paste").run()
    at.text_area(key="own_paste").set_value("a,b\n1,2\n1").run()
    assert not at.exception and "Row 3 has 1 cell" in words(at)
    at.text_area(key="own_paste").set_value(TABLE).run()
    assert not at.exception and at.button(key="own_use")
    press(at, "own_use")
    at.run()
    draft = at.session_state[session.DRAFT]
    assert is_own(draft.data) and draft.dataset.label == "Your data: pasted"
    assert address(at)["data"] == "own"
    press(at, "play")
    until(at, lambda: session.runs().get(at.session_state[session.RUN]).epoch == 3)
