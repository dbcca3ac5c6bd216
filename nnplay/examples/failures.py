"""Classic failures of training, and their cures, on data small enough to watch."""

from typing import Any

from nnplay.examples.example import Example, Variant

DEEP: dict[str, Any] = {
    "data": "circle",
    "hidden": "8-8-8-8-8-8-8-8",
    "activation": "sigmoid",
    "optimizer": "sgd",
    "learning_rate": 0.03,
    "epochs": 200,
}
BOWL: dict[str, Any] = {
    "data": "plane",
    "hidden": "none",
    "optimizer": "sgd",
    "batch_size": 0,
    "epochs": 300,
}
THIRTY: dict[str, Any] = {
    "data": "moons",
    "hidden": "-".join(["8"] * 30),
    "initializer": "random_normal",
    "optimizer": "sgd",
    "learning_rate": 0.01,
    "epochs": 60,
}
# Few points, some of them with the wrong label: easily learned by heart.
FEW: dict[str, Any] = {
    "data": "gauss",
    "position_noise": 0.2,
    "label_noise": 0.15,
    "samples": 300,
    "test_fraction": 0.8,
    "hidden": "16-16",
    "epochs": 200,
}
SOLVED = "{tested:.1%} of the test samples are right after {epochs:,} epochs."


def _solved(label: str, least: float, settings: dict[str, Any], claim: str = "") -> Variant:
    return Variant(
        label=label,
        settings=settings,
        claim=claim or f"At least {least:.0%} of the test samples are right.",
        holds=lambda run: run.tested >= least,
        measured=SOLVED,
    )


def _fails(label: str, most: float, settings: dict[str, Any], claim: str = "") -> Variant:
    return Variant(
        label=label,
        settings=settings,
        claim=claim or f"Less than {most:.0%} of the test samples are right.",
        holds=lambda run: run.tested < most,
        measured=SOLVED,
    )


