// Formulas: outlines that Python placed, drawn as SVG. Values are blue, gradients vermillion, everything else ink.

import { h, s } from "./dom.js";

/** Ways to draw the formulas of one state, which share its table of outlines. */
export function formulas(outlines) {
  const marks = (f) => [
    ...f.m.map(([key, x, y, k, role]) => s("path", { d: outlines[key], transform: `translate(${x} ${y}) scale(${k})`, class: role && `bp-${role}` })),
    ...f.b.map(([x, y, width, height, role]) => s("rect", { x, y, width, height, class: role && `bp-${role}` })),
  ];

  /** A formula in a line of text, its baseline on the text's. Without a label it is part of something that has one. */
  function formula(f, className = "", label = f.say) {
    const pad = 2, height = f.up + f.down + 2 * pad;
    return s("svg", {
      class: `bp-math ${className}`, ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }), width: f.w + 2 * pad, height,
      viewBox: `${-pad} ${-f.up - pad} ${f.w + 2 * pad} ${height}`, style: `vertical-align:${-f.down - pad}px`,
    }, marks(f));
  }

  /** A long formula comes in pieces, so that a narrow page breaks it between terms. */
  const pieces = (f) => (f.parts ? h("span", { class: "bp-pieces", role: "img", "aria-label": f.say }, f.parts.map((p) => formula(p))) : formula(f));

  /** A formula inside a drawing; (x, y) is the start of its baseline. */
  const formulaAt = (f, x, y, k = 1) => s("g", { class: "bp-glyphs", transform: `translate(${x} ${y}) scale(${k})` }, marks(f));

  return { formula, pieces, formulaAt };
}
