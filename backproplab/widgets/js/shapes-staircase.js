// The staircase: each factor stands up-right of the one before, its rows beside that one's columns. Column k is wired to row k; wires
// left over are the refusal. The product lies where the first factor's rows cross the last one's columns, so its shape is inherited.

import { s } from "./dom.js";
import { dimsOf, transpose } from "./shapes-arithmetic.js";

const GAP = 40, LEFT = 58, RIGHT = 64, TOP = 34, BOTTOM = 34;
let hatches = 0;

/** Rows and columns of a group of boxes as it is drawn: vectors of an outer product stand, then lie. */
function drawnShape(result, k) {
  const joint = (g) => result.joints[g?.members[0] - 1], g = result.groups[k];
  const [a, b] = g.boxes.reduce(([m, n], x) => [Math.max(m, x.values.length), Math.max(n, x.values[0].length)], [0, 0]);
  const next = joint(result.groups[k + 1]), own = joint(g);
  if (next?.kind === "o" && next.ok) return [a * b, 1];
  return own?.kind === "o" && own.ok ? [1, a * b] : [a, b];
}

/**
 * The picture of a line.
 * @param d {result, factors, sum, ask, variant, wide, numbers, verdict, goal: whether the asked shape is shown, entry, hot(axes), selected, hidden}
 * @param paint from painter
 * @param cell (node, key, x, y) is told where each cell of a factor lies, for gliding
 * @param factorNode (g, members, name) makes a group of factors live
 */
