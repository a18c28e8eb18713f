// Activations as the page draws and computes them: each with its slope, and the range in which it is drawn.

export const CURVES = {
  sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (z) => { const a = 1 / (1 + Math.exp(-z)); return a * (1 - a); }, 0, 1],
  tanh: [Math.tanh, (z) => 1 - Math.tanh(z) ** 2, -1, 1],
  relu: [(z) => Math.max(0, z), (z) => (z > 0 ? 1 : 0), 0, 2],
  leaky_relu: [(z) => (z > 0 ? z : 0.01 * z), (z) => (z > 0 ? 1 : 0.01), 0, 2],
  softplus: [(z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))), (z) => 1 / (1 + Math.exp(-z)), 0, 2],
};
