"""Pictures of numbers as the page gets them, read back number by number."""

import json
from typing import Any

import numpy as np
import pytest

from nnplay.figures.tiles import NOTHING, STEPS, Group, Tile, limits_of, tile_bytes


def read(data: bytes) -> tuple[dict[str, Any], list[np.ndarray]]:
    """The head, and the numbers of every tile, as the page reads them."""
    line, _, pixels = data.partition(b"\n")
    assert (len(line) + 1) % 2 == 0
    head, values, start = json.loads(line), np.frombuffer(pixels, "<u2"), 0
    tiles = []
    for group in head["groups"]:
        for _, rows, columns, *_ in group["tiles"]:
            steps = values[start : start + rows * columns].reshape(rows, columns)
            start += rows * columns
            share = np.where(steps == NOTHING, np.nan, steps / STEPS)
            tiles.append(group["low"] + (group["high"] - group["low"]) * share)
    assert start == len(values)
    return head, tiles


@pytest.mark.parametrize("scale", ["signed", "positive"])
def test_numbers_arrive_as_they_are(scale: str) -> None:
    values = np.random.default_rng(1).normal(size=(3, 5)).astype(np.float32)
    values = abs(values) if scale == "positive" else values
    first = Group("Größe", [Tile("a", values), Tile("b", values[:1] / 2)], scale=scale)
    head, tiles = read(tile_bytes([first, Group("empty", [])], epoch="epoch 3"))
    np.testing.assert_allclose(tiles[0], values, atol=2e-4)
    np.testing.assert_allclose(tiles[1], values[:1] / 2, atol=2e-4)
    assert head["epoch"] == "epoch 3" and head["groups"][0]["title"] == "Größe"
    assert limits_of(first)[1] == pytest.approx(np.abs(values).max())


def test_what_is_no_number_is_left_out() -> None:
    values = np.array([[1, np.nan], [np.inf, -2]], np.float32)
    bars = [("yes", float("nan")), ("no", 0.25)]
    head, (read_back,) = read(tile_bytes([Group("g", [Tile("", values)], bars=bars)], epoch=""))
    np.testing.assert_allclose(read_back, [[1, np.nan], [np.nan, -2]], atol=1e-3)
    assert head["groups"][0]["bars"] == [["yes", 0], ["no", 0.25]]
    _, (unknown,) = read(tile_bytes([Group("g", [Tile("", np.full((2, 2), np.nan))])], epoch=""))
    assert np.isnan(unknown).all()