export function staircase(d, paint, cell, factorNode) {
  const { result: r, ask, sum } = d, { truth: t } = ask, dims = r.groups.map((_, k) => drawnShape(r, k)), n = dims.length;
  const lastColumns = Math.max(n ? dims[n - 1][1] : 0, t[0].length);
  const unitsWide = dims.slice(0, -1).reduce((a, [, c]) => a + c, 0) + lastColumns + (sum === 1 ? 1 : 0);
  const unitsHigh = Math.max(dims.reduce((a, [rows]) => a + rows, 0), t.length) + (sum === 0 ? 1 : 0) + (n > 1 ? Math.max(0, t.length - dims[0][0]) : 0);
  const u = Math.max(15, Math.min(30, (d.wide - LEFT - RIGHT - GAP * (n - 1 + (sum === 1))) / Math.max(3, unitsWide), 250 / Math.max(4, unitsHigh) + 6));
  const hatch = `bs-hatch-${(hatches += 1)}`, made = [s("defs", null, s("pattern", { id: hatch, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    s("line", { x1: 0, y1: 0, x2: 0, y2: 6, class: "bs-hatch" })))];
  const overhang = (x, y, rows, columns) => s("rect", { x, y, width: columns * u, height: rows * u, fill: `url(#${hatch})` });
  const text = (x, y, className, words, anchor) => s("text", { x, y, class: className, "text-anchor": anchor }, words);

  // places
  const places = [];
  let x = LEFT, climb = 0;
  for (const [rows, columns] of dims) { places.push({ x, rows, columns, climb }); x += columns * u + GAP; climb += rows * u + GAP; }
  const base = TOP + (n ? climb - GAP : t.length * u);
  for (const p of places) p.y = base - p.climb - p.rows * u;
  const at = { x: n ? places[n - 1].x : LEFT, y: n ? places[0].y : TOP };
  if (n === 1 && !r.groups[0].fits) at.x += places[0].columns * u + 72;      // the goal stands beside boxes that do not cover each other

  // guides from the factors to the product
  if (n > 1 && !r.broken) {
    const first = places[0], last = places[n - 1];
    for (const y of [first.y, first.y + first.rows * u]) made.push(s("line", { x1: first.x + first.columns * u, y1: y, x2: at.x, y2: y, class: "bs-guide" }));
    for (const gx of [last.x, last.x + last.columns * u]) made.push(s("line", { x1: gx, y1: last.y + last.rows * u, x2: gx, y2: at.y, class: "bs-guide" }));
  }
  for (let k = 1; k < n; k++) made.push(...jointPicture(r, k, places, u, paint, d.hidden));

  r.groups.forEach((g, k) => {
    const p = places[k], many = g.boxes.length > 1, turnedHere = !many && dims[k][0] !== g.boxes[0].values.length;
    const boxes = g.boxes.map((b, m) => [b, m]).reverse().map(([b, m]) => {
      const f = d.factors[g.members[m]], values = many && m === 0 && g.fits ? g.values : turnedHere ? transpose(b.values) : b.values, turned = f.t !== turnedHere;
      const box = paint.box({ x: p.x + m * 6, y: p.y - m * 6, u, values, role: d.variant.pieces[f.p].role, name: m ? "" : many && g.fits ? g.name : b.name, show: d.numbers && m === 0,
        hot: m ? null : d.hot(turnedHere ? [b.axes[1], b.axes[0]] : b.axes), faint: m > 0 && g.fits,
        cell: (node, i, j, cx, cy) => cell(node, `${f.id}:${turned ? `${j},${i}` : `${i},${j}`}`, cx, cy) });      // by its place in the unturned array
      box.dataset.factor = g.members[m];
      if (d.selected === g.members[m] * 2) box.classList.add("bs-selected");
      return box;
    });
    made.push(factorNode(s("g", { class: "bs-factor", "data-group": k }, boxes), g));
    if (many && !g.fits) {
      const [a, b] = g.boxes.slice(-2).map((z) => dimsOf(z.values));
      made.push(text(p.x + p.columns * u + 10, p.y + 8, "bs-cross", "✗"), overhang(p.x, p.y, p.rows, p.columns), text(p.x, p.y + p.rows * u + 34, "bs-joint bs-bad", `${a.join("×")} cannot lie on ${b.join("×")}`));
    }
    const [rowAxis, columnAxis] = turnedHere ? [g.axes[1], g.axes[0]] : g.axes, lift = many ? 6 : 0;
    if (d.numbers) made.push(text(k ? p.x + p.columns * u + 13 + lift : p.x - 13, p.y + (p.rows * u) / 2 - 17, "bs-side", g.name, k ? "start" : "end"));
    made.push(...paint.rail(k ? "right" : "left", k ? p.x + p.columns * u + lift : p.x, p.y, p.rows * u, rowAxis, p.rows));
    const top = k === 0 ? n === 1 && sum === 0 : k === n - 1;
    made.push(...paint.rail(top ? "top" : "bottom", p.x, top ? p.y - (k ? lift : 0) : p.y + p.rows * u, p.columns * u, columnAxis, p.columns));
  });

  // partial products, the product, its sum
  const isEntry = d.entry && ((i, j) => i === d.entry[0] && j === d.entry[1]);
  r.partial.forEach((value, k) => {
    const last = k === n - 2;
    if (value) made.push(paint.box({ x: places[k + 1].x, y: at.y, u, values: value.values, role: "gradient", show: d.numbers, final: last && sum === null, dashed: !last, hot: last && sum === null ? isEntry : null }));
  });
  let { x: rx, y: ry } = at;
  if (r.product && sum !== null) {
    const [a, b] = dimsOf(r.product.values);
    if (sum === 0) { ry += a * u + 26; for (let j = 0; j < b; j++) made.push(...arrow(rx + (j + 0.5) * u, at.y + a * u + 4, rx + (j + 0.5) * u, ry - 3)); }
    else { rx += b * u + 26; for (let i = 0; i < a; i++) made.push(...arrow(at.x + b * u + 4, ry + (i + 0.5) * u, rx - 3, ry + (i + 0.5) * u)); }
    made.push(paint.box({ x: rx, y: ry, u, values: r.value.values, role: "gradient", show: d.numbers, final: true, hot: isEntry }));
  }

  // the asked shape, laid on the result
  const have = r.value && dimsOf(r.value.values), fits = have && have[0] === t.length && have[1] === t[0].length, goal = d.goal;
  if (goal) made.push(s("g", { class: `bs-ghost ${fits ? "bs-fits" : ""}` }, s("rect", { x: rx - 3, y: ry - 3, width: t[0].length * u + 6, height: t.length * u + 6 })));
  if (goal && have && !fits) made.push(overhang(rx, ry, ...have));
  const tx = rx + Math.max(t[0].length, have ? have[1] : 0) * u + 12;
  if (goal && (n !== 1 || sum !== null || !fits)) {
    made.push(text(tx, ry + 8, "bs-goal", d.verdict?.gate === 4 ? `✓ ∂L/∂${ask.name}` : fits ? "✓ shape" : "asked", "start"), text(tx, ry + 24, "bs-axis", `${paint.axisText(ask.target[0], t.length)} ×`, "start"), text(tx, ry + 39, "bs-axis", paint.axisText(ask.target[1], t[0].length), "start"));
  }
  if (!r.value && n > 1) made.push(text(rx + (t[0].length * u) / 2, ry + (t.length * u) / 2, "bs-cross bs-big", "✗"));
  if (!n) made.push(text(rx + (goal ? (t[0].length * u) / 2 : 12), ry + (goal ? (t.length * u) / 2 : 24), "bs-name", "?"));
  const bottom = Math.max(base, at.y + t.length * u, ry + Math.max(t.length, have ? have[0] : 0, 2) * u, ry + 44);
  const rightmost = Math.max(n ? places[n - 1].x + places[n - 1].columns * u : LEFT, tx + 50, rx + (have ? have[1] : 0) * u);
  const width = rightmost + 24, height = bottom + BOTTOM;
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width: Math.min(width, d.wide), height: height * Math.min(1, d.wide / width), "aria-hidden": "true" }, made.filter(Boolean));
}

