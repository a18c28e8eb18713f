// The plane of the dead ReLUs: the points, and for each unit the line at which it switches on.

import { h, s } from "./dom.js";
import { line, linear, number, path, unique, words } from "./lab-parts.js";

/** Where the line w·x + b = 0 enters and leaves a box {x0, x1, y0, y1}: two points, or fewer where it passes by. */
export function crossings([w0, w1], b, { x0, x1, y0, y1 }) {
  const found = [];
  if (w1) for (const x of [x0, x1]) { const y = -(w0 * x + b) / w1; if (y >= y0 && y <= y1) found.push([x, y]); }
  if (w0) for (const y of [y0, y1]) { const x = -(w1 * y + b) / w0; if (x > x0 && x < x1) found.push([x, y]); }
  return found.slice(0, 2);
}

/** The point of the line nearest to c. */
export const foot = ([w0, w1], b, [cx, cy]) => { const t = -(w0 * cx + w1 * cy + b) / (w0 * w0 + w1 * w1 || 1e-18); return [cx + w0 * t, cy + w1 * t]; };

/** Which points a unit of the first layer switches on. */
export const lit = (points, [w0, w1], b) => points.map(([x, y]) => w0 * x + w1 * y + b > 0);

/** The bits of a hexadecimal text, four in each digit, the highest first. */
export const bits = (text, count) => Array.from({ length: count }, (_, i) => ((parseInt(text[i >> 2], 16) >> (3 - (i % 4))) & 1) === 1);

/**
 * The plane at one of the steps that are drawn.
 * @param r the result
 * @param i the place of the step in `r.steps`
 * @param unit the unit that is looked at
 */
