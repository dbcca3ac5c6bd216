"""First steps: small tasks for newcomers, each with an experiment to open and a goal that is measured.

A step is solved by what a run has reached, whatever way led there; `way` is one that does, as tests prove.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay.catalog import METRICS
from nnplay.engine.state import Stop
from nnplay.experiment import Experiment

# What a run has reached is the median over so many last epochs: no lucky one.
RECENT = 5


@dataclass(frozen=True)
class Reached:
    """Where a run stands. `trained`, `tested`: the task's first metric (accuracy, R²) on training and test
    samples, NaN before there are `RECENT` epochs."""

    experiment: Experiment
    epochs: int
    trained: float
    tested: float
    diverged: bool

    @property
    def neurons(self) -> int:
        """Hidden neurons, all layers together."""
        return sum(layer.units for layer in self.experiment.layers)

    @property
    def layers(self) -> int:
        """Hidden layers."""
        return len(self.experiment.layers)


def reached(
    experiment: Experiment, names: tuple[str, ...], values: np.ndarray, stopped: Stop | None
) -> Reached:
    """What the rows of a run (epochs, columns) come to."""
    metric = METRICS[experiment.task][0]
    trained, tested = np.nan, np.nan
    if len(values) >= RECENT:
        trained, tested = (
            float(np.median(values[-RECENT:, names.index(name)])) for name in (metric, f"val_{metric}")
        )
    diverged = stopped is not None and stopped.reason == "diverged"
    return Reached(experiment, len(values), trained, tested, diverged)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One step. `opens`: settings of the experiment it begins with; `attempt`: what to try there; `goal` and
    `solved`: what is to be reached, in words and measured; `done`: what is said then, with fields of
    `Reached`; `way`: settings that lead there, and `way_words`: why."""

    title: str
    text: str
    opens: Mapping[str, Any]
    attempt: str
    goal: str
    solved: Callable[[Reached], bool]
    done: str
    way: Mapping[str, Any] = field(default_factory=dict)
    way_words: str = ""


# Few points, some of them with the wrong label: easily learned by heart.
FEW: dict[str, Any] = {
    "data": "gauss",
    "position_noise": 0.2,
    "label_noise": 0.15,
    "samples": 300,
    "test_fraction": 0.8,
}

