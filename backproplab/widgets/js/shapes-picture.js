// Boxes with named sides: filled by role, railed by axis. Each code is doubled by text or pattern.

import { s } from "./dom.js";
import { dimsOf } from "./shapes-arithmetic.js";

/** A number as it stands in a cell. */
export const cellText = (v) => { const r = Math.round(v * 100) / 100; return r < 0 ? `−${-r}` : String(r + 0); };

/**
 * Draws in one look.
 * @param look {hidden, called: axis or null, index: {axis: 0..5}}
 */
export function painter(look) {
  const shown = (axis) => (look.hidden || axis === "1" ? "none" : String(look.index[axis] ?? "none"));
  const axisText = (axis, n) => (look.hidden || axis === "1" ? String(n) : `${axis} ${n}`);

  /**
   * A box with its cells.
   * @param b {x, y, u, values, role, name, show, hot(i, j), final, dashed, faint, cell(node, i, j, x, y)}
   */
  function box(b) {
    const [rows, columns] = dimsOf(b.values), { x, y, u } = b, width = columns * u, height = rows * u;
    const longest = Math.max(2, ...b.values.flat().map((v) => cellText(v).length));
    const flags = ["final", "dashed", "faint"].filter((f) => b[f]).map((f) => `bs-${f}`).join(" ");
    const cells = b.values.map((row, i) => row.map((v, j) => {
      const node = s("g", { class: "bs-square" }, s("rect", { x: x + j * u, y: y + i * u, width: u, height: u, class: b.hot?.(i, j) && "bs-hot" }),
        b.show && s("text", { x: x + (j + 0.5) * u, y: y + (i + 0.5) * u, "font-size": Math.min(12, u * 0.44, (u * 1.35) / longest) }, cellText(v)));
      b.cell?.(node, i, j, x + j * u, y + i * u);
      return node;
    }));
    return s("g", { class: `bs-box bs-${b.role} ${flags}` }, s("rect", { x, y, width, height, class: "bs-fill" }), cells, s("rect", { x, y, width, height, class: "bs-outline" }),
      !b.show && b.name && s("text", { x: x + width / 2, y: y + height / 2, class: "bs-name", "font-size": Math.min(22, Math.max(13, u * 0.8), Math.max(10, (1.9 * width) / b.name.length)) }, b.name));
  }

  /** The rail along one side ("left", "right", "top", "bottom") of length `length`, with its axis and size. */
  function rail(side, x, y, length, axis, n, labelled = true) {
    const off = 5, called = look.called === axis ? "bs-called" : "";
    const [x1, y1, x2, y2] = { left: [x - off, y, x - off, y + length], right: [x + off, y, x + off, y + length], top: [x, y - off, x + length, y - off], bottom: [x, y + off, x + length, y + off] }[side];
    const [tx, ty, anchor] = { left: [x - 13, y + length / 2, "end"], right: [x + 13, y + length / 2, "start"], top: [x + length / 2, y - 15, "middle"], bottom: [x + length / 2, y + 16, "middle"] }[side];
    return [s("line", { x1, y1, x2, y2, class: `bs-rail ${called}`, "data-axis": shown(axis) }),
      labelled && s("text", { x: tx, y: ty, "text-anchor": anchor, class: `bs-axis ${called}` }, axisText(axis, n))];
  }

  return { box, rail, axisText, shown };
}

/** The forward pass as a line of boxes: words are signs, or [name, turned]. */
export function forwardPicture(paint, variant, hot) {
  const u = 15, turnedBox = ([name, t]) => { const p = variant.pieces[name], values = t ? p.values[0].map((_, j) => p.values.map((row) => row[j])) : p.values; return { ...p, name: name + (t ? "ᵀ" : ""), values, axes: t ? [p.axes[1], p.axes[0]] : p.axes }; };
  const tallest = u * Math.max(...variant.words.map((w) => (Array.isArray(w) ? turnedBox(w).values.length : 1))), middle = 20 + tallest / 2;
  const made = [];
  let x = 14;
  for (const word of variant.words) {
    if (!Array.isArray(word)) {
      made.push(s("text", { x, y: middle, class: "bs-op" }, word));
      x += Math.max(20, word.length * 9) + 8;
      continue;
    }
    const p = turnedBox(word), [r, c] = dimsOf(p.values), y = middle - (r * u) / 2;
    if (p.axes[0] !== "1") x += 32;
    made.push(paint.box({ x, y, u, values: p.values, role: p.role, name: p.name, hot: hot(word[0], p.axes) }));
    if (p.axes[0] !== "1") made.push(...paint.rail("left", x, y, r * u, p.axes[0], r));
    if (p.axes[1] !== "1") made.push(...paint.rail("bottom", x, y + r * u, c * u, p.axes[1], c));
    x += c * u + 12;
  }
  made.push(s("text", { x, y: middle, class: "bs-op" }, "→"), s("rect", { x: x + 24, y: middle - u / 2, width: u, height: u, class: "bs-loss" }),
    s("text", { x: x + 24 + u / 2, y: middle, class: "bs-name", "font-size": 13 }, "L"));
  const width = x + 52, height = 48 + tallest;
  const said = Object.entries(variant.pieces).map(([n, p]) => `${n} is ${dimsOf(p.values).map((size, i) => paint.axisText(p.axes[i], size)).join(" by ")}`).join("; ");
  return s("svg", { role: "img", "aria-label": `${variant.said}, then the loss L. ${said}`, viewBox: `0 0 ${width} ${height}`, width }, made.filter(Boolean));
}
