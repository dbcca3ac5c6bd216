"""The notation of hidden layers: there and back, and what it says when it refuses."""

import re
from dataclasses import replace

import arbitrary
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnplay.catalog.architectures import (
    LAYER_KINDS,
    MAX_LAYERS,
    MAX_UNITS,
    BadLayers,
    Layer,
    format_layers,
    parse_layers,
)


@given(arbitrary.layers())
def test_there_and_back(network: tuple[Layer, ...]) -> None:
    assert parse_layers(format_layers(network)) == network


@given(st.text(max_size=30) | st.from_regex(r"[ 0-9a-z-]{0,12}", fullmatch=True))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        network = parse_layers(text)
    except BadLayers:
        return
    assert parse_layers(format_layers(network)) == network


@pytest.mark.parametrize("kind", LAYER_KINDS.values(), ids=list(LAYER_KINDS))
def test_kinds_are_whole(kind) -> None:
    assert set(re.compile(kind.pattern).groupindex) == set(kind.limits) <= set(Layer.__dataclass_fields__)
    (layer,) = parse_layers(kind.example)
    assert layer.kind == kind.name and format_layers([layer]) == kind.example
    # Without a number that must be there, what is written is refused.
    for field in kind.limits:
        lacking = replace(layer, **{field: 0})
        try:
            read = parse_layers(format_layers([lacking]))
        except BadLayers:
            read = ()
        assert (read == (lacking,)) == (field in kind.optional or field == "dropout")


@pytest.mark.parametrize("text", ["", "none", " None "])
def test_no_hidden_layer(text: str) -> None:
    assert parse_layers(text) == () and format_layers(()) == "none"


def test_spaces_do_not_matter() -> None:
    assert parse_layers(" 8 - 4 ") == (Layer("dense", 8), Layer("dense", 4))
    assert parse_layers("dense8") == (Layer("dense", 8),)
    own = Layer("dense", 8, normalization="batch", dropout=0.25)
    assert parse_layers("8 : BatchNorm : dropout.25") == (own,) and format_layers([own]) == (
        "8:batchnorm:dropout0.25"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("8-cat", "Unknown hidden layer 'cat'"),
        ("8--8", "Unknown hidden layer ''"),
        ("-8", "Unknown hidden layer ''"),
        ("8,8", "join layers with '-'"),
        ("8:8", "Layer '8:8' cannot have the option '8'. Possible are one of nonorm, batchnorm, layernorm"),
        ("8:dropout0.95", "'dropout0.95'. Possible are .* one dropout from 'dropout0' to 'dropout0.9'"),
        ("8:dropout1e-3", "cannot have the option 'dropout1e'"),
        ("8:batchnorm:layernorm", "cannot have the option 'layernorm'"),
        ("8:dropout0:dropout0", "cannot have the option 'dropout0'"),
        ("8:", "cannot have the option ''"),
        ("gru8:layernorm", "a recurrent layer has both inside. Take 'layernorm' out of 'gru8:layernorm'"),
        ("٣", "Unknown hidden layer"),
        ("lstm", "Unknown hidden layer 'lstm'"),
        ("lstm8-8gru", "Unknown hidden layer '8gru'"),
        ("conv8", "Unknown hidden layer 'conv8'"),
        ("conv8k0", "Convolution must have a window of 1 to 15; 'conv8k0' asks for 0"),
        ("conv8k99", "must have a window of 1 to 15; 'conv8k99' asks for 99"),
        ("attention4", "Unknown hidden layer"),
        ("attention99h", "must have 1 to 16 heads"),
        ("dropout0.95", "must have a share of 0 to 0.9; 'dropout0.95' asks for 0.95"),
        ("pool2:dropout0.1", "Max pooling takes no options: take 'dropout0.1' out of 'pool2:dropout0.1'"),
        ("attention2h:layernorm", "Write it behind, as a layer of its own: 'attention2h-layernorm'"),
        ("rnn513", "must have 1 to 512 units; 'rnn513' asks for 513"),
        ("0", "must have 1 to 512 units; '0' asks for 0"),
        (f"{MAX_UNITS + 1}", f"asks for {MAX_UNITS + 1}"),
        ("9" * 5000, "Unknown hidden layer '9{40}'"),
        ("-".join(["1"] * (MAX_LAYERS + 1)), f"{MAX_LAYERS + 1} given, at most {MAX_LAYERS} allowed"),
    ],
)
def test_refusals(text: str, message: str) -> None:
    with pytest.raises(BadLayers, match=message) as refused:
        parse_layers(text)
    assert len(str(refused.value)) < 300
