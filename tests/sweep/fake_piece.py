"""Stand-ins: a worker's piece that needs no Keras, and sweeps on executors worked by hand."""

import numpy as np
from fake_engine import Clock, Hand, no_warm_up

from nnplay.experiment import Experiment
from nnplay.jobs.lanes import Lanes
from nnplay.jobs.settings import Settings
from nnplay.sweep import Sweeps

# Epochs that a piece does.
PIECE = 40


def row(experiment: Experiment, epoch: int) -> tuple[float, ...]:
    """What is "measured" in an epoch: depends on every setting that these tests vary."""
    loss = experiment.learning_rate * (1 + experiment.seed) / epoch + len(experiment.hidden) / 1000
    return epoch, loss, 1 - loss, loss * 2 + (epoch % 7) / 1000, 1 - loss * 2


def fake_piece(task: dict) -> dict:
    """A piece of `nnplay.sweep.piece.train_piece`'s kind."""
    experiment = Experiment.from_json(task["experiment"])
    epoch = task["state"]["epoch"] if task["state"] else 0
    if experiment.seed == 666:
        raise RuntimeError("the weights\nare a mess")
    last = min(epoch + PIECE, experiment.epochs)
    rows = np.array([row(experiment, number) for number in range(epoch + 1, last + 1)], np.float32)
    return {
        "state": {"arrays": (np.array([last]),), "epoch": last},
        "names": ("epoch", "loss", "accuracy", "val_loss", "val_accuracy"),
        "rows": rows.reshape(-1, 5),
        "stop": None,
        "over": last == experiment.epochs,
        "seconds": 0.01,
        "compile_seconds": 0.0 if task["state"] else 2.0,
        "memory": 0,
        "worker": 1,
    }


class Bench:
    """`Sweeps` on lanes worked by hand: `hands` are the executors in the order of their making."""

    def __init__(self, lanes: int = 2, going=lambda: (), **settings) -> None:
        self.hands: list[Hand] = []
        self.clock = Clock()
        self.lanes = Lanes(lanes, self._make, warm=no_warm_up, clock=self.clock)
        self.sweeps = Sweeps(
            self.lanes, Settings(lanes, **settings), going=going, piece=fake_piece, clock=self.clock
        )

    def _make(self) -> Hand:
        self.hands.append(Hand())
        return self.hands[-1]

    def work(self, rounds: int = 100_000) -> None:
        """Up to so many rounds of one task a hand, until there is none."""
        for _ in range(rounds):
            self.clock.now += 0.1
            if not sum(hand.work() for hand in list(self.hands)):
                return