FAILURES: dict[str, Example] = {
    "linear": Example(
        title="A straight line cannot part xor",
        text="Opposite corners share a class. Without a hidden layer the network is one line, and no "
        "line has opposite corners on the same side (Minsky and Papert 1969).",
        look="The map: one straight edge that turns about and never fits.",
        attempt="The inputs x₁x₂ with no hidden layer at all: the right feature makes a hard task linear.",
        variants=(
            _fails("No hidden layer", 0.75, {"data": "xor", "hidden": "none", "epochs": 100}),
            _solved("Four hidden neurons", 0.95, {"data": "xor", "hidden": "4", "epochs": 100}),
            _solved(
                "The feature x₁x₂",
                0.95,
                {"data": "xor", "hidden": "none", "features": ("x1x2",), "epochs": 100},
            ),
        ),
        picture="map",
    ),
    "vanishing": Example(
        title="The vanishing gradient",
        text="A sigmoid's slope is at most 1/4. On its way back through eight layers the gradient is "
        "multiplied by such slopes eight times, and the first layers hear next to nothing (Hochreiter "
        "1991).",
        look="Gradients by layer, under Inside: a thousandfold less in the first than in the last.",
        attempt="The activation tanh, whose slope reaches 1; other initial weights; the cure below.",
        variants=(
            Variant(
                label="Sigmoid",
                settings=DEEP,
                claim="The first layer's gradient is below a thousandth of the last layer's, and nothing "
                "is learned.",
                holds=lambda run: run.shrunk > 1000 and run.tested < 0.7,
                measured="The first layer's gradient is {shrunk:,.0f} times smaller than the last one's; "
                + SOLVED,
            ),
            _solved("ReLU, He's weights", 0.95, {**DEEP, "activation": "relu", "initializer": "he_normal"}),
        ),
        picture="gradients",
    ),
    "batchnorm": Example(
        title="Batch normalisation rescues it",
        text="The same eight sigmoid layers, the sums of each layer brought to mean 0 and deviation 1 before "
        "the sigmoid: they stay where its slope is steep (Ioffe and Szegedy 2015).",
        look="Gradients by layer: all of about the same size.",
        attempt="Layer normalisation instead; a batch size of 1, where a batch has no deviation.",
        variants=(
            _solved("With batch normalisation", 0.95, {**DEEP, "normalization": "batch"}),
            _fails("Without", 0.7, DEEP),
        ),
        picture="map",
    ),
    "residual": Example(
        title="Residual connections",
        text="Each layer adds to what it got instead of replacing it, so that signal and gradient have a "
        "straight way through all thirty (He 2015). The initial weights are small here: without "
        "connections both die out.",
        look="How early the loss begins to fall; gradients by layer under Inside.",
        attempt="Glorot's initial weights, which thirty layers of tanh survive without connections.",
        variants=(
            _solved(
                "With connections",
                0.85,
                {**THIRTY, "residual": True},
            ),
            _fails(
                "Without",
                0.7,
                THIRTY,
            ),
        ),
        picture="map",
    ),
    "dead": Example(
        title="Dead ReLUs",
        text="A learning rate too large throws the weights so far that every ReLU is off for every "
        "sample. Off means slope 0: no gradient comes back, and nothing will ever wake them.",
        look="Gradients of the hidden layers, exactly 0; the share of dead units under Inside.",
        attempt="Leaky ReLU at the same learning rate; a learning rate of 0.03.",
        variants=(
            Variant(
                label="Learning rate 3",
                settings={
                    "data": "circle",
                    "hidden": "8-8",
                    "activation": "relu",
                    "optimizer": "sgd",
                    "learning_rate": 3.0,
                    "loss": "binary_crossentropy",
                    "epochs": 60,
                },
                claim="The gradient of the first layer is exactly 0, and the network answers the same "
                "everywhere.",
                holds=lambda run: run.gradients[0] == 0 and run.tested < 0.65,
                measured="The first layer's gradient is {gradient:g}; " + SOLVED,
            ),
            _solved(
                "Learning rate 0.03",
                0.95,
                {
                    "data": "circle",
                    "hidden": "8-8",
                    "activation": "relu",
                    "optimizer": "sgd",
                    "learning_rate": 0.03,
                    "loss": "binary_crossentropy",
                    "epochs": 60,
                },
            ),
        ),
        picture="gradients",
    ),
    "diverges": Example(
        title="Too large a learning rate",
        text="One linear neuron, all samples in one step. Every step lands beyond the bottom of the valley, "
        "higher up than before, until the loss is no number any more. Gradient descent holds below 2 / λ, "
        "λ the largest curvature of the loss; here that limit is 0.076.",
        look="The logarithmic loss: a straight line upwards, the same factor in every epoch.",
        attempt="The limit itself: 0.07 holds, 0.08 does not.",
        variants=(
            Variant(
                label="Learning rate 0.1",
                settings={**BOWL, "learning_rate": 0.1},
                claim="The run diverges: its loss grows beyond all numbers.",
                holds=lambda run: run.diverged,
                measured="It went on for {epochs:,} epochs; the loss began at {first_loss:.3g}.",
            ),
            Variant(
                label="Learning rate 0.03",
                settings={**BOWL, "learning_rate": 0.03},
                claim="R² on the test samples is above 0.95.",
                holds=lambda run: run.tested > 0.95,
                measured="Test R² is {tested:.3f} after {epochs:,} epochs.",
            ),
        ),
        picture="log loss",
    ),
    "slow": Example(
        title="Too small a learning rate",
        text="The opposite: steps so short that a hundred epochs lead nowhere. It looks like a network "
        "that cannot learn, and is one that was not given the time.",
        look="The loss: it falls, in a straight line that is nearly flat.",
        attempt="Ten times as much, and again.",
        variants=(
            _fails(
                "0.0001",
                0.7,
                {
                    "data": "circle",
                    "hidden": "8-8",
                    "optimizer": "sgd",
                    "learning_rate": 0.0001,
                    "epochs": 100,
                },
            ),
            _solved(
                "0.1",
                0.95,
                {"data": "circle", "hidden": "8-8", "optimizer": "sgd", "learning_rate": 0.1, "epochs": 100},
            ),
        ),
        picture="map",
    ),
    "zeros": Example(
        title="All weights zero",
        text="Equal neurons get equal gradients, so nothing ever tells them apart; with zeros in tanh layers "
        "there is no gradient at all but for the output's bias.",
        look="The little maps of the neurons, all blank; gradients exactly 0.",
        attempt="Other initial weights under More about the network, then Reset.",
        variants=(
            Variant(
                label="Zeros",
                settings={"data": "moons", "hidden": "8-4", "initializer": "zeros", "epochs": 100},
                claim="The first layer's gradient is exactly 0 and the test accuracy at chance.",
                holds=lambda run: run.gradients[0] == 0 and run.tested < 0.6,
                measured="The first layer's gradient is {gradient:g}; " + SOLVED,
            ),
            _solved("Glorot's weights", 0.95, {"data": "moons", "hidden": "8-4", "epochs": 100}),
        ),
        picture="map",
    ),
    "overfitting": Example(
        title="Overfitting",
        text="Sixty training points, some with the wrong label, and two layers of sixteen: it learns "
        "them by heart, errors included, and is worse on points it has never seen.",
        look="The two curves of the accuracy part; islands around single points on the map.",
        attempt="More points, dropout, fewer neurons, or the price on large weights below.",
        variants=(
            Variant(
                label="No cure",
                settings=FEW,
                claim="At least 15 percentage points more of the training points are right than of the "
                "test points.",
                holds=lambda run: run.trained - run.tested >= 0.15,
                measured="{trained:.1%} of the training and {tested:.1%} of the test points are right.",
            ),
            Variant(
                label="L2 regularisation",
                settings={**FEW, "regularizer": "l2", "regularization_rate": 0.03},
                claim="The two are within 5 percentage points of each other.",
                holds=lambda run: abs(run.trained - run.tested) <= 0.05,
                measured="{trained:.1%} of the training and {tested:.1%} of the test points are right.",
            ),
        ),
        picture="map",
    ),
    "by_heart": Example(
        title="Any labels, learned by heart",
        text="Thirty points with coin-tossed labels. A network with more weights than points fits them "
        "all, though there is nothing to understand: fitting is no proof of learning (Zhang 2017).",
        look="Training accuracy goes to 1, test accuracy stays at chance.",
        attempt="More samples: from which number on does it fail to fit them?",
        variants=(
            Variant(
                label="As it is",
                settings={
                    "data": "random_labels",
                    "samples": 300,
                    "test_fraction": 0.9,
                    "hidden": "64-64-64",
                    "activation": "relu",
                    "loss": "binary_crossentropy",
                    "optimizer": "adam",
                    "learning_rate": 0.003,
                    "epochs": 1000,
                },
                claim="At least 95 % of the training points are right, and at most 60 % of the test points.",
                holds=lambda run: run.trained >= 0.95 and run.tested <= 0.6,
                measured="{trained:.1%} of the training and {tested:.1%} of the test points are right.",
            ),
        ),
        picture="map",
    ),
    "unscaled": Example(
        title="Inputs in their own units",
        text="Of the wines' thirteen measures one is around 750, others below 1. The large one saturates "
        "every neuron, and the small ones are not heard.",
        look="Saturated units under Inside; the confusion matrix.",
        attempt="Standardise inputs: Yes. It is what nnplay does with tables unless told otherwise.",
        variants=(
            _fails(
                "In their own units",
                0.85,
                {
                    "data": "wine",
                    "hidden": "8",
                    "loss": "categorical_crossentropy",
                    "standardize": "off",
                    "optimizer": "sgd",
                    "epochs": 100,
                },
            ),
            _solved(
                "Standardised",
                0.93,
                {
                    "data": "wine",
                    "hidden": "8",
                    "loss": "categorical_crossentropy",
                    "standardize": "on",
                    "optimizer": "sgd",
                    "epochs": 100,
                },
            ),
        ),
        picture="confusion",
    ),
    "spiral": Example(
        title="The spiral with too few neurons",
        text="Four neurons draw four lines, and two arms wound around each other need more. Either the "
        "network grows, or its inputs say more.",
        look="The map: what four lines can do, and where they give up.",
        attempt="Three layers; sines among the inputs.",
        variants=(
            _fails("Four neurons", 0.8, {"data": "spiral", "hidden": "4", "epochs": 400}),
            _solved("Two layers of eight", 0.9, {"data": "spiral", "hidden": "8-8", "epochs": 500}),
        ),
        picture="map",
    ),
    "memory": Example(
        title="A GRU beside a simple RNN",
        text="Forty random numbers, two of them marked: their sum is asked for at the end. The simple "
        "RNN has to carry the first through all steps by hand; the GRU has gates that hold it.",
        look="The loss beside the dotted line of a constant answer (1/6): one stays at it, the other "
        "breaks through.",
        attempt="A delay of 10 steps, which both can; an LSTM.",
        variants=(
            Variant(
                label="GRU",
                settings={
                    "data": "adding",
                    "steps": 40,
                    "hidden": "gru16",
                    "learning_rate": 0.01,
                    "batch_size": 32,
                    "epochs": 60,
                },
                claim="R² on the test samples is above 0.9.",
                holds=lambda run: run.tested > 0.9,
                measured="Test R² is {tested:.2f} after {epochs} epochs.",
            ),
            Variant(
                label="Simple RNN",
                settings={
                    "data": "adding",
                    "steps": 40,
                    "hidden": "rnn16",
                    "learning_rate": 0.01,
                    "batch_size": 32,
                    "epochs": 60,
                },
                claim="R² on the test samples is below 0.5.",
                holds=lambda run: run.tested < 0.5,
                measured="Test R² is {tested:.2f} after {epochs} epochs.",
            ),
        ),
        picture="metric",
    ),
    "shifted": Example(
        title="Convolution finds it anywhere",
        text="MNIST-1D: the digits as signals of forty numbers, each shifted to another place. A dense "
        "network has to learn every place anew; a convolution moves the same small window over all of "
        "them.",
        look="Training and test accuracy: the dense network knows its samples by heart and few others.",
        attempt="A GRU; more samples for the dense network.",
        variants=(
            Variant(
                label="Convolution",
                settings={
                    "data": "mnist1d",
                    "hidden": "conv24k5s2-conv24k3s2-conv24k3-flatten-32",
                    "activation": "relu",
                    "loss": "sparse_categorical_crossentropy",
                    "learning_rate": 0.003,
                    "batch_size": 32,
                    "test_fraction": 0.25,
                    "samples": 4000,
                    "epochs": 40,
                },
                claim="At least 80 % of the test signals are right.",
                holds=lambda run: run.tested >= 0.8,
                measured="{trained:.1%} of the training and {tested:.1%} of the test signals are right.",
            ),
            Variant(
                label="Dense",
                settings={
                    "data": "mnist1d",
                    "hidden": "100-100",
                    "activation": "relu",
                    "loss": "sparse_categorical_crossentropy",
                    "learning_rate": 0.003,
                    "batch_size": 32,
                    "test_fraction": 0.25,
                    "samples": 4000,
                    "epochs": 40,
                },
                claim="Nearly all training signals are right, but less than 70 % of the test signals.",
                holds=lambda run: run.trained > 0.95 and run.tested < 0.7,
                measured="{trained:.1%} of the training and {tested:.1%} of the test signals are right.",
            ),
        ),
        picture="metric",
    ),
}
