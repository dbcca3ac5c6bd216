"""Looking a name up: what is found, and what is said of a name that is not there."""

import pytest

from nnplay.registry import UnknownName, look_up

FRUIT = {"apple": 1, "banana": 2, "cherry": None}


def test_a_known_name_gives_its_entry() -> None:
    assert [look_up(FRUIT, name, "fruit") for name in FRUIT] == [1, 2, None]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("aple", "Unknown fruit 'aple'. Did you mean 'apple'? Known: apple, banana, cherry."),
        ("BANANA", "Unknown fruit 'BANANA'. Did you mean 'banana'? Known: apple, banana, cherry."),
        ("x", "Unknown fruit 'x'. Known: apple, banana, cherry."),
        ("", "Unknown fruit ''. Known: apple, banana, cherry."),
        ("\0\ud800\n", r"Unknown fruit '\x00\ud800\n'. Known: apple, banana, cherry."),
        ("apple" * 1000, f"Unknown fruit {('apple' * 8)!r}. Known: apple, banana, cherry."),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(name: str, message: str) -> None:
    with pytest.raises(UnknownName) as caught:
        look_up(FRUIT, name, "fruit")
    assert str(caught.value) == message
    assert isinstance(caught.value, ValueError)


def test_an_empty_registry_knows_nothing() -> None:
    with pytest.raises(UnknownName, match="Unknown fruit 'apple'"):
        look_up({}, "apple", "fruit")
