r"""The formulas of settings that are numbers or switches; those that choose an entry show the entry's own.

In them w is a weight, b a bias, g the gradient of the loss L, x an input, a what a neuron passes on.
"""

FORMULAS: dict[str, str] = {
    "standardize": r"x \leftarrow \frac{x - \mathrm{mean}(x)}{\mathrm{std}(x)}",
    "hidden": r"a_j = f\Big(\sum_i w_{ij} x_i + b_j\Big)",
    "dropout": r"a \leftarrow \frac{a}{1 - p} \text{ with probability } 1 - p, \text{ else } 0",
    "sigma_w": r"\mathrm{var}(w) = \frac{\sigma_w^2}{\text{inputs}}",
    "sigma_b": r"\mathrm{std}(b) = \sigma_b",
    "recurrent_scale": r"W = g\,Q, \quad Q^\top Q = I",
    "residual": r"a = x + f\Big(\sum_i w_i x_i + b\Big)",
    "learning_rate": r"w \leftarrow w - \eta\, g",
    "momentum": r"u \leftarrow \mu u - \eta g, \quad w \leftarrow w + u",
    "nesterov": r"u \leftarrow \mu u - \eta g, \quad w \leftarrow w + \mu u - \eta g",
    "batch_size": r"g = \frac{1}{B} \sum_{i=1}^{B} \frac{\partial L_i}{\partial w}",
    "regularization_rate": r"L + \lambda \sum w^2 \;\text{(L2)}, \quad L + \lambda \sum |w| \;\text{(L1)}",
}
