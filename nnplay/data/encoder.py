"""From positions to what the network's input layer receives: features chosen, then standardised."""

from dataclasses import dataclass

import numpy as np

from nnplay.data.features import FEATURES


@dataclass(frozen=True)
class Encoder:
    """(feature - mean) / scale for every feature; with no features, of the positions as they are.

    In a sequence a feature has one mean and one scale for all steps.
    """

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]

    def __call__(self, positions: np.ndarray) -> np.ndarray:
        """Positions (samples, dimensions) to float32 (samples, inputs); sequences stay sequences."""
        if not self.features and not any(self.mean) and set(self.scale) == {1.0}:
            # Nothing to compute: the very same numbers, and of large data no second copy.
            return np.asarray(positions).astype(np.float32, copy=False)
        columns = compute_features(self.features, positions)
        return ((columns - np.array(self.mean)) / np.array(self.scale)).astype(np.float32)


def compute_features(features: tuple[str, ...], positions: np.ndarray) -> np.ndarray:
    """The features as float64 columns (samples, features); with none, the positions."""
    positions = np.asarray(positions, dtype=np.float64)
    if not features:
        return positions
    return np.column_stack([FEATURES[name].function(positions) for name in features])


def fit_encoder(features: tuple[str, ...], positions: np.ndarray, *, standardize: bool) -> Encoder:
    """The encoder that gives these (training) positions mean 0 and deviation 1, or changes nothing."""
    columns = compute_features(features, positions)
    columns = columns.reshape(-1, columns.shape[-1])
    mean, scale = np.zeros(columns.shape[1]), np.ones(columns.shape[1])
    if standardize:
        mean = columns.mean(axis=0)
        # A column that is the same everywhere (a corner pixel) has no deviation to divide by.
        scale = np.where(np.ptp(columns, axis=0) > 0, columns.std(axis=0), 1.0)
    return Encoder(features, tuple(mean.tolist()), tuple(scale.tolist()))
