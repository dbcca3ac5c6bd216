"""How far back a recurrent layer's gradient reaches, measured on Keras's SimpleRNN, LSTM and GRU."""

from typing import Any

import numpy as np

from nnplay.engine.backend import keras, tf

INPUTS = 4
# The greatest slope of each activation: g in the bounds of Pascanu 2013.
GREATEST_SLOPES = {"tanh": 1.0, "sigmoid": 0.25, "linear": 1.0, "relu": 1.0}


def through_time(
    cell: str,
    activation: str = "tanh",
    units: int = 64,
    steps: int = 60,
    spectral_radius: float = 1.0,
    orthogonal: bool = True,
    gate_bias: float = 1.0,
    seed: int = 1,
    samples: int = 32,
    clip: float = 1.0,
) -> dict[str, Any]:
    """The gradient of s = u · h_T with respect to every earlier state and input of an untrained layer.

    h_T is the last output, u a random unit vector for each sample, so that a layer that hands its state on
    unchanged has gradient 1 at every lag. Inputs are normal, (samples, steps, 4). `cell`: "simple_rnn",
    "lstm" or "gru"; `activation` is that of the simple one, the gated ones keep Keras's own. Every recurrent
    matrix (one a gate) is drawn with this spectral radius: a rotation times the radius, or Gaussian weights
    scaled to it. `gate_bias` is the bias of the gate that keeps the old state, an LSTM's forget gate (Keras
    starts it at 1) or a GRU's update gate (Keras: 0). All else starts as Keras starts it.

    "lag" (steps,): 0 is the last step. "gradient" (steps,): root mean square over the samples of
    |ds/d(state at T - lag)|, the state of an LSTM being output and cell together. "input_gradient" (steps,):
    the same for the input read at T - lag. "largest_singular": of the recurrent matrices. "g": the greatest
    slope of the activation. "bound" (steps,): (g * largest_singular)^lag, which no gradient of the simple
    layer can exceed (Pascanu, Mikolov and Bengio 2013); empty for the gated ones. "weight_gradient": norm of
    the gradient of mean s with respect to the recurrent matrix, "clipped_gradient": the same as a Keras
    optimizer with clipnorm = `clip` uses it.
    """
    layer = _layer(cell, activation, units, seed)
    rng = np.random.default_rng([seed, 1])
    x = rng.normal(size=(samples, steps, INPUTS)).astype("float32")
    direction = rng.normal(size=(samples, units)).astype("float32")
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    layer.build(x.shape)
    blocks = layer.cell.recurrent_kernel.shape[1] // units
    matrices = [_matrix(units, spectral_radius, orthogonal, rng) for _ in range(blocks)]
    layer.cell.recurrent_kernel.assign(np.concatenate(matrices, axis=1))
    _set_gate(cell, layer, units, gate_bias)

    inputs = [tf.constant(x[:, step]) for step in range(steps)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        states, per_step = _start(layer, samples), []
        for given in inputs:
            _, states = layer.cell(given, states)
            # A copy, so that the derivative by the cell's memory leaves out the way through this output.
            states = [tf.identity(state) for state in states]
            per_step.append(states)
        score = tf.reduce_sum(states[0] * direction)
    kernel = layer.cell.recurrent_kernel.value
    sources = [*[state for states in per_step for state in states], *inputs, kernel]
    gradients = tape.gradient(score, sources, unconnected_gradients=tf.UnconnectedGradients.ZERO)
    kinds = len(per_step[0])
    by_state = np.array(gradients[: kinds * steps]).reshape(steps, kinds, samples, units)
    by_input = np.array(gradients[kinds * steps : -1])
    weight_gradient = gradients[-1] / samples

    largest = max(float(np.linalg.norm(matrix, 2)) for matrix in matrices)
    lag = np.arange(steps)
    simple = cell == "simple_rnn"
    g = GREATEST_SLOPES[activation] if simple else float("nan")
    return {
        "lag": lag,
        "gradient": _length(by_state.transpose(0, 2, 1, 3).reshape(steps, samples, -1))[::-1].copy(),
        "input_gradient": _length(by_input)[::-1].copy(),
        "largest_singular": largest,
        "g": g,
        "bound": np.power(g * largest, lag) if simple else np.empty(0),
        "weight_gradient": float(tf.norm(weight_gradient)),
        "clipped_gradient": _clipped(weight_gradient, clip),
    }


def _layer(cell: str, activation: str, units: int, seed: int) -> Any:
    start = keras.initializers.GlorotUniform(seed=seed)
    more = {"kernel_initializer": start, "return_sequences": True}
    if cell == "simple_rnn":
        return keras.layers.SimpleRNN(units, activation=activation, **more)
    return {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[cell](units, **more)


def _set_gate(cell: str, layer: Any, units: int, bias: float) -> None:
    if cell == "simple_rnn":
        return
    biases = np.array(layer.cell.bias)
    if cell == "lstm":
        biases[units : 2 * units] = bias  # in the order of Keras: input, forget, memory, output
    else:
        biases[0, :units] = bias  # update, reset, new state; the second row is added to the recurrent sums
    layer.cell.bias.assign(biases)


def _start(layer: Any, samples: int) -> list[Any]:
    states = layer.cell.get_initial_state(batch_size=samples)
    return list(states) if isinstance(states, list | tuple) else [states]


def _matrix(units: int, radius: float, orthogonal: bool, rng: np.random.Generator) -> np.ndarray:
    """A random (units, units) matrix whose largest absolute eigenvalue is `radius`."""
    gaussian = rng.normal(size=(units, units))
    if orthogonal:
        rotation, upper = np.linalg.qr(gaussian)
        # With these signs every rotation is equally likely (Mezzadri 2007).
        matrix = rotation * np.sign(np.diag(upper))
    else:
        matrix = gaussian / np.abs(np.linalg.eigvals(gaussian)).max()
    return (radius * matrix).astype("float32")


def _length(vectors: np.ndarray) -> np.ndarray:
    """Root mean square over the samples of the vectors' lengths, (steps, samples, n) -> (steps,)."""
    return np.asarray(np.sqrt(np.mean(np.sum(np.square(vectors, dtype=np.float64), axis=-1), axis=-1)))


def _clipped(gradient: Any, limit: float) -> float:
    """Length of the step that plain descent at rate 1 takes when it clips by norm."""
    weights = keras.Variable(np.zeros(gradient.shape, "float32"))
    keras.optimizers.SGD(learning_rate=1.0, clipnorm=limit).apply([gradient], [weights])
    return float(tf.norm(weights.value))
