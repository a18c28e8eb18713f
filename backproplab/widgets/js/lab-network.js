// A small network computed in the page, from parameters that came with a training; and lines of equal value on a grid.

import { CURVES } from "./lab-curves.js";

/**
 * The probability of class 1 at some points.
 * @param params for each layer [weights row by row, biases]
 * @param sizes inputs, units of each hidden layer, 1
 */
export function probabilities(params, sizes, activation, points) {
  const f = CURVES[activation][0];
  let now = points;
  params.forEach(([W, b], k) => {
    const inputs = sizes[k], outputs = sizes[k + 1], last = k === params.length - 1;
    now = now.map((x) => {
      const z = new Array(outputs);
      for (let j = 0; j < outputs; j++) {
        let sum = b[j];
        for (let i = 0; i < inputs; i++) sum += x[i] * W[i * outputs + j];
        z[j] = last ? sum : f(sum);
      }
      return z;
    });
  });
  return now.map(([u]) => 0.5 + 0.5 * Math.tanh(0.5 * u));
}

/** The points of a grid, row by row from the lowest y. */
export const gridPoints = (xs, ys) => ys.flatMap((y) => xs.map((x) => [x, y]));

/** Segments [[x, y], [x, y]] along which values on a grid are `level`; on an edge the value is taken to change evenly. */
export function contour(values, xs, ys, level) {
  const at = (i, j) => values[j * xs.length + i] - level, segments = [];
  for (let j = 0; j + 1 < ys.length; j++) {
    for (let i = 0; i + 1 < xs.length; i++) {
      const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]], ends = [];
      for (let k = 0; k < 4; k++) {
        const [p, q] = [corners[k], corners[(k + 1) % 4]], [u, v] = [at(...p), at(...q)];
        if (u > 0 !== v > 0) { const t = u / (u - v); ends.push([xs[p[0]] + t * (xs[q[0]] - xs[p[0]]), ys[p[1]] + t * (ys[q[1]] - ys[p[1]])]); }
      }
      for (let k = 0; k + 1 < ends.length; k += 2) segments.push([ends[k], ends[k + 1]]);
    }
  }
  return segments;
}
