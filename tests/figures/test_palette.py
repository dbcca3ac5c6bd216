"""Class colours stay apart for eyes that lack one kind of cone, and from the ground they lie on."""

from itertools import combinations

import numpy as np
import pytest

from nnplay.figures.palette import DARK, LIGHT, Palette, mix

# Machado, Oliveira and Fernandes (2009), severity 1, for linear sRGB.
EYES = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# Ottosson (2020): linear sRGB to the cones, and their cube roots to Oklab, where distance is difference seen.
CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
OKLAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]


def seen(color: str, eye: str) -> np.ndarray:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.array(OKLAB) @ np.cbrt(np.array(CONES) @ np.clip(np.array(EYES[eye]) @ linear, 0, 1))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_classes_stay_apart(colors: Palette, eye: str) -> None:
    # 0.09 is above the least distance in Okabe and Ito's palette (0.076).
    for one, other in combinations(colors.classes, 2):
        assert np.linalg.norm(seen(one, eye) - seen(other, eye)) > 0.09, (one, other)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_the_ends_of_the_signed_scale_stay_apart(colors: Palette, eye: str) -> None:
    low, middle, high = (seen(colors.diverging[k][1], eye) for k in (0, 2, 4))
    assert min(np.linalg.norm(low - high), np.linalg.norm(low - middle), np.linalg.norm(high - middle)) > 0.1


def test_mix_goes_from_one_colour_to_the_other() -> None:
    assert [mix("#000000", "#ff8040", share) for share in (0, 0.5, 1)] == ["#000000", "#804020", "#ff8040"]
