"""The notation of gradient clipping: there and back, and what it says when it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnplay.catalog.clipping import CLIPPINGS, MAX_LIMIT, MIN_LIMIT, BadClip, Clip, format_clip, parse_clip

kinds = st.sampled_from([entry.keras for entry in CLIPPINGS.values() if entry.keras])


@given(st.none() | st.builds(Clip, kinds, st.floats(MIN_LIMIT, MAX_LIMIT)))
def test_there_and_back(clip: Clip | None) -> None:
    assert parse_clip(format_clip(clip)) == clip


@given(st.text(max_size=20) | st.from_regex(r"(value|norm|global|none) ?[0-9.e-]{0,8}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        clip = parse_clip(text)
    except BadClip:
        return
    assert parse_clip(format_clip(clip)) == clip


@pytest.mark.parametrize("name", CLIPPINGS)
def test_every_kind_is_read(name: str) -> None:
    text = f"{name}0.5" if CLIPPINGS[name].keras else name
    clip = parse_clip(text)
    assert format_clip(clip) == text and (clip.kind if clip else "") == CLIPPINGS[name].keras


def test_whole_numbers_are_short() -> None:
    assert format_clip(parse_clip("Norm 1.0")) == "norm1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("norm", "Unknown clipping 'norm'. Known: none, valueLIMIT, normLIMIT, globalLIMIT"),
        ("length1", "Unknown clipping"),
        ("none1", "Unknown clipping"),
        ("norm-1", "Unknown clipping"),
        ("normnan", "Unknown clipping"),
        ("norm0", "between 0.0001 and 1000"),
        ("global1001", "between 0.0001 and 1000"),
        ("9" * 5000, "Unknown clipping"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(BadClip, match=message) as refused:
        parse_clip(text)
    assert len(str(refused.value)) < 250
