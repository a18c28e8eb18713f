// Below the bench: the pieces, each as it is and turned, and the joints and sums.

import { h, s } from "./dom.js";
import { dimsOf, transpose } from "./shapes-arithmetic.js";
import { OPERATORS, SUMS } from "./shapes-line.js";

const CELL = 13;                                           // pixels of one entry

/**
 * The pieces of a question.
 * @param variant its pieces, in the order of its tray
 * @param paint from painter
 * @param hidden whether the sides are unnamed
 * @param acts {add(name, turned), draggable(node, label, name, turned)}
 */
export function trayPieces(variant, paint, hidden, acts) {
  const meaning = (name) => (name === "G" ? `upstream ∂L/∂${variant.out}` : name === "R" ? `1 where ${variant.asks[0].name} > 0, else 0` : variant.pieces[name].role === "parameter" ? "parameter" : "value");
  return variant.tray.map((name) => h("div", { class: "bs-pair", "data-piece": name }, [false, true].map((t) => trayPiece(variant.pieces[name], name, t, paint, hidden, acts)), h("span", { class: "bs-meaning" }, meaning(name))));
}

function trayPiece(piece, name, t, paint, hidden, acts) {
  const values = t ? transpose(piece.values) : piece.values, axes = t ? [piece.axes[1], piece.axes[0]] : piece.axes, [r, c] = dimsOf(values), wide = c * CELL, high = r * CELL;
  const short = (axis, n) => (hidden || axis === "1" ? String(n) : axis);
  const drawn = s("svg", { width: wide + 32, height: high + 22, "aria-hidden": "true" }, paint.box({ x: 28, y: 3, u: CELL, values, role: piece.role, name: "" }),
    axes[0] !== "1" && paint.rail("left", 28, 3, high, axes[0], r, false), axes[1] !== "1" && paint.rail("bottom", 28, 3 + high, wide, axes[1], c, false),
    s("text", { x: 17, y: 3 + high / 2, "text-anchor": "end", class: "bs-axis bs-small" }, short(axes[0], r)), s("text", { x: 28 + wide / 2, y: high + 17, "text-anchor": "middle", class: "bs-axis bs-small" }, short(axes[1], c)));
  const button = h("button", { class: "bs-piece", type: "button", "aria-label": `add ${name}${t ? " transposed" : ""}, ${r} by ${c}`, onclick: () => { if (!button.dataset.dragged) acts.add(name, t); } }, drawn,
    h("span", { class: "bs-caption" }, name + (t ? "ᵀ" : ""), h("kbd", { "aria-hidden": "true" }, (t ? "⇧" : "") + name.toUpperCase())));
  acts.draggable(button, name + (t ? "ᵀ" : ""), name, t);
  return button;
}

/** The joints and sums. */
export function trayTools(acts) {
  const tool = (id, d, act) => h("button", { class: "bs-button bs-tool", type: "button", "data-tool": id, onclick: act }, h("b", null, d.sign), h("span", null, d.name), h("kbd", { "aria-hidden": "true" }, d.key));
  return [...Object.entries(OPERATORS).map(([o, d]) => tool(o, d, () => acts.operator(o))), ...SUMS.map((d, axis) => tool(`sum${axis}`, d, () => acts.setSum(axis)))];
}
