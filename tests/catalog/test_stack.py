"""Shapes from layer to layer, and what is refused."""

import pytest

from nnplay.catalog import BadStack, parse_layers, stack

SEQUENCE = (20, 3)


def shapes(text: str, inputs: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [stage.made for stage in stack(parse_layers(text), inputs)]


@pytest.mark.parametrize(
    ("text", "inputs", "made"),
    [
        ("none", (2,), []),
        ("8-4", (2,), [(8,), (4,)]),
        ("8-4", SEQUENCE, [(8,), (4,)]),
        ("rnn8", SEQUENCE, [(8,)]),
        ("rnn8-lstm4-gru2", SEQUENCE, [(20, 8), (20, 4), (2,)]),
        ("rnn8-lstm4-6-5", SEQUENCE, [(20, 8), (4,), (6,), (5,)]),
    ],
)
def test_shapes(text: str, inputs: tuple[int, ...], made: list[tuple[int, ...]]) -> None:
    assert shapes(text, inputs) == made
    stages = stack(parse_layers(text), inputs)
    assert [stage.given for stage in stages] == [inputs, *made][: len(stages)]


@pytest.mark.parametrize(
    ("text", "inputs", "place", "words"),
    [
        ("rnn8", (2,), 1, "'rnn8', takes a sequence (steps, inputs), but the data give 2 numbers."),
        ("8-lstm4", SEQUENCE, 2, "but '8' gives 8 numbers. Put the recurrent layers first: 'lstm4-8'."),
        (
            "rnn3-1-gru2",
            SEQUENCE,
            3,
            "but '1' gives 1 number. Put the recurrent layers first: 'rnn3-gru2-1'.",
        ),
    ],
)
def test_refusals(text: str, inputs: tuple[int, ...], place: int, words: str) -> None:
    with pytest.raises(BadStack) as refused:
        shapes(text, inputs)
    assert refused.value.place == place and words in str(refused.value)
