r"""The terms of the field, each in a sentence or two of plain English, with a formula where there is one.

The page shows them where they occur in its explanations. `forms` are the ways a term is written there besides
its label; in formulas w is a weight, x an input, y the target, y-hat the output, L the loss.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """One term: how it is written, and what it means; `formula` is LaTeX, "" for none."""

    label: str
    about: str
    forms: tuple[str, ...] = ()
    formula: str = ""


GLOSSARY: dict[str, Term] = {
    "accuracy": Term(
        "Accuracy", "The share of samples that the network puts into the right class.",
        formula=r"\frac{\text{samples classified right}}{\text{samples}}",
    ),
    "activation": Term(
        "Activation",
        "The function that a neuron applies to its weighted sum. It lets a network bend its boundary.",
        ("activation function", "activations"), r"a = f(z)",
    ),
    "adam": Term(
        "Adam", "An optimizer that gives every weight a step length of its own, from its recent gradients."
    ),
    "backpropagation": Term(
        "Back-propagation",
        "How the gradient is computed: from the loss back through the layers, multiplying slopes on the way.",
        ("backpropagation",),
    ),
    "batch": Term(
        "Batch", "The few samples that are looked at together for one step of the weights.", ("batches",)
    ),
    "batch_normalisation": Term(
        "Batch normalisation",
        "Shifts and scales each neuron's sums to mean 0 and spread 1 over a batch, which helps deep nets.",
        ("batch normalization",),
    ),
    "bias": Term(
        "Bias", "A number that a neuron adds to its weighted sum; it shifts where the neuron switches.",
        ("biases",), r"z = \sum_i w_i x_i + b",
    ),
    "class": Term("Class", "A kind that a sample can belong to, here shown as a colour.", ("classes",)),
    "classification": Term("Classification", "The task of putting every sample into one of several classes."),
    "constant_answer": Term(
        "Constant answer",
        "What a network that has learned nothing could do best: give every sample the same output.",
        ("learned nothing",),
    ),
    "cross_entropy": Term(
        "Cross-entropy",
        "A loss for classes: it punishes the network for being sure of the wrong one.",
        formula=r"-\sum_k y_k \ln \hat{y}_k",
    ),
    "dead_unit": Term(
        "Dead unit", "A neuron on the flat part of its function for every sample: it no longer learns.",
        ("dead units", "dead"),
    ),
    "boundary": Term(
        "Decision boundary", "The line where the network changes its answer from one class to another.",
        ("boundary", "boundaries"),
    ),
    "deep": Term("Deep network", "A network with many hidden layers.", ("deep networks", "deep")),
    "diverge": Term(
        "Divergence", "The loss grows without limit, mostly because the steps are too long.",
        ("diverges", "diverged", "diverge"),
    ),
    "dropout": Term(
        "Dropout",
        "In each step of training a random share of neurons is off, so that none relies on another.",
    ),
    "early_stopping": Term(
        "Early stopping", "Ending the training when the test loss no longer gets better.", ("patience",)
    ),
    "epoch": Term("Epoch", "One pass over all training samples.", ("epochs",)),
    "feature": Term(
        "Feature", "Something computed from a sample and given to the network, such as x₁².", ("features",)
    ),
    "generalisation": Term(
        "Generalisation", "How well what was learned holds for samples that the network has never seen.",
        ("generalization",),
    ),
    "gradient": Term(
        "Gradient",
        "For every weight, how fast the loss grows when it grows a little. Training steps against it.",
        ("gradients",), r"\frac{\partial L}{\partial w}",
    ),
    "clipping": Term(
        "Gradient clipping", "Shortens gradients that are longer than a limit, so that no step is too long."
    ),
    "gradient_descent": Term(
        "Gradient descent", "Making the loss smaller by many small steps against the gradient.",
        formula=r"w \leftarrow w - \eta \frac{\partial L}{\partial w}",
    ),
    "hidden_layer": Term(
        "Hidden layer", "A layer between the inputs and the output.", ("hidden layers", "hidden neurons")
    ),
    "initial_weights": Term(
        "Initial weights", "The weights before training, mostly small random numbers.",
        ("initialiser", "initializer"),
    ),
    "input": Term("Input", "One of the numbers that the network is given of each sample.", ("inputs",)),
    "keras": Term("Keras", "The Python library that builds and trains the networks of this page."),
    "label": Term("Label", "The right answer that comes with a sample: a point's colour.", ("labels",)),
    "layer": Term("Layer", "A group of neurons that read the same inputs side by side.", ("layers",)),
    "learning_rate": Term(
        "Learning rate", "How long a step is. Too short takes for ever, too long never arrives.",
        ("learning rates",), r"\eta",
    ),
    "loss": Term(
        "Loss", "The number that says how wrong the network is; training makes it smaller.",
        ("training loss", "test loss"),
    ),
    "lstm": Term("LSTM", "A recurrent layer that can keep things in mind for many steps.", ("lstms",)),
    "mean_squared_error": Term(
        "Mean squared error", "A loss: the mean of the squared differences between target and output.",
        ("mse",), r"\frac{1}{n} \sum (y - \hat{y})^2",
    ),
    "momentum": Term(
        "Momentum", "The optimizer keeps part of its last step, and so rolls on through flat stretches.",
        formula=r"u \leftarrow \mu u - \eta g",
    ),
    "neuron": Term(
        "Neuron", "Adds up its inputs, each times a weight, adds a bias, and applies its activation.",
        ("neurons", "unit", "units"), r"a = f\Big(\sum_i w_i x_i + b\Big)",
    ),
    "noise": Term("Noise", "Chance in the data: points off their place, or with a wrong label."),
    "normalisation": Term(
        "Normalisation", "Rescaling what a layer computes, so that the next layer gets numbers of fit size.",
        ("normalization",),
    ),
    "one_hot": Term("One-hot", "Writing a class as 1 in its own place and 0 in all others."),
    "optimizer": Term("Optimizer", "The rule that turns the gradient into a step of the weights."),
    "output": Term("Output", "What the network answers for a sample.", ("outputs",)),
    "overfitting": Term(
        "Overfitting",
        "The network learns its training samples by heart, and gets worse on those it has never seen.",
        ("overfits", "overfit", "by heart"),
    ),
    "parameter": Term("Parameter", "A number that training changes: a weight or a bias.", ("parameters",)),
    "rnn": Term(
        "Recurrent layer", "A layer that reads a sequence step by step and hears its own last output.",
        ("recurrent layers", "rnn", "rnns"),
    ),
    "regression": Term("Regression", "The task of predicting a number instead of a class."),
    "regularisation": Term(
        "Regularisation", "Whatever keeps a network simple, such as a price on large weights.",
        ("regularization", "regularisers"),
    ),
    "relu": Term(
        "ReLU", "The activation that passes positive sums and makes negative ones 0.", formula=r"\max(0, x)"
    ),
    "residual": Term(
        "Residual connection", "A way around a layer: its input is added to its output.",
        ("residual connections",),
    ),
    "r2": Term(
        "R²", "The share of the target's ups and downs that is explained: 1 is perfect, 0 a constant answer.",
        formula=r"1 - \frac{\sum (y - \hat{y})^2}{\sum (y - \bar{y})^2}",
    ),
    "sample": Term("Sample", "One example to learn from: here a point with its colour.", ("samples",)),
    "saturated": Term(
        "Saturated", "Of a neuron: on the flat part of its function, where hardly any gradient gets through.",
        ("saturation", "saturate"),
    ),
    "schedule": Term("Schedule", "A plan for how the learning rate changes during the run."),
    "seed": Term("Seed", "The number that all chance is made from: same seed, same points, same weights."),
    "sgd": Term("SGD", "Stochastic gradient descent: plain steps against the gradient of each batch."),
    "sigmoid": Term(
        "Sigmoid", "An activation that squeezes any number into 0 to 1.", formula=r"\frac{1}{1 + e^{-x}}"
    ),
    "slope": Term("Slope", "How steeply a function rises at a place; its derivative.", ("slopes",)),
    "standardise": Term(
        "Standardising", "Shifting and scaling an input so that its mean is 0 and its spread 1.",
        ("standardised", "standardise"), r"\frac{x - \mathrm{mean}}{\mathrm{std}}",
    ),
    "tanh": Term("tanh", "An activation like the sigmoid, but from -1 to 1.", formula=r"\tanh(x)"),
    "target": Term("Target", "The right answer that the network is to give for a sample.", ("targets",)),
    "test_set": Term(
        "Test samples", "Samples kept aside: the network is judged on them, but never learns from them.",
        ("test points", "test set", "test sample"),
    ),
    "training_set": Term(
        "Training samples", "The samples that the network learns from.",
        ("training points", "training set", "training sample"),
    ),
    "underfitting": Term(
        "Underfitting", "The network is too simple, or not trained enough, for what is in the data."
    ),
    "vanishing": Term(
        "Vanishing gradient",
        "The gradient gets smaller from layer to layer on its way back, and the first layers do not learn.",
        ("vanishing gradients", "vanishes", "vanish"),
    ),
    "weight": Term(
        "Weight", "The number on a link: how strongly one neuron counts for the next, and with which sign.",
        ("weights",), r"w",
    ),
}  # fmt: skip


def written(term: Term) -> list[str]:
    """All the ways a term is written, in lower case."""
    return [form.lower() for form in (term.label, *term.forms)]


def find(text: str) -> list[str]:
    """Names of the terms that a search text finds: in how they are called first, then in what is said.

    An empty text finds all, in order.
    """
    wanted = text.strip().lower()
    called = [name for name, term in GLOSSARY.items() if any(wanted in form for form in written(term))]
    said = [name for name, term in GLOSSARY.items() if name not in called and wanted in term.about.lower()]
    return called + said
