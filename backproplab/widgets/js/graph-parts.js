// The parts of a picture: nodes, lines, frames. Each is made once; a node knows how to show its numbers, a line where its ticket stands.

import { s } from "./dom.js";
import { gridAt } from "./grids.js";

const SIGMA = "M3.6 -3V-5H-4L0.2 0L-4 5H3.6V3";

/** A line, its reverse for the way back, and its ticket where the picture has room for one. */
export function line(key, e) {
  const back = (d) => s("path", { class: "bp-line", d, pathLength: 1 });
  const parts = {
    idle: s("g", { class: "bp-edge" }, s("path", { class: "bp-line", d: e.d }), e.tip && s("path", { class: "bp-tip", d: e.tip })),
    back: s("g", { class: `bp-edge-back${e.r ? "" : " bp-against"}` }, back(e.r ?? e.d), e.back && s("path", { class: "bp-tip", d: e.back })),
    carries: e.for ?? [key], e,
  };
  if (e.r) {
    const [w, height] = e.size ?? [0, 0];
    parts.rule = s("text", { x: 0, y: -4, class: "bp-ticket-rule" });
    parts.sum = s("text", { x: 0, y: 11, class: "bp-ticket-sum" });
    parts.index = s("text", { x: -w / 2, y: 4, class: "bp-index-text" });
    parts.ticket = s("g", { class: "bp-ticket", transform: `translate(${(e.at ?? [0, 0]).join(" ")})` },
      s("rect", { x: -w / 2, y: -height / 2, width: w, height, rx: 5 }), parts.rule, parts.sum,
      s("g", { class: "bp-index" }, s("circle", { cx: -w / 2, cy: 0, r: 8.5 }), parts.index));
  } else if (e.back) {                                     // no room for tickets: the number of the contribution alone, on the line
    parts.index = s("text", { x: 0, y: 4, class: "bp-index-text" });
    parts.ticket = s("g", { class: "bp-ticket bp-numbered" }, s("g", { class: "bp-index" }, s("circle", { r: 8.5 }), parts.index));
  }
  return parts;
}

/** Numbers as text: `say` is a text, or null while unknown. */
const written = (el) => (say) => { el.textContent = say ?? ""; };
/** Numbers that stand there already and are uncovered. */
const uncovered = (el) => (say) => el.classList.toggle("bp-on", say !== null && say !== "?");

/** A box of the style "boxes": a function, its name outside, its numbers; grids inside where there are arrays. */
export function boxNode(n, layout, formulaAt) {
  const [x, y, w, height] = layout.nodes[n.id], spot = layout.spots?.[n.id];
  const g = s("g", { class: `bp-node bp-role-${n.role}${n.members ? " bp-group" : ""}`, "data-node": n.id }, s("title", null, n.members ? `${n.id}: ${n.members.join(", ")}. Click to open.` : `${n.id}, ${n.role}`),
    n.members && s("rect", { class: "bp-box bp-behind", x: x + 4, y: y - 4, width: w, height, rx: 5 }), s("rect", { class: "bp-box", x, y, width: w, height, rx: 5 }));
  if (!n.leaf || spot) g.append(formulaAt(n.label, x + (n.members ? 6 : 1), y - (n.members ? 9 : 6)));
  if (n.fn) {
    const room = spot ? spot.fn : layout.down ? height - 16 : height;
    const k = Math.min(1, (w - 14) / n.fn.w, (room - 4) / (n.fn.up + n.fn.down));
    g.append(formulaAt(n.fn, x + (w - n.fn.w * k) / 2, y + room / 2 + ((n.fn.up - n.fn.down) / 2) * k, k));
  }
  let value, grad;
  if (spot) {
    value = s("g", { class: "bp-known" }, gridAt(n.grid, ...spot.v, layout.cell));
    grad = s("g", { class: "bp-known" }, n.ggrid && gridAt(n.ggrid, ...spot.g, layout.cell));
  } else {
    // left to right the numbers stand below the box; top to bottom the edges leave there, so they stand inside
    const [inset, base] = layout.down ? [6, -7] : [1, 14];
    value = s("text", { class: "bp-value", x: x + inset, y: y + height + base });
    grad = s("text", { class: "bp-grad", x: x + w - inset, y: y + height + base, "text-anchor": "end" });
  }
  const member = n.members && s("text", { class: "bp-member", x: x + w + 4, y: y - 10, "text-anchor": "end" });      // which of its variables is the current one
  g.append(...[value, grad, member].filter(Boolean));
  const [sx, sy] = layout.down ? [x + w / 2, y + height + 8] : [x + w, y + height / 2];
  const bead = s("g", { class: "bp-sum", transform: `translate(${sx} ${sy})` }, s("circle", { r: 9.5 }), s("path", { d: SIGMA }));
  return { g, bead, member, fork: n.fork, value: (spot ? uncovered : written)(value), grad: (spot ? uncovered : written)(grad), valueText: spot ? undefined : n.value, gradText: spot ? undefined : n.grad, partly: !spot };
}

const SHAPES = {
  dot: ([x, y, w]) => s("circle", { class: "bp-join", cx: x + w / 2, cy: y + w / 2, r: w / 2 }),
  circle: ([x, y, w, height]) => s("circle", { class: "bp-box", cx: x + w / 2, cy: y + height / 2, r: w / 2 }),
  plain: ([x, y, w, height]) => s("rect", { class: "bp-box bp-plain", x: x - 3, y, width: w + 6, height, rx: 5 }),
  pill: ([x, y, width, height]) => s("rect", { class: "bp-box", x, y, width, height, rx: height / 2 }),
};

/** A node of any other style. Its numbers are marks; a gate inside a variable's line shows its own together with the variable's. */
export function markedNode(n, layout, formulaAt) {
  const g = s("g", { class: `bp-node bp-role-${n.role}`, "data-node": n.id }, s("title", null, n.inner ? `part of ${n.of}` : `${n.id}, ${n.role}`), layout.nodes[n.id] && SHAPES[n.shape](layout.nodes[n.id]));
  const values = [], grads = [];
  for (const [kind, ...m] of n.marks) {
    if (kind === "formula") { g.append(formulaAt(...m)); continue; }
    const [text, x, y, size, role, anchor] = m;
    const el = s("text", { x, y, class: role === "g" ? "bp-grad" : "bp-value", style: `font-size:${size}px`, "text-anchor": anchor });
    g.append(el);
    (role === "g" ? grads : values).push({ el, text });
  }
  const all = (marks) => (say) => { for (const m of marks) m.el.textContent = say === null || (n.inner && say === "?") ? "" : say === undefined || n.inner ? m.text : say; };
  return { g, value: all(values), grad: all(grads), partly: !n.inner };
}

/** The frame of an open group, or of one of its variables where others stand in between; a click on it folds the group. */
export function frame(f, formulaAt, toggle) {
  const [x, y, right, bottom] = f.rect, [, formula, tx, ty] = f.title ?? [];
  return s("g", { class: "bp-opened", "data-group": f.id, onclick: () => toggle(f.id) }, s("title", null, `Fold ${f.id}`), s("rect", { class: "bp-opened-frame", x, y, width: right - x, height: bottom - y, rx: 8 }),
    f.title && s("g", { class: "bp-opened-title", "data-group": f.id }, s("rect", { x: tx - 6, y: ty - 18, width: 120, height: 24 }), formulaAt(formula, tx, ty)));
}
