r"""Normalizations: rescaling what each hidden layer passes on. Gamma and beta are learned."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Normalization:
    """One normalization: a class in `keras.layers`, "" for none; `rows`: numbers it keeps for each unit."""

    name: str
    keras: str
    label: str
    formula: str
    about: str
    rows: int = 0


NORMALIZATIONS: dict[str, Normalization] = {
    "none": Normalization(
        name="none",
        keras="",
        label="None",
        formula=r"x",
        about="Nothing is rescaled: fine for a few layers with a suitable initializer.",
    ),
    "batch": Normalization(
        name="batch",
        keras="BatchNormalization",
        label="Batch",
        formula=r"\gamma \frac{x - \mathrm{mean}_{\mathrm{batch}}(x)}"
        r"{\sqrt{\mathrm{var}_{\mathrm{batch}}(x) + \epsilon}} + \beta",
        about="Each neuron over the batch: helps deep networks; tests use running averages, late at first.",
        rows=4,
    ),
    "layer": Normalization(
        name="layer",
        keras="LayerNormalization",
        label="Layer",
        formula=r"\gamma \frac{x - \mathrm{mean}_{\mathrm{layer}}(x)}"
        r"{\sqrt{\mathrm{var}_{\mathrm{layer}}(x) + \epsilon}} + \beta",
        about="Each sample over the neurons of the layer: the same at any batch size, and in the test.",
        rows=2,
    ),
}
