// Activation functions, as Keras computes them. One entry for each of the catalogue, by its name.
//
// `each(x, p)` is a function of one sum, with the catalogue's parameters `p`; `slope: 0` marks one whose
// gradient is 0 by definition. `layer(sums, points, p)` is a function of a whole layer: `sums` holds the
// arrays of its units, each with one value a point, and so does what it returns.

const sigmoid = x => x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
const softplus = x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
// Twice as quick as Math.tanh, and as good in 32 bits.
const tanh = x => 1 - 2 / (Math.exp(2 * x) + 1);
const clip = (x, low, high) => x < low ? low : x > high ? high : x;

// Complementary error function, to 1.2e-7 of its value (Numerical Recipes in C, 2nd edition, section 6.2).
function erfc(x) {
  const z = Math.abs(x), t = 1 / (1 + 0.5 * z);
  const series = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398,
    1.48851587, -0.82215223, 0.17087277].reduceRight((sum, term) => sum * t + term);
  const value = t * Math.exp(-z * z + series);
  return x >= 0 ? value : 2 - value;
}

// Calls `act(column)` for the sums of each point, an array with one value a unit, which `act` changes.
function byPoint(sums, points, act) {
  const out = sums.map(() => new Float32Array(points)), column = new Float64Array(sums.length);
  for (let p = 0; p < points; p++) {
    for (let u = 0; u < sums.length; u++) column[u] = sums[u][p];
    act(column);
    for (let u = 0; u < sums.length; u++) out[u][p] = column[u];
  }
  return out;
}

function softmaxLogarithm(column) {
  const top = Math.max(...column);
  let total = 0;
  for (const x of column) total += Math.exp(x - top);
  const shift = top + Math.log(total);
  for (let u = 0; u < column.length; u++) column[u] -= shift;
}

// As Keras 3.15 has it: it adds up all partial sums of the support, where the paper takes the last alone.
function sparsemax(column) {
  const sorted = Float64Array.from(column).sort().reverse();
  let partial = 0, total = 0, support = 0;
  sorted.forEach((x, k) => {
    partial += x;
    if (x - (partial - 1) / (k + 1) > 0) { total += partial; support += 1; }
  });
  const threshold = (total - 1) / support;
  for (let u = 0; u < column.length; u++) column[u] = Math.max(column[u] - threshold, 0);
}

const SELU_SCALE = 1.0507009873554805, SELU_ALPHA = 1.6732632423543772;

export const ACTIVATIONS = {
  tanh: {each: tanh},
  relu: {each: x => Math.max(x, 0)},
  sigmoid: {each: sigmoid},
  linear: {each: x => x},
  leaky_relu: {each: (x, p) => x >= 0 ? x : p.negative_slope * x},
  elu: {each: (x, p) => x > 0 ? x : p.alpha * Math.expm1(x)},
  selu: {each: x => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * Math.expm1(x))},
  gelu: {each: x => 0.5 * x * erfc(-x / Math.SQRT2)},
  silu: {each: x => x * sigmoid(x)},
  mish: {each: x => x * Math.tanh(softplus(x))},
  softplus: {each: softplus},
  softsign: {each: x => x / (1 + Math.abs(x))},
  celu: {each: (x, p) => x > 0 ? x : p.alpha * Math.expm1(x / p.alpha)},
  relu6: {each: x => clip(x, 0, 6)},
  squareplus: {each: (x, p) => (x + Math.sqrt(x * x + p.b)) / 2},
  sparse_plus: {each: x => x <= -1 ? 0 : x < 1 ? (x + 1) ** 2 / 4 : x},
  hard_tanh: {each: x => clip(x, -1, 1)},
  hard_sigmoid: {each: x => clip(x / 6 + 0.5, 0, 1)},
  hard_silu: {each: x => x * clip(x / 6 + 0.5, 0, 1)},
  sparse_sigmoid: {each: x => clip((x + 1) / 2, 0, 1)},
  exponential: {each: Math.exp},
  log_sigmoid: {each: x => -softplus(-x)},
  soft_shrink: {each: (x, p) => x > p.threshold ? x - p.threshold : x < -p.threshold ? x + p.threshold : 0},
  hard_shrink: {each: (x, p) => Math.abs(x) > p.threshold ? x : 0},
  tanh_shrink: {each: x => x - Math.tanh(x)},
  threshold: {each: (x, p) => x > p.threshold ? x : p.default_value},
  step: {each: x => x > 0 ? 1 : 0, slope: 0},
  softmax: {
    layer: (sums, points) => byPoint(sums, points, column => {
      softmaxLogarithm(column);
      for (let u = 0; u < column.length; u++) column[u] = Math.exp(column[u]);
    }),
  },
  log_softmax: {layer: (sums, points) => byPoint(sums, points, softmaxLogarithm)},
  sparsemax: {layer: (sums, points) => byPoint(sums, points, sparsemax)},
  // The first half of the sums pass, as far as the second half lets them.
  glu: {
    layer: sums => {
      const half = sums.length / 2;
      return sums.slice(0, half).map((sum, u) => sum.map((x, p) => x * sigmoid(sums[half + u][p])));
    },
  },
};
