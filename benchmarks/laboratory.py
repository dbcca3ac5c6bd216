"""The laboratories' questions beside the same written in plain eager Keras, each side in its own process.

Plain: a functional model of `Dense` layers, built as anybody would, a gradient tape in eager mode and
`numpy.histogram`. Ours: the questions as a page asks them, theory included. Both draw new initial weights in
every round. The two take turns; seconds are medians over the rounds, after one that is not counted.
"""

import time
from statistics import median
from typing import Any

from loky import ProcessPoolExecutor

FUNCTIONS = ("relu", "tanh", "sigmoid", "softsign", "elu", "gelu", "silu", "softplus")
SAMPLES, WIDTH, BINS = 256, 128, 40
ROUNDS = 5
# Label: functions, and the depth of their networks; 0 for the curves alone.
TASKS: dict[str, tuple[tuple[str, ...], int]] = {
    "curves of 8 functions": (FUNCTIONS, 0),
    "20 layers, 8 functions": (FUNCTIONS, 20),
    "100 layers, tanh": (("tanh",), 100),
    "100 layers, relu": (("relu",), 100),
}


def measure() -> dict[str, Any]:
    """Seconds of both sides and their ratio, for each of TASKS; and those of the theory, ours alone."""
    report, theory = {}, {}
    with ProcessPoolExecutor(1, env={"NNPLAY_THREADS": "0"}) as theirs, ProcessPoolExecutor(1) as ours:
        for label, (functions, depth) in TASKS.items():
            rounds = [
                (
                    *theirs.submit(plain, functions, depth, seed).result(),
                    *ours.submit(asked, functions, depth, seed).result(),
                )
                for seed in range(ROUNDS + 1)
            ][1:]
            plainly, plain_cpu, here, cpu = (median(column) for column in zip(*rounds, strict=True))
            report[label] = {
                "plain": plainly,
                "nnplay": here,
                "ratio": plainly / here,
                "plain_cpu": plain_cpu,
                "nnplay_cpu": cpu,
            }
        for name in FUNCTIONS:
            cold, warm = (ours.submit(theory_of, name).result() for _ in range(2))
            theory[name] = {"cold": cold, "warm": warm}
    return {"unit": "seconds, medians", "rounds": ROUNDS, "tasks": report, "phase diagram": theory}


def asked(functions: tuple[str, ...], depth: int, seed: int) -> tuple[float, float]:
    """Seconds that our answers take, by the clock and of the processor."""
    from nnplay.engine.laboratory import QUESTIONS

    start, cpu = time.perf_counter(), time.process_time()
    if not depth:
        QUESTIONS["curves"](functions, -6.0, 6.0, 1201)
    for name in functions if depth else ():
        QUESTIONS["propagate"](
            name, depth, WIDTH, SAMPLES, "he_normal", 1.0, 0.0, "none", False, seed, BINS
        )  # fmt: skip
    return time.perf_counter() - start, time.process_time() - cpu


def theory_of(name: str) -> float:
    """Seconds for order and chaos over 61 x 41 points."""
    from nnplay.engine.laboratory import QUESTIONS

    start = time.perf_counter()
    QUESTIONS["phase_diagram"](name, (0.1, 4.0, 61), (0.0, 2.0, 41))
    return time.perf_counter() - start


def plain(functions: tuple[str, ...], depth: int, seed: int) -> tuple[float, float]:
    """Seconds that the same measurements take in plain Keras, by the clock and of the processor."""
    from nnplay.engine.backend import tf

    start, cpu = time.perf_counter(), time.process_time()
    if depth:
        for name in functions:
            _plain_network(name, depth, seed)
    else:
        import keras
        import numpy as np

        for name in functions:
            x = tf.constant(np.linspace(-6, 6, 1201))
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = getattr(keras.activations, name)(x)
            tape.gradient(y, x).numpy()
    return time.perf_counter() - start, time.process_time() - cpu


def _plain_network(name: str, depth: int, seed: int) -> dict[str, Any]:
    import keras
    import numpy as np

    from nnplay.engine.backend import tf

    keras.utils.set_random_seed(seed)
    h = inputs = keras.Input((WIDTH,))
    sums, passed = [], []
    for _ in range(depth):
        z = keras.layers.Dense(WIDTH, kernel_initializer="he_normal")(h)
        h = keras.layers.Activation(name)(z)
        sums.append(z)
        passed.append(h)
    model = keras.Model(inputs, [*sums, *passed, keras.layers.Dense(1)(h)])
    x = np.random.default_rng(seed).standard_normal((SAMPLES, WIDTH)).astype("float32")
    with tf.GradientTape() as tape:
        outputs = model(x, training=True)
        loss = tf.reduce_mean((outputs[-1] - 1) ** 2) / 2
    kernels = model.trainable_variables[:-2:2]
    deltas, gradients = tape.gradient(loss, [outputs[:depth], kernels])
    with tf.GradientTape() as tape:
        tape.watch(outputs[:depth])
        again = [getattr(keras.activations, name)(z) for z in outputs[:depth]]
    slopes = tape.gradient(again, outputs[:depth])
    return {
        "pre_variance": [np.var(z.numpy()) for z in outputs[:depth]],
        "mean": [np.mean(h.numpy()) for h in outputs[depth : 2 * depth]],
        "std": [np.std(h.numpy()) for h in outputs[depth : 2 * depth]],
        "delta": [np.sqrt(np.mean(delta.numpy() ** 2)) for delta in deltas],
        "gradient": [np.linalg.norm(gradient.numpy()) for gradient in gradients],
        "dead": [np.mean(np.all(slope.numpy() == 0, axis=0)) for slope in slopes],
        "counts": [np.histogram(h.numpy(), BINS)[0] for h in outputs[depth : 2 * depth]],
    }


def table(report: dict[str, Any]) -> str:
    """The report as text."""
    lines = [f"{'seconds':<26} {'plain Keras':>12} {'nnplay':>10} {'ratio':>8} {'processor':>20}"]
    for label, row in report["tasks"].items():
        lines.append(
            f"{label:<26} {row['plain']:>12.3f} {row['nnplay']:>10.3f} {row['ratio']:>7.1f}x"
            f" {row['plain_cpu']:>10.3f} {row['nnplay_cpu']:>9.3f}"
        )
    for name, row in report["phase diagram"].items():
        lines.append(f"phase diagram, {name:<11} {'':>12} {row['warm']:>10.3f}   (first {row['cold']:.3f})")
    return "\n".join(lines)