function arrow(x1, y1, x2, y2) {
  const angle = Math.atan2(y2 - y1, x2 - x1), tip = (turn) => `${x2 - 5 * Math.cos(angle + turn)},${y2 - 5 * Math.sin(angle + turn)}`;
  return [s("line", { x1, y1, x2, y2, class: "bs-arrow" }), s("polyline", { points: `${tip(0.5)} ${x2},${y2} ${tip(-0.5)}`, class: "bs-arrow" })];
}

/** The wires between two factors, closed or refused. */
function jointPicture(r, k, places, u, paint, hidden) {
  const a = places[k - 1], b = places[k], joint = r.joints[r.groups[k].members[0] - 1], { ok } = joint, made = [];
  const text = (x, y, className, words, anchor) => s("text", { x, y, class: className, "text-anchor": anchor }, words);
  if (joint.kind === "o") return [text(a.x + (a.columns * u) / 2 + GAP / 2, b.y + (b.rows * u) / 2, ok ? "bs-op" : "bs-cross", ok ? "⊗" : "✗")];
  const n = a.columns, m = b.rows, both = Math.min(n, m), [left, right] = joint.inner, accident = ok && !joint.named && !hidden;
  made.push(...paint.rail("top", a.x, a.y + 1, n * u, left, n, false), ...paint.rail("left", b.x + 1, b.y, m * u, right, m, false));
  for (let i = 0; i < Math.max(n, m); i++) {
    const cx = a.x + (i + 0.5) * u, y = b.y + (i + 0.5) * u, bend = Math.min(14, u * 0.6), spare = i >= both ? 6 : 0;
    if (ok) { made.push(s("path", { d: `M${cx},${a.y - 7} V${y + bend} Q${cx},${y} ${cx + bend},${y} H${b.x - 7}`, class: "bs-wire", "data-axis": paint.shown(joint.named ? left : "1") })); continue; }
    if (i < n) made.push(s("line", { x1: cx, y1: a.y - 7, x2: cx, y2: a.y - 18 - spare, class: `bs-wire ${spare ? "bs-spare" : ""}`, "data-axis": paint.shown(left) }), spare && text(cx, a.y - 30, "bs-cross", "✗"));
    if (i < m) made.push(s("line", { x1: b.x - 7, y1: y, x2: b.x - 18 - spare, y2: y, class: `bs-wire ${spare ? "bs-spare" : ""}`, "data-axis": paint.shown(right) }), spare && text(b.x - 31, y, "bs-cross", "✗"));
  }
  const words = !ok ? (hidden ? `${n} ≠ ${m}` : `${paint.axisText(left, n)} ≠ ${paint.axisText(right, m)}`)
    : hidden ? `${n} = ${m}` : accident ? `${n} = ${m}, but ${left} ≠ ${right}` : left === "1" ? "1 = 1, nothing to sum" : `Σ over ${left}`;
  made.push(text(b.x - 10, b.y - 10, `bs-joint ${!ok || accident ? "bs-bad" : ""}`, `${!ok ? "✗" : accident ? "⚠" : "✓"} ${words}`, "end"));
  return made;
}
