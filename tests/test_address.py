"""Whose wish an address is: a person's, or the page's own that comes back late."""

from types import SimpleNamespace
from typing import Any

import pytest

from nnplay.ui import address


class Bar(dict):
    """The address bar, as a script run sees it."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]]

    def from_dict(self, values: dict[str, str]) -> None:
        self.clear()
        self.update(values)


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> Bar:
    found = Bar()
    monkeypatch.setattr(address, "st", SimpleNamespace(session_state={}, query_params=found))
    return found


def comes(bar: Bar, **values: Any) -> Any:
    """A message from the browser, with its address."""
    bar.from_dict(values)
    return address.arrived("page")


def test_the_first_address_and_each_new_one_are_wishes(bar: Bar) -> None:
    assert comes(bar) == []
    assert comes(bar, hidden="8") == [("hidden", "8")]
    assert comes(bar, hidden="8") is None
    assert comes(bar, hidden="4") == [("hidden", "4")]
    # The browser's "back".
    assert comes(bar, hidden="8") == [("hidden", "8")]


def test_an_address_from_before_what_was_written_is_none(bar: Bar) -> None:
    comes(bar, hidden="4-2")
    address.write("page", [("hidden", "4-2-2")])
    # A tick that was on its way, twice; then the browser has it.
    assert comes(bar, hidden="4-2") is None
    assert comes(bar, hidden="4-2") is None
    assert comes(bar, hidden="4-2-2") is None
    assert comes(bar, hidden="4-2") == [("hidden", "4-2")]


def test_the_browser_may_pass_through_all_that_was_written_or_skip_some(bar: Bar) -> None:
    comes(bar, hidden="1")
    for hidden in ("2", "3", "4"):
        address.write("page", [("hidden", hidden)])
    assert comes(bar, hidden="2") is None
    assert comes(bar, hidden="4") is None
    assert comes(bar, hidden="3") == [("hidden", "3")]


def test_a_return_without_a_query_is_no_wish_and_pages_do_not_mix(bar: Bar) -> None:
    comes(bar, hidden="4")
    assert comes(bar) is None
    address.write("page", [("hidden", "4")])
    assert comes(bar, hidden="4") is None
    bar.from_dict({"part": "race"})
    assert address.arrived("other") == [("part", "race")]


def test_what_is_there_is_not_written_again(bar: Bar) -> None:
    comes(bar, hidden="4")
    address.write("page", [("hidden", "4")])
    assert comes(bar, hidden="5") == [("hidden", "5")]
