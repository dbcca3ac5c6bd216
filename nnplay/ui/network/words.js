// What things are called, and numbers as they are written.

export function number(value) {
  if (!Number.isFinite(value)) return "not a number";
  const text = Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 0.0995 || value === 0
    ? value.toFixed(2) : Number(value.toPrecision(2)).toString();
  return text.replace("-", "−");
}

export const percent = share => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;

const isOutput = ({layers}, k) => k === layers.length - 1;

export function layerName(description, k) {
  return k < 0 ? "the inputs" : isOutput(description, k) ? "the output layer" : `layer ${k + 1}`;
}

// "x₁", "neuron 3 of layer 2", "the output".
export function neuronName(description, k, unit) {
  const {layers, inputs, outputs, task} = description;
  if (k < 0) return inputs[unit] ?? `input ${unit + 1}`;
  if (!isOutput(description, k)) return `neuron ${unit + 1} of layer ${k + 1}`;
  if (layers[k].units === 1) return "the output";
  return task === "regression" ? `output ${unit + 1}` : `the output for ${outputs[unit]}`;
}

// Its activation, and what else it has: "tanh", "ReLU, batch, 20 %".
export function layerSettings({choices, cannot}, {kind, box, activation, settings}) {
  const {normalization = "none", dropout} = settings;
  const label = choices.normalization.find(([name]) => name === normalization)[1].toLowerCase();
  return [box ? box.notation : kind === "dense" ? (cannot ? "dense, " : "") + activation.label : kind, ...(normalization === "none" ? [] : [label]),
    ...(dropout && kind !== "dropout" ? [percent(dropout)] : [])].join(", ");
}

// "1,168 weights".
export const weightsOf = ({parameters}) =>
  parameters ? `${parameters.toLocaleString("en")} weight${parameters === 1 ? "" : "s"}` : "no weights";

// "26 × 26 × 8": what a layer hands on.
export const shapeOf = ({box, units}) => box ? box.shape.join(" × ") : `${units}`;

// As it stands in a formula: an input by its name, a neuron as a with its number below.
export function symbol(description, k, unit) {
  if (k < 0) return description.inputs[unit] ?? `x${unit + 1}`;
  return "a" + String(unit + 1).replace(/\d/g, digit => "₀₁₂₃₄₅₆₇₈₉"[digit]);
}

// "the weight from x₁ to neuron 3 of layer 1", "the bias of the output".
export function weightName(description, {layer, from, to}) {
  const {units, sums} = description.layers[layer];
  const target = neuronName(description, layer, to % units) + (to >= units ? " (its gate)" : "");
  return from === null
    ? `the bias of ${target}`
    : `the weight from ${neuronName(description, layer - 1, from)} to ${target}`;
}

export const sentence = text => text[0].toUpperCase() + text.slice(1);

// A neuron's name over its card; an input's is a symbol (x₁) or a column's, and stays as it is.
export const heading = (description, k, unit) =>
  k < 0 ? neuronName(description, k, unit) : sentence(neuronName(description, k, unit));