export function plane(r, i, unit, width, view) {
  const two = Boolean(r.on), W = width, H = Math.round(W * 0.84), n = r.dead[i].length, points = r.X, count = points.length;
  const c = [0, 1].map((k) => points.reduce((sum, p) => sum + p[k], 0) / count), R = 3.6, side = (R * W) / H;
  const box = { x0: c[0] - side, x1: c[0] + side, y0: c[1] - R, y1: c[1] + R }, x = linear(box.x0, box.x1, 0, W), y = linear(box.y0, box.y1, H, 0);
  const of = (k, u) => [[r.W[k][0][u], r.W[k][1][u]], r.b[k][u]], isDead = (k, u) => !two && r.dead[k][u] === "1";
  const lines = [], labels = [];
  let shade = null, outside = 0;
  const order = [...Array(r.b[i].length).keys()].sort((p, q) => (p === unit) - (q === unit));
  for (const u of order) {
    const [w, b] = of(i, u), gone = isDead(i, u), here = u === unit && !two, long = Math.hypot(...w) || 1e-9, ends = crossings(w, b, box);
    if (ends.length < 2) {
      if (gone) outside += 1;
      if (here) {
        const away = (w[0] * c[0] + w[1] * c[1] + b) / long, far = x(c[0] - Math.sign(away) * (w[0] / long) * side) > W / 2;
        labels.push(words(far ? W - 8 : 8, 18, `unit ${u + 1}: its line is ${number(Math.abs(away))} away`, "bl-strong bl-halo", far ? "end" : "start"));
      }
      continue;
    }
    const [[ax, ay], [bx, by]] = ends.map(([p, q]) => [x(p), y(q)]);
    if (here) {
      const q = foot(w, b, c), t = [(-w[1] / long) * 40, (w[0] / long) * 40], m = [(w[0] / long) * 40, (w[1] / long) * 40];
      const corners = [[q[0] + t[0], q[1] + t[1]], [q[0] - t[0], q[1] - t[1]], [q[0] - t[0] + m[0], q[1] - t[1] + m[1]], [q[0] + t[0] + m[0], q[1] + t[1] + m[1]]];
      shade = s("polygon", { class: "bl-band", points: corners.map(([p, v]) => `${x(p).toFixed(1)},${y(v).toFixed(1)}`).join(" ") });
      if (gone) lines.push(before(r, i, u, { of, isDead, c, x, y, labels, W, H, now: foot(w, b, c) }));
    }
    const kind = `bl-line${gone ? " bl-off" : two ? " bl-below" : ""}${here ? " bl-chosen" : ""}`;
    lines.push(line(ax, ay, bx, by, kind), s("line", { x1: ax, y1: ay, x2: bx, y2: by, class: "bl-hit bl-hit-line", onclick: two ? null : () => view.choose(u) }));
    let [fx, fy] = foot(w, b, c);
    if (fx < box.x0 + 0.3 || fx > box.x1 - 0.3 || fy < box.y0 + 0.3 || fy > box.y1 - 0.3) [fx, fy] = [(ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2];
    const X = x(fx), Y = y(fy);
    if (gone) lines.push(path(`M${X - 5} ${Y - 5}l10 10m0 -10l-10 10`, "bl-cross"));
    else if (!two) lines.push(line(X, Y, X + (w[0] / long) * 13, Y - (w[1] / long) * 13, `bl-line${here ? " bl-chosen" : ""}`));
    if (here || gone) labels.push(words(Math.max(4, Math.min(W - 50, X + 9)), Math.max(14, Math.min(H - 22, Y + (here ? 18 : -7))), `${here ? "unit " : ""}${u + 1}`, here ? "bl-strong bl-halo" : "bl-g bl-halo"));
  }
  const on = r.dead[i][unit] === "1" ? points.map(() => false) : two ? bits(r.on[i][unit], count) : lit(points, ...of(i, unit));
  const marks = points.map(([p, q], k) => (r.y[k] ? s("rect", { x: x(p) - 3.2, y: y(q) - 3.2, width: 6.4, height: 6.4, class: on[k] ? "bl-point bl-lit" : "bl-point" }) : s("circle", { cx: x(p), cy: y(q), r: 3.4, class: on[k] ? "bl-point bl-lit" : "bl-point" })));
  const origin = x(0) > 4 && x(0) < W - 4 && y(0) > 4 && y(0) < H - 4 && [path(`M${x(0) - 5} ${y(0)}h10M${x(0)} ${y(0) - 5}v10`, "bl-axis"), words(x(0) + 6, y(0) + 13, "0", "bl-halo")];
  const id = unique(), gone = [...r.dead[i]].filter((d) => d === "1").length;
  return h("div", null,
    h("h3", null, two ? `Layer 1's lines, and the points that switch on unit ${unit + 1} of layer 2` : "The plane: each line is where one unit switches on"),
    h("p", { class: "bl-sub" }, two ? `filled: unit ${unit + 1} of layer 2 is on there` : `tick: the side where it is on; dashed with ✕: ${r.word}; filled: unit ${unit + 1} is on there`),
    s("svg", { viewBox: `0 0 ${W} ${H}`, width: W, height: H, role: "img", class: "bl-chart", "aria-label": `The data and the units' lines at step ${r.steps[i]}; ${gone} of ${n} units ${r.word}` },
      s("clipPath", { id }, s("rect", { width: W, height: H })), s("rect", { x: 0.5, y: 0.5, width: W - 1, height: H - 1, class: "bl-frame" }),
      s("g", { "clip-path": `url(#${id})` }, shade, origin, lines.flat(Infinity).filter(Boolean), marks, labels, outside > 0 && words(8, H - 8, `✕ ${outside} more ${r.word} outside this view`, "bl-g bl-halo"))));
}

/** The chosen unit's line before it died, dotted, and an arrow to where it went. */
function before(r, i, u, { of, isDead, c, x, y, labels, W, H, now }) {
  let k = i;
  while (k > 0 && isDead(k - 1, u)) k -= 1;
  if (k === 0) return null;
  const [w, b] = of(k - 1, u), long = Math.hypot(...w) || 1e-9, then = foot(w, b, c), along = [(-w[1] / long) * 40, (w[0] / long) * 40];
  const [x0, y0, x1, y1] = [x(then[0]), y(then[1]), x(now[0]), y(now[1])], far = Math.hypot(x1 - x0, y1 - y0), marks = [];
  marks.push(line(x(then[0] - along[0]), y(then[1] - along[1]), x(then[0] + along[0]), y(then[1] + along[1]), "bl-dotted"));
  if (far > 24) {
    const dx = (x1 - x0) / far, dy = (y1 - y0) / far, tx = x1 - dx * 10, ty = y1 - dy * 10;
    marks.push(path(`M${x0} ${y0}L${tx} ${ty}M${tx - dx * 9 - dy * 5} ${ty - dy * 9 + dx * 5}L${tx} ${ty}L${tx - dx * 9 + dy * 5} ${ty - dy * 9 - dx * 5}`, "bl-arrow"));
  }
  const places = [2.4, -2.4].map((d) => [x(then[0] + (along[0] / 40) * d), y(then[1] + (along[1] / 40) * d)]), [lx, ly] = places.find(([p, q]) => p > 4 && p < W - 70 && q > 14 && q < H - 24) ?? places[0];
  labels.push(words(lx + 6, ly, `at step ${r.steps[k - 1]}`, "bl-strong bl-halo"));
  return marks;
}
