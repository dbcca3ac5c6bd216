"""How often the coach is right: experiments whose fault is known because it was put there, and sound ones.

For every rule: `hits`, the experiments with its fault where it spoke; `missed`, where it did not; `false`,
the others where it spoke first although their fault is another one, or none.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from loky import ProcessPoolExecutor

from nnplay.coach import RULES, Evidence, advise
from nnplay.experiment import Experiment, make

SOUND = "sound"
VIEWS = ("activations", "weights", "baseline")


def experiments() -> Iterator[tuple[str, dict[str, Any]]]:
    """(fault, settings); the fault is the name of a rule, or "sound"."""
    planes = ("circle", "xor", "gauss", "moons")
    for data, activation in product(planes, ("tanh", "relu", "gelu", "elu")):
        yield SOUND, {"data": data, "hidden": "8-8", "activation": activation, "epochs": 100}
    for data, optimizer in product(planes, ("sgd", "rmsprop", "adamw", "nadam")):
        rate = 0.1 if optimizer == "sgd" else 0.01
        yield (
            SOUND,
            {"data": data, "hidden": "8", "optimizer": optimizer, "learning_rate": rate, "epochs": 100},
        )
    for data in ("iris", "wine", "breast_cancer", "plane", "sine"):
        yield SOUND, {"data": data, "hidden": "16", "epochs": 200, "test_fraction": 0.3}
    for data, depth in product(("circle", "gauss"), (6, 10)):
        yield (
            SOUND,
            {
                "data": data,
                "hidden": "-".join(["8"] * depth),
                "activation": "relu",
                "initializer": "he_normal",
                "epochs": 60,
            },
        )
    for data, rate in product(("plane", "sine", "gaussians", "diabetes"), (10.0, 100.0)):
        yield (
            "diverged",
            {
                "data": data,
                "optimizer": "sgd",
                "learning_rate": rate,
                "epochs": 30,
                "activation": "relu",
            },
        )
    for data, rate in product(("wine", "breast_cancer", "diabetes"), (0.001, 0.01)):
        yield (
            "unscaled",
            {
                "data": data,
                "standardize": "off",
                "hidden": "16",
                "optimizer": "sgd",
                "learning_rate": rate,
                "activation": "tanh",
                "epochs": 100,
            },
        )
    for data, initializer in product(planes, ("zeros", "ones")):
        yield "symmetric", {"data": data, "hidden": "8-4", "initializer": initializer, "epochs": 60}
    for data, hidden in product(planes, ("8", "8-8")):
        yield "no_gradient", {"data": data, "hidden": hidden, "activation": "step", "epochs": 40}
    for data, rate in product(planes, (3.0, 10.0)):
        yield (
            "dead",
            {"data": data, "hidden": "8-8-8", "activation": "relu", "learning_rate": rate, "epochs": 40},
        )
    for data, depth in product(planes, (12, 20)):
        yield (
            "vanishing",
            {
                "data": data,
                "hidden": "-".join(["6"] * depth),
                "activation": "sigmoid",
                "epochs": 40,
                "optimizer": "sgd",
                "learning_rate": 0.1,
            },
        )
    for data, hidden in product(planes, ("16-16", "8-8-8")):
        yield (
            "saturated",
            {"data": data, "hidden": hidden, "initializer": "too_large", "learning_rate": 1e-4, "epochs": 30},
        )
    for data, (hidden, activation) in product(
        ("circle", "xor", "moons", "spiral"), (("none", "tanh"), ("8-8", "linear"))
    ):
        yield "linear", {"data": data, "hidden": hidden, "activation": activation, "epochs": 150}
    for data, hidden in product(("circle", "xor", "spiral", "checkerboard"), ("1", "2")):
        yield "too_small", {"data": data, "hidden": hidden, "epochs": 300}
    for data, optimizer in product(planes, ("sgd", "adam")):
        yield (
            "rate_too_small",
            {"data": data, "optimizer": optimizer, "learning_rate": 1e-5, "epochs": 60},
        )
    for data, seed in product(("moons", "gauss", "spiral"), (1, 2)):
        yield (
            "overfitting",
            {
                "data": data,
                "label_noise": 0.25,
                "samples": 120,
                "hidden": "32-32",
                "activation": "relu",
                "epochs": 600,
                "seed": seed,
            },
        )
    for data, seed in product(("random_labels", "random_targets"), (1, 2, 3)):
        yield (
            "nothing_to_learn",
            {
                "data": data,
                "samples": 100,
                "hidden": "32-32",
                "activation": "relu",
                "epochs": 400,
                "seed": seed,
            },
        )


def run(settings: dict[str, Any]) -> list[str]:
    """The rules that speak after this experiment, in their order."""
    return [advice.rule for advice in advise(evidence_of(make(settings)))]


def evidence_of(experiment: Experiment) -> Evidence:
    """Train it to its end, and collect what the coach looks at."""
    import numpy as np

    from nnplay.engine import program
    from nnplay.engine.chunk import train_chunk
    from nnplay.engine.state import Rows

    # Without XLA a program is there in a quarter of the time; its numbers differ by rounding only.
    program.uses_xla = lambda experiment: False
    state, tables, stopped = None, [], None
    while stopped is None and (state is None or state.epoch < experiment.epochs):
        result = train_chunk(experiment, state, epochs=500, views=VIEWS)
        state, stopped = result.state, result.stopped
        tables.extend(result.rows.values.tolist())
    rows = Rows(result.rows.names, np.array(tables, "float32"))
    return Evidence(experiment, rows, **{name: result.views[name] for name in VIEWS}, stopped=stopped)


def measure() -> dict[str, Any]:
    """For every rule hits, missed and false, precision and recall; and every experiment that went wrong."""
    cases = list(experiments())
    with ProcessPoolExecutor(2) as executor:
        said = list(executor.map(run, [settings for _, settings in cases]))
    report: dict[str, Any] = {"experiments": len(cases), "rules": {}, "wrong": []}
    for rule in (*RULES, SOUND):
        first = [
            (fault, spoken[0] if spoken else SOUND) for (fault, _), spoken in zip(cases, said, strict=True)
        ]
        hits = sum(fault == rule == voice for fault, voice in first)
        missed = sum(fault == rule != voice for fault, voice in first)
        false = sum(fault != rule == voice for fault, voice in first)
        report["rules"][rule] = {
            "hits": hits,
            "missed": missed,
            "false": false,
            "precision": hits / max(1, hits + false),
            "recall": hits / max(1, hits + missed),
        }
    for (fault, settings), spoken in zip(cases, said, strict=True):
        if (spoken[:1] or [SOUND]) != [fault]:
            report["wrong"].append({"fault": fault, "said": spoken, **settings})
    return report


def table(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [
        f"{report['experiments']} experiments; the coach's first word against the fault that was put there",
        "",
        f"{'rule':18} {'hits':>5} {'missed':>7} {'false':>6} {'precision':>10} {'recall':>7}",
    ]
    for rule, row in report["rules"].items():
        lines.append(
            f"{rule:18} {row['hits']:5} {row['missed']:7} {row['false']:6} "
            f"{row['precision']:10.2f} {row['recall']:7.2f}"
        )
    for wrong in report["wrong"]:
        lines.append(f"wrong: {wrong}")
    return "\n".join(lines)
