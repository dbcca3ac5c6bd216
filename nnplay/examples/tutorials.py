"""The nine models of the five tutorials that nnplay comes from, with what they meant and what they got wrong.

Where a tutorial trains on MNIST, the digits of scikit-learn stand in for it: nothing has to be downloaded.
"""

from typing import Any

from nnplay.examples.example import Example, Variant

TITLES = {
    "T0": ("Competition and cooperation of neurons", "神经元竞合机制"),
    "T1": ("Visualisation of neural networks", "神经网络可视化"),
    "T2": ("Neurons and activation", "神经元与激活机制"),
    "T3": ("Interpretability", "解释性与可解释性"),
    "T4": ("Memory of the brain and of networks", "大脑记忆对应神经网络记忆机制"),
}

DIGITS: dict[str, Any] = {
    "data": "digits28",
    "test_fraction": 0.2,
    "activation": "relu",
    "loss": "sparse_categorical_crossentropy",
    "optimizer": "adam",
    "learning_rate": 0.001,
    "batch_size": 32,
}
XOR: dict[str, Any] = {
    "data": "corners",
    # The four points to learn from, each once, and the same four to test; with this seed they are dealt so.
    "samples": 8,
    "seed": 7,
    "hidden": "4",
    "activation": "sigmoid",
    "output": "sigmoid",
    "loss": "mse",
    "initializer": "gaussian",
    # Of the two inputs: deviation 1, as randn gives.
    "sigma_w": 1.41421356,
    "optimizer": "sgd",
    "batch_size": 0,
    "learning_rate": 0.01,
    "epochs": 1000,
}


def _digits(epochs: int, least: float, words: str, **settings: Any) -> Variant:
    return Variant(
        label=words,
        settings={**DIGITS, **settings, "epochs": epochs},
        claim=f"At least {least:.0%} of the test digits are right after {epochs} epochs.",
        holds=lambda run: run.tested >= least,
        measured="{tested:.1%} of the test digits are right after {epochs} epochs.",
    )


