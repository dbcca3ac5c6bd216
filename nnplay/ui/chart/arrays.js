// Figures as they come: JSON whose arrays are base64 of a type, and {again: n} for the n-th array of the figure.

const ARRAYS = {
  f4: Float32Array, f8: Float64Array, i4: Int32Array, i2: Int16Array, i1: Int8Array, u1: Uint8Array,
};

export function parseFigure(bytes) {
  const arrays = [];
  return JSON.parse(new TextDecoder().decode(bytes), (name, value) => {
    if (value?.bdata !== undefined) arrays.push(value);
    return value?.again === undefined ? value : arrays[value.again];
  });
}

export function valuesOf({dtype, bdata}) {
  return new ARRAYS[dtype](Uint8Array.from(atob(bdata), c => c.charCodeAt(0)).buffer);
}
