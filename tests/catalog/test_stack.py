"""Shapes from layer to layer, and what is refused."""

import pytest

from nnplay.catalog import BadStack, parse_layers, stack

SEQUENCE = (20, 3)


def shapes(text: str, inputs: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [stage.made for stage in stack(parse_layers(text), inputs)]


def refusal(text: str, inputs: tuple[int, ...]) -> BadStack:
    with pytest.raises(BadStack) as refused:
        shapes(text, inputs)
    return refused.value


@pytest.mark.parametrize(
    ("text", "inputs", "made"),
    [
        ("none", (2,), []),
        ("8-4", (2,), [(8,), (4,)]),
        ("8-4", SEQUENCE, [(8,), (4,)]),
        ("rnn8", SEQUENCE, [(8,)]),
        ("rnn8-lstm4-gru2", SEQUENCE, [(20, 8), (20, 4), (2,)]),
        ("rnn8-lstm4-6-5", SEQUENCE, [(20, 8), (4,), (6,), (5,)]),
        # Dense at every step, since a later layer takes a sequence.
        ("8-dropout0.1-lstm4-3", SEQUENCE, [(20, 8), (20, 8), (4,), (3,)]),
        ("6-6", SEQUENCE, [(6,), (6,)]),
        ("8-flatten-3", SEQUENCE, [(20, 8), (160,), (3,)]),
        ("conv4k3s2-pool2-bilstm5", SEQUENCE, [(9, 4), (4, 4), (10,)]),
        ("conv4k3same-max-3", SEQUENCE, [(20, 4), (4,), (3,)]),
        ("position-attention2h5-mean", SEQUENCE, [SEQUENCE, SEQUENCE, (3,)]),
        ("conv4k3-pool2same-pool3s1", (8, 9, 2), [(6, 7, 4), (3, 4, 4), (1, 2, 4)]),
        ("rows-gru4", (8, 9, 2), [(8, 18), (4,)]),
        ("pixels-gru4-gru3", (8, 9, 2), [(72, 2), (72, 4), (3,)]),
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
        ("8-lstm4", (2,), 2, "but '8' gives 8 numbers. Choose data that are sequences, or dense layers"),
        (
            "mean-gru2",
            SEQUENCE,
            2,
            "but 'mean' gives 3 numbers. Put 'gru2' before 'mean', or leave that out.",
        ),
        (
            "lstm4",
            (8, 8, 1),
            1,
            "but the data give an image of 8 × 8 × 1. Put 'rows' before it, so that each",
        ),
        ("conv2k3-gru2", (8, 8, 1), 2, "'conv2k3' gives an image of 6 × 6 × 2. Put 'rows' before it"),
        (
            "rows-8",
            SEQUENCE,
            1,
            "takes an image (rows, columns, channels), but the data give a sequence of 20",
        ),
        (
            "conv2k9",
            (8, 8, 1),
            1,
            "its window of 9 is larger than the 8 there are. Take a window of at most 8: 'conv2k8'.",
        ),
        ("pool4-pool3", (8, 8, 1), 2, "'pool4' gives an image of 2 × 2 × 1, and its window of 3 is larger"),
    ],
)
def test_refusals(text: str, inputs: tuple[int, ...], place: int, words: str) -> None:
    refused = refusal(text, inputs)
    assert refused.place == place and words in str(refused)
    # What is suggested is possible.
    assert not refused.suggestion or shapes(refused.suggestion, inputs)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("conv4k3-pool2-conv4k3-pool2-8", "Pad the convolutions, so that they keep the size: 'conv4k3same-"),
        ("pool2-pool2-pool2-pool2-flatten", "Leave it out: 'pool2-pool2-pool2-flatten'."),
        ("pool4-pool3-8", "Take a window of at most 2: 'pool4-pool2-8'."),
    ],
)
def test_where_nothing_is_left_a_possible_stack_is_suggested(text: str, words: str) -> None:
    refused = refusal(text, (8, 8, 1))
    assert words in str(refused)
    assert shapes(refused.suggestion, (8, 8, 1))
    assert refused.suggestion == str(refused).split("'")[-2]
    # A hundred layers, each with nothing left, are refused as soon.
    with pytest.raises(BadStack, match="Use fewer or smaller windows before it"):
        shapes("-".join(["pool9s1"] * 100), (9, 9, 1))


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("conv2k3-gru2-5", "conv2k3-rows-gru2-5"),
        ("conv2k3-flatten-pool2-5", "conv2k3-pool2-flatten-5"),
        ("conv2k3-mean-lstm4", "conv2k3-rows-lstm4"),
        ("rows-lstm4-rows-3", "rows-lstm4-3"),
    ],
)
def test_layers_in_a_wrong_order_are_put_in_a_possible_one(text: str, suggestion: str) -> None:
    assert refusal(text, (8, 8, 1)).suggestion == suggestion


def test_the_inputs_are_laid_out_where_the_first_layer_takes_no_vector() -> None:
    image, signal = (8, 8, 1), (64, 1)
    assert [stage.given for stage in stack(parse_layers("conv2k3-8"), (64,), image)] == [image, (6, 6, 2)]
    assert stack(parse_layers("gru2"), (64,), signal)[0].given == signal
    for text in ("8-8", "flatten-8", "dropout0.1-8"):
        assert stack(parse_layers(text), (64,), image)[0].given == (64,)
    with pytest.raises(BadStack, match="Put 'conv2k3' first: there the inputs are an image of 8 × 8 × 1"):
        stack(parse_layers("8-conv2k3"), (64,), image)
    with pytest.raises(BadStack, match="Put 'rows' before it"):
        stack(parse_layers("gru2"), (64,), image)