TUTORIALS: dict[str, Example] = {
    "t0a": Example(
        title="A competition among ten classes",
        source="T0a",
        chinese=TITLES["T0"][1],
        text="128 neurons offer what they see in ten numbers; the ten outputs compete through softmax: their "
        "shares add up to 1, so what one class gains the others lose. The tutorial brings no data; here "
        "they are ten round clouds in ten dimensions.",
        look="The confusion matrix: classes whose clouds overlap are taken for one another.",
        attempt="A learning rate of 0.3, at which the competition never settles.",
        variants=(
            Variant(
                label="As given",
                settings={
                    "data": "clouds",
                    "hidden": "128",
                    "activation": "relu",
                    "loss": "categorical_crossentropy",
                    "optimizer": "adam",
                    "learning_rate": 0.01,
                    "batch_size": 32,
                    "epochs": 20,
                },
                claim="Ten classes would be guessed right once in ten times; at least 85 % of the test "
                "samples are.",
                holds=lambda run: run.tested >= 0.85,
                measured="{tested:.1%} of the test samples are right after {epochs} epochs.",
            ),
        ),
        picture="confusion",
    ),
    "t0b": Example(
        title="Handwritten digits with dropout",
        source="T0b",
        chinese=TITLES["T0"][1],
        text="One hidden layer of 128 neurons, of which a fifth is silenced at random in every step "
        "(dropout), so that none can rely on a single neighbour: cooperation is forced.",
        look="Five epochs are not the end of it: the test curve still rises. The surest errors show "
        "digits that people would doubt, too.",
        attempt="Without dropout; with 8 neurons instead of 128.",
        variants=(
            _digits(5, 0.85, "As given: 5 epochs", hidden="128:dropout0.2"),
            _digits(60, 0.97, "60 epochs", hidden="128:dropout0.2"),
            _digits(5, 0.9, "On MNIST", hidden="128:dropout0.2", data="mnist"),
        ),
        picture="confusion",
    ),
    "t1": Example(
        title="Random numbers cannot be learned",
        source="T1",
        chinese=TITLES["T1"][1],
        text="The tutorial trains on random numbers: 100 samples of twenty inputs, each with a target "
        "that has nothing to do with them.",
        written="Run as written, Keras reports an accuracy of 0 in every epoch: it counts the outputs "
        "that equal their target, and a random real number is equalled never. The loss stays near 0.69 = "
        "ln 2, that of always answering one half. Nothing is broken; there is nothing to learn.",
        look="The test loss does not fall below that of a constant answer (the dotted line), however long it "
        "trains; R² stays below 0.",
        attempt="1000 epochs: the training loss falls, as samples are learned by heart, and the test "
        "loss rises.",
        variants=(
            Variant(
                label="As given",
                settings={
                    "data": "random_targets",
                    "samples": 200,
                    "hidden": "32",
                    "activation": "relu",
                    "loss": "binary_crossentropy",
                    "optimizer": "adam",
                    "learning_rate": 0.001,
                    "batch_size": 32,
                    "epochs": 10,
                },
                claim="Nothing is learned: the test R² is below 0.1 and the loss near 0.69.",
                holds=lambda run: run.tested < 0.1 and 0.6 < run.tested_loss < 0.8,
                measured="Test R² is {tested:.2f} and the test loss {tested_loss:.3f} after {epochs} epochs.",
            ),
        ),
        picture="loss",
    ),
    "t2": Example(
        title="Xor by gradient descent",
        source="T2",
        chinese=TITLES["T2"][1],
        text="The four points of xor, all of them at every step: two inputs, four sigmoid neurons, one "
        "sigmoid output, squared error, plain gradient descent.",
        written="The code as written cannot run: it multiplies the inputs (4 × 2) by the output's "
        "weights (4 × 1), whose shapes do not fit; and its gradient is not that of its loss. Done right "
        "it still hardly moves: sigmoid slopes of at most 1/4, twice, and a learning rate of 0.01 make "
        "steps too small for 1000 epochs.",
        look="The map stays grey: every answer is near one half. With a large learning rate it stays "
        "grey for a while and then turns quickly.",
        attempt="Learning rates between 0.01 and 10; Adam instead of plain gradient descent.",
        variants=(
            Variant(
                label="Learning rate 0.01",
                settings=XOR,
                claim="After 1000 epochs the loss is still above 0.2: that of answering one half is 0.25.",
                holds=lambda run: run.loss > 0.2,
                measured="The loss is {loss:.3f} after {epochs:,} epochs; it began at {first_loss:.3f}.",
            ),
            Variant(
                label="Learning rate 10",
                settings={**XOR, "learning_rate": 10.0},
                claim="In the same 1000 epochs all four points are right, and the loss is below 0.01.",
                holds=lambda run: run.tested == 1 and run.loss < 0.01,
                measured="{tested:.0%} of the points are right, the loss is {loss:.4f} after {epochs:,} "
                "epochs.",
            ),
        ),
        picture="map",
    ),
    "t3a": Example(
        title="A dense network on digits",
        source="T3a",
        chinese=TITLES["T3"][1],
        text="784 pixels, 64 hidden neurons, ten outputs: each hidden neuron is a picture of weights "
        "laid over the digit.",
        written="Run as written it ends with an error, “target and output must have the same rank”: "
        "categorical cross-entropy wants a row of ten numbers for each target (one-hot), and the labels "
        "are single integers, shape (32,) beside outputs of shape (32, 10). Sparse categorical "
        "cross-entropy takes the integers as they are; it is the same formula.",
        look="Accuracy on training and test samples: they part slowly.",
        attempt="The loss categorical cross-entropy: nnplay then encodes the labels one-hot, and the "
        "numbers are the same.",
        variants=(_digits(10, 0.9, "As meant: 10 epochs", hidden="64"),),
        picture="metric",
    ),
    "t3b": Example(
        title="Reading a digit with two LSTMs",
        source="T3b",
        chinese=TITLES["T3"][1],
        text="A recurrent network reads the picture as a sequence. The tutorial gives it one pixel a "
        "step, 784 steps; one row a step is 28 steps of 28 numbers, and learns in seconds what the other "
        "hardly begins.",
        look="The states and gates over time of one digit, row after row, as they learn; gradients of the "
        "first layer (under Inside): over 784 steps they have a long way back.",
        attempt="One pixel a step, as given, but shortened to 320 training digits and 2 epochs: a batch goes "
        "through 784 steps and back, about two seconds on two cores. The tutorial's 10 epochs take a "
        "quarter of an hour with all 1,437 digits (1,797 samples, in the sidebar), with MNIST's 48,000 more "
        "than eight hours.",
        variants=(
            _digits(10, 0.85, "One row a step", hidden="rows-lstm64-lstm64", activation="tanh"),
            Variant(
                label="One pixel a step",
                settings={
                    **DIGITS,
                    "hidden": "pixels-lstm64-lstm64",
                    "activation": "tanh",
                    "epochs": 2,
                    "samples": 400,
                },
                claim="After two epochs on 320 digits it is hardly better than guessing: below 40 %.",
                holds=lambda run: run.tested < 0.4,
                measured="{tested:.1%} of the test digits are right after {epochs} epochs.",
            ),
        ),
        picture="confusion",
    ),
    "t3c": Example(
        title="A convolutional network on digits",
        source="T3c",
        chinese=TITLES["T3"][1],
        text="Two convolutions look for the same small shapes everywhere, pooling keeps the strongest of "
        "each neighbourhood; it has no weights.",
        look="The feature maps of one digit, layer by layer; under What matters the pixels that speak for "
        "the answer; among Errors the surest ones. Draw a digit of your own.",
        attempt="Half the filters; average instead of max pooling; T3a's dense network for comparison.",
        variants=(
            _digits(10, 0.95, "As given: 10 epochs", hidden="conv32k3-pool2-conv64k3-pool2-flatten-64"),
            _digits(25, 0.97, "25 epochs", hidden="conv32k3-pool2-conv64k3-pool2-flatten-64"),
            _digits(10, 0.95, "On MNIST", hidden="conv32k3-pool2-conv64k3-pool2-flatten-64", data="mnist"),
        ),
        picture="confusion",
    ),
    "t3d": Example(
        title="Attention over the rows of a digit",
        source="T3d",
        chinese=TITLES["T3"][1],
        text="Self-attention: every row of the picture asks all rows with a query Q, and takes from each "
        "as much of its value V as its key K answers: softmax(Q Kᵀ / √d) V.",
        written="Run as written it ends with an error, “Attention layer must be called on a list of "
        "inputs”: it needs a query and a value, and in a Sequential it gets one tensor. It also needs a "
        "sequence to look over, which a single vector of 64 is not. Done right, each row of the picture "
        "is a step.",
        look="The attention matrix of one digit: which rows (columns of the matrix) each row asks, as it "
        "learns; how soon that is, beside T3b's LSTMs, which read the same rows in order.",
        attempt="The layer 'position' before attention: without it the order of the rows is lost.",
        variants=(_digits(10, 0.7, "As meant: 10 epochs", hidden="rows-64-attention1h64-flatten"),),
        picture="metric",
    ),
    "t4": Example(
        title="Random labels, only noise",
        source="T4",
        chinese=TITLES["T4"][1],
        text="A thousand points, and a coin tossed for the class of each. The small network has nothing "
        "to find: what little it gains on the training points is noise.",
        look="The accuracy on the test samples: it stays at one half.",
        attempt="Predict the new sample (0.1, 0.2) under Predict: the answer is near one half, as it "
        "should be. Two layers of 64 and Adam learn part of the noise by heart.",
        variants=(
            Variant(
                label="As given",
                settings={
                    "data": "random_labels",
                    "samples": 2000,
                    "hidden": "4",
                    "activation": "relu",
                    "loss": "binary_crossentropy",
                    "optimizer": "sgd",
                    "learning_rate": 0.01,
                    "batch_size": 10,
                    "epochs": 100,
                },
                claim="The test accuracy stays at chance, between 45 % and 55 %.",
                holds=lambda run: 0.45 <= run.tested <= 0.55,
                measured="{tested:.1%} of the test samples are right after {epochs} epochs.",
            ),
        ),
        picture="map",
    ),
}