LESSONS: dict[str, Lesson] = {
    "line": Lesson(
        title="A straight line is not enough",
        text="One class lies in a ring around the other. This network has no hidden layer, so the boundary "
        "between blue and orange can only be a straight line.",
        opens={"data": "circle", "hidden": "", "learning_rate": 0.03},
        attempt="Press Play and watch it fail. Then add a hidden layer with the + on the picture, give it a "
        "few neurons, and play again.",
        goal="95 % of the test points right.",
        solved=lambda run: run.tested >= 0.95,
        done="{tested:.0%} of the test points are right. Each hidden neuron draws one line; together they "
        "close around the disc.",
        way={"hidden": "3"},
        way_words="Three neurons draw three lines, and three lines are enough to fence the disc in.",
    ),
    "xor": Lesson(
        title="Exclusive or with the fewest neurons",
        text="Opposite corners belong to the same class. Eight hidden neurons learn that easily, but most of "
        "them are not needed.",
        opens={"data": "xor", "hidden": "8"},
        attempt="Take neurons away with the − on the picture, play, and see how far down you can go.",
        goal="95 % of the test points right, with at most 4 hidden neurons.",
        solved=lambda run: run.tested >= 0.95 and run.neurons <= 4,
        done="{tested:.0%} of the test points are right with {neurons} hidden neurons. Three can do it as "
        "well, from lucky initial weights: try other seeds.",
        way={"hidden": "4"},
        way_words="Four neurons in one layer: each cuts off one of the corners.",
    ),
    "break": Lesson(
        title="Break it",
        text="The learning rate is how far the weights move in one step downhill. A step that is too long "
        "lands on the other side of the valley, higher up than before.",
        opens={
            "data": "plane",
            "hidden": "8",
            "activation": "relu",
            "optimizer": "sgd",
            "learning_rate": 0.03,
        },
        attempt="Press Play: it learns well. Now raise the learning rate, up to 10, while it goes on.",
        goal="The run diverges: its loss grows beyond all numbers.",
        solved=lambda run: run.diverged,
        done="It broke in epoch {epochs}. The coach says why; a learning rate ten times smaller mends it.",
        way={"learning_rate": 10.0},
        way_words="At a learning rate of 10 every step overshoots, and each overshoots more than the last.",
    ),
    "zeros": Lesson(
        title="Why do all neurons stay the same?",
        text="All weights of this network begin at zero. Equal neurons get equal gradients, so nothing ever "
        "tells them apart.",
        opens={"data": "moons", "hidden": "8-4", "initializer": "zeros"},
        attempt="Play and look at the little maps of the neurons. Then choose other initial weights under "
        "“More about the network”, and press Reset.",
        goal="95 % of the test points right.",
        solved=lambda run: run.tested >= 0.95,
        done="{tested:.0%} of the test points are right: random initial weights gave every neuron something "
        "of its own to begin with.",
        way={"initializer": "glorot_uniform"},
        way_words="Random weights of a fitting size make the neurons differ from the first step on.",
    ),
    "deep": Lesson(
        title="Make eight layers learn",
        text="Eight layers of sigmoid neurons: on its way back each layer makes the gradient smaller, until "
        "the first layers hear next to nothing. It vanishes.",
        opens={
            "data": "circle",
            "hidden": "8-8-8-8-8-8-8-8",
            "activation": "sigmoid",
            "optimizer": "sgd",
            "learning_rate": 0.03,
        },
        attempt="Play and read what the coach says. Then change the activation, the initial weights, the "
        "optimizer or the normalisation, but keep the eight layers.",
        goal="95 % of the test points right, with at least 8 hidden layers.",
        solved=lambda run: run.tested >= 0.95 and run.layers >= 8,
        done="{tested:.0%} of the test points are right through {layers} hidden layers.",
        way={"activation": "relu", "initializer": "he_normal"},
        way_words="ReLU has slope 1 where it is on, and He's initial weights keep the signal's size from "
        "layer to layer.",
    ),
    "overfit": Lesson(
        title="Overfit on purpose",
        text="Two clouds, some wrong labels, and only 60 training points. A network with many neurons can "
        "learn those by heart, errors included, and is then worse on points it has never seen.",
        opens={**FEW, "hidden": "2"},
        attempt="Give it far more neurons, and let it train for long. Watch how the two curves of the "
        "accuracy part.",
        goal="85 % of the training points right, and at least 15 percentage points fewer of the test points.",
        solved=lambda run: run.trained >= 0.85 and run.trained - run.tested >= 0.15,
        done="{trained:.0%} of the training points are right, but only {tested:.0%} of the test points: it "
        "has learned by heart.",
        way={"hidden": "16-16"},
        way_words="Two layers of 16 bend the boundary around every single training point.",
    ),
    "cure": Lesson(
        title="Cure it",
        text="This network overfits: it is far better on the points it was trained on than on the others.",
        opens={**FEW, "hidden": "16-16"},
        attempt="Put a price on large weights (Regularisation), take neurons away, add dropout, or give it "
        "more points to learn from (Samples, Test share). The noise stays.",
        goal="After 100 epochs, 75 % of the test points right, and at most 5 percentage points more of the "
        "training points.",
        solved=lambda run: (
            run.epochs >= 100
            and run.experiment.label_noise >= FEW["label_noise"]
            and run.tested >= 0.75
            and run.trained - run.tested <= 0.05
        ),
        done="{trained:.0%} of the training points and {tested:.0%} of the test points are right: what it "
        "has learned holds for points it never saw.",
        way={"regularizer": "l2", "regularization_rate": 0.03},
        way_words="A price on large weights (L2, 0.03) keeps the boundary too smooth for single errors.",
    ),
    "spiral": Lesson(
        title="The spiral, from x₁ and x₂ alone",
        text="Two arms wound around each other, the hard one. It is easier with sines among the inputs; here "
        "the network has to find the bends by itself.",
        opens={"data": "spiral", "hidden": "4-2"},
        attempt="Change the layers, the activation, the learning rate; leave the inputs at x₁ and x₂.",
        goal="90 % of the test points right, with no other inputs than x₁ and x₂.",
        solved=lambda run: run.tested >= 0.9 and run.experiment.features == ("x1", "x2"),
        done="{tested:.0%} of the test points are right after {epochs:,} epochs. You know your way "
        "around now.",
        way={"hidden": "8-8"},
        way_words="Two layers of eight: the first draws lines, the second bends them into arms. It takes "
        "some 400 epochs.",
    ),
}


def is_solved(lesson: Lesson, run: Reached) -> bool:
    """Whether a run reached the goal, on the data that the step is about."""
    return run.experiment.data == lesson.opens["data"] and lesson.solved(run)


def done_words(lesson: Lesson, run: Reached) -> str:
    """What is said of a run that solved it."""
    return lesson.done.format(
        tested=run.tested, trained=run.trained, neurons=run.neurons, layers=run.layers, epochs=run.epochs
    )
