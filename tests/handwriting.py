"""Digits as somebody might draw them: strokes in the unit square, x to the right and y down."""

from typing import Any

import numpy as np

Points = list[list[float]]


def bow(x: float, y: float, wide: float, high: float, start: float, end: float) -> Points:
    """Part of an ellipse around (x, y), from one angle to another, in degrees clockwise from the right."""
    angle = np.radians(np.linspace(start, end, 25))
    bent = np.stack([x + wide * np.cos(angle), y + high * np.sin(angle)], axis=1)
    return np.round(bent, 3).tolist()


DIGITS: dict[int, list[Any]] = {
    0: [bow(0.5, 0.5, 0.22, 0.35, 0, 360)],
    1: [[[0.38, 0.28], [0.52, 0.15], [0.52, 0.85]]],
    2: [[*bow(0.5, 0.32, 0.2, 0.17, 180, 380), [0.3, 0.85], [0.72, 0.85]]],
    3: [bow(0.48, 0.32, 0.2, 0.17, 200, 450) + bow(0.48, 0.67, 0.22, 0.18, 270, 510)],
    4: [[[0.55, 0.15], [0.28, 0.6], [0.75, 0.6]], [[0.6, 0.35], [0.6, 0.88]]],
    5: [[[0.7, 0.15], [0.36, 0.15], [0.34, 0.45], *bow(0.48, 0.63, 0.22, 0.22, 230, 500)]],
    6: [[[0.6, 0.15], *bow(0.5, 0.6, 0.25, 0.4, 230, 180), *bow(0.5, 0.67, 0.2, 0.18, 180, 540)]],
    7: [[[0.3, 0.15], [0.72, 0.15], [0.45, 0.85]]],
    8: [bow(0.5, 0.32, 0.17, 0.17, 90, 450) + bow(0.5, 0.68, 0.21, 0.19, 270, 630)],
    9: [[*bow(0.5, 0.34, 0.19, 0.19, 0, -360), [0.69, 0.34], [0.62, 0.86]]],
}
