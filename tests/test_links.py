"""Links and JSON: round trips, what a link holds, and what happens to one that cannot be read."""

import json

import pytest
from arbitrary import experiments
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnplay import catalog
from nnplay.experiment import (
    DEFAULT,
    MAX_LINK_LENGTH,
    SETTINGS,
    Experiment,
    ExperimentError,
    from_pairs,
    make,
    split_link,
)

quick = settings(deadline=None, max_examples=150)
ADDRESS = "https://nnplay.example.org/"


@quick
@given(experiments())
def test_links_read_back_exactly(experiment: Experiment) -> None:
    link = experiment.to_link()
    for text in (link, "?" + link, ADDRESS + "?" + link, f" {link}#top\n", link + "&", "&" + link):
        assert Experiment.from_link(text) == experiment
    assert Experiment.from_link(link).to_link() == link
    pairs = split_link(link)
    assert pairs[0] == ("v", "1")
    assert [name for name, _ in pairs[1:]] == list(experiment.differences())
    assert link.isascii() and "%" not in link and " " not in link and len(link) <= MAX_LINK_LENGTH


@quick
@given(experiments())
def test_links_hold_only_what_differs(experiment: Experiment) -> None:
    named = {name for name, _ in split_link(experiment.to_link())}
    differing = {name for name in SETTINGS if getattr(experiment, name) != getattr(DEFAULT, name)}
    assert named == {"v"} | differing


@quick
@given(experiments())
def test_json_reads_back_exactly(experiment: Experiment) -> None:
    assert set(json.loads(experiment.to_json())) == SETTINGS.keys()
    assert Experiment.from_json(experiment.to_json()) == experiment
    assert Experiment.from_json(json.dumps({"v": 1, **experiment.differences()})) == experiment


def test_links_are_readable() -> None:
    experiment = make(
        {"data": "xor", "hidden": "4-2", "learning_rate": 0.03, "nesterov": 1, "label_noise": 0.25}
    )
    assert experiment.to_link() == "v=1&data=xor&label_noise=0.25&hidden=4-2&learning_rate=0.03&nesterov=1"
    assert DEFAULT.to_link() == "v=1"


def test_the_longest_link_is_accepted() -> None:
    longest = max(catalog.ACTIVATIONS, key=len)
    names = "-".join([longest] * 98 + ["elu", "tanh"])
    experiment = make(
        {"hidden": "-".join(["100"] * 100), "activation": names, "features": SETTINGS["features"].choices}
    )
    assert Experiment.from_link(ADDRESS + "?" + experiment.to_link()) == experiment


@pytest.mark.parametrize(
    "text", ["", " ", "?", "&", "&&", "#", "#data=xor", ADDRESS, ADDRESS + "?", "v=1", "?v=1&"]
)
def test_nothing_asked_for_is_the_default(text: str) -> None:
    assert Experiment.from_link(text) == DEFAULT


@pytest.mark.parametrize(
    "text", ["hidden=", "hidden", "hidden=none", "hidden=%6Eone", "clip=&hidden=", "hidden=+"]
)
def test_an_empty_value_may_mean_none(text: str) -> None:
    assert Experiment.from_link(text) == make({"hidden": "none"})


@pytest.mark.parametrize(
    ("text", "setting", "words"),
    [
        ("v=2", "v", "The link is of version '2'; this nnplay reads version 1. Open it with"),
        ("v=", "v", "version ''"),
        ("v=1&v=1", "v", "'v' is given twice, as '1' and '1'. Give it once."),
        ("data=xor&data=circle", "data", "'data' is given twice, as 'xor' and 'circle'. Give it once."),
        ("samples=", "samples", "must be a whole number from 0 to 10000, not ''."),
        ("samples=1+000", "samples", "not '1 000'."),
        ("shuffle", "shuffle", "must be 0 or 1, not ''."),
        ("data", "data", "Unknown dataset ''."),
        ("=xor", "", "Unknown setting ''. Known: data,"),
        ("hello world", "hello world", "Unknown setting 'hello world'."),
        ("data=%zz", "data", "Unknown dataset '%zz'."),
        ("data=%ff%fe", "data", "Unknown dataset '\ufffd\ufffd'."),
        ("data=%00", "data", r"Unknown dataset '\x00'."),
        ("data=%ed%a0%80", "data", "Unknown dataset '\ufffd"),
        ("data=xor=circle", "data", "Unknown dataset 'xor=circle'."),
        ("x" * (MAX_LINK_LENGTH + 1), "", "may have 4,000 characters; this has 4,001. Shorten it."),
        ("a=1&" * 91, "", "may have 90 settings; this has 92. Remove some."),
        ("seed=" + "9" * 3900, "seed", "must be a whole number from 0 to 2147483647, not '999"),
    ],
)  # fmt: skip
def test_bad_links_say_why(text: str, setting: str, words: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_link(text)
    assert words in caught.value.problems[setting]
    assert len(str(caught.value)) < 1000


def test_every_fault_in_a_link_is_named_and_the_rest_kept() -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_link(
            "v=9&data=xor&seed=3&seed=4&samples=many&los=mse&hidden=4-4-4&activation=elu-relu"
        )
    assert set(caught.value.problems) == {"v", "seed", "samples", "los", "activation"}
    assert caught.value.experiment == make({"data": "xor", "seed": 3, "hidden": "4-4-4"})


@quick
@given(st.text() | st.text(alphabet="&=?#%-+.v1dataseedhidden\ud800\0", max_size=30))
@example("\ud800=\udfff")
@example("%" * 100)
def test_any_text_is_a_link_or_our_error(text: str) -> None:
    for read in (Experiment.from_link, Experiment.from_json):
        try:
            read(text)
        except ExperimentError as error:
            assert error.problems


@quick
@given(st.lists(st.tuples(st.sampled_from([*SETTINGS, "v"]), st.text(max_size=10)), max_size=6))
def test_any_pairs_are_an_experiment_or_our_error(pairs: list[tuple[str, str]]) -> None:
    try:
        from_pairs(pairs)
    except ExperimentError as error:
        assert error.problems and isinstance(error.experiment, Experiment)


@pytest.mark.parametrize(
    ("text", "setting", "words"),
    [
        ("", "", "This is not JSON"),
        ("{", "", "This is not JSON"),
        ("[" * 15_000, "", "This is not JSON"),
        ("5", "", "is an object {...} of settings, not '5'."),
        ('[["data", "xor"]]', "", "is an object {...} of settings, not [['data', 'xor']]."),
        ("null", "", "not None."),
        (" " * 20_001, "", "may have 20,000 characters; this has 20,001."),
        ('{"seed": 1, "seed": 2}', "seed", "'seed' is given twice, as '1' and '2'."),
        ('{"seed": ' + "9" * 5000 + "}", "seed", "must be a whole number from 0 to 2147483647, not '999"),
        ('{"learning_rate": NaN}', "learning_rate", "must be a number from 1e-06 to 100, not 'NaN'."),
        ('{"learning_rate": true}', "learning_rate", "not True."),
        ('{"features": {"x1": 1}}', "features", "must be a list of names"),
        ('{"data": "\\ud800"}', "data", r"Unknown dataset '\ud800'."),
        ('{"v": 2}', "v", "version '2'"),
    ],
)
def test_bad_json_says_why(text: str, setting: str, words: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_json(text)
    assert words in caught.value.problems[setting]
