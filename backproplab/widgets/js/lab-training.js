// The training lab: the boundary at every step, losses, the loss along two directions with the path over it, the learning rate swept.

import { h, s } from "./dom.js";
import { frame } from "./lab-frame.js";
import { contour, gridPoints, probabilities } from "./lab-network.js";
import { chart, figure, joined, key, keys, line, linear, number, path, radios, ten, ticks, words } from "./lab-parts.js";

const SIDE = 44, SHADES = 8, LN2 = Math.log(2);           // points along a side of the boundary's grid; steps of darkness
const indexOf = (r, view) => (view.at < 0 ? r.steps.length - 1 : Math.min(view.at, r.steps.length - 1));
const spread = (low, high, count) => Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));

/** Cells of a grid as one path for each step of darkness, from shares between 0 and 1. */
export function shaded(shares, columns, cell) {
  const paths = Array.from({ length: SHADES + 1 }, () => []);
  shares.forEach((v, k) => { if (v != null) paths[Math.round(Math.min(1, Math.max(0, v)) * SHADES)].push(cell(k % columns, Math.floor(k / columns))); });
  return paths.map((cells, n) => n > 0 && cells.length > 0 && path(cells.join(""), "bl-cell", { opacity: ((0.42 * n) / SHADES).toFixed(3) }));
}

function point(shape, x, y, kind) {
  return shape ? s("rect", { x: x - 3.2, y: y - 3.2, width: 6.4, height: 6.4, class: `bl-point ${kind}` }) : s("circle", { cx: x, cy: y, r: 3.5, class: `bl-point ${kind}` });
}

function boundary(r, view, width) {
  const i = indexOf(r, view), all = [...r.X, ...r.A], xs0 = all.map((p) => p[0]), ys0 = all.map((p) => p[1]), W = width, H = Math.round(W * 0.8);
  const [left, right, low, high] = [Math.min(...xs0), Math.max(...xs0), Math.min(...ys0), Math.max(...ys0)], mx = (right - left) * 0.15, my = (high - low) * 0.15;
  const xs = spread(left - mx, right + mx, SIDE), ys = spread(low - my, high + my, SIDE), x = linear(xs[0], xs[SIDE - 1], 0, W), y = linear(ys[0], ys[SIDE - 1], H, 0);
  const p = probabilities(r.params[i], r.sizes, r.activation, gridPoints(xs, ys)), w = W / (SIDE - 1), t = H / (SIDE - 1);
  const cells = shaded(p, SIDE, (a, b) => `M${(x(xs[a]) - w / 2).toFixed(1)} ${(y(ys[b]) - t / 2).toFixed(1)}h${(w + 0.3).toFixed(1)}v${(t + 0.3).toFixed(1)}h${(-w - 0.3).toFixed(1)}z`);
  const edge = contour(p, xs, ys, 0.5).map(([a, b]) => `M${x(a[0]).toFixed(1)} ${y(a[1]).toFixed(1)}L${x(b[0]).toFixed(1)} ${y(b[1]).toFixed(1)}`).join("");
  const mark = (shape, kind) => point(shape, 13, 5, kind);
  return figure("What it says of every place", `stronger tint: surer of class 1; the line is where it says 1/2; step ${r.steps[i]}`,
    keys(key(mark(0, ""), "class 0"), key(mark(1, ""), "class 1"), key([point(0, 8, 5, "bl-lit"), point(1, 18, 5, "bl-lit")], "held out"), key(path("M0 5H26", "bl-edge"), "boundary")),
    chart(W, H, `The boundary at step ${r.steps[i]}; ${Math.round(100 * r.right[i])} % of the held-out points are right`,
      s("svg", { width: W, height: H, viewBox: `0 0 ${W} ${H}` }, cells.filter(Boolean), path(edge, "bl-edge"),
        r.X.map((q, k) => point(r.y[k], x(q[0]), y(q[1]), "")), r.A.map((q, k) => point(r.b[k], x(q[0]), y(q[1]), "bl-lit"))), s("rect", { x: 0.5, y: 0.5, width: W - 1, height: H - 1, class: "bl-frame" })));
}

function losses(r, view, width) {
  const t = r.history, sub = "solid: training data; dashed: held-out points; log scale";
  if (!t) return figure("Loss", sub, h("p", { class: "bl-sub" }, view.missing));
  const known = [...t.train, ...t.test].filter((v) => v > 0), W = width, H = 150, last = Math.max(1, t.steps.at(-1)), x = linear(0, last, 40, W - 12);
  const low = Math.floor(Math.log10(Math.min(0.1, ...known))), high = Math.ceil(Math.log10(Math.max(1, ...known))), y = linear(low, high, H - 24, 8), at = r.steps[indexOf(r, view)];
  const curve = (list) => joined(list.map((v, k) => [v, k]).filter(([v]) => v > 0).map(([v, k]) => [x(t.steps[k]), y(Math.log10(v))]));
  return figure("Loss", sub, chart(W, H, `Training loss ${number(t.train.at(-1))}, held-out loss ${number(t.test.at(-1))} at step ${t.steps.at(-1)}`,
    ticks(low, high, 4).filter(Number.isInteger).map((e) => [line(40, y(e), W - 12, y(e), "bl-rule"), words(34, y(e) + 4, ten(e), "", "end")]),
    line(40, y(Math.log10(LN2)), W - 12, y(Math.log10(LN2)), "bl-bound"), words(W - 12, y(Math.log10(LN2)) - 5, "a coin", "bl-halo", "end"),
    path(curve(t.train), "bl-curve"), path(curve(t.test), "bl-curve bl-dashed"), line(x(at), 6, x(at), H - 24, "bl-now"),
    ticks(0, last, 4).map((v) => words(x(v), H - 6, v, "", "middle"))));
}

function around(r, view, width) {
  const name = view.directions ?? "path", sub = "log scale, stronger tint: higher; the line is the path, ○ start, ● where it is";
  if (!r.plane) return figure("The loss around the path", sub, h("p", { class: "bl-sub" }, r.stopped || view.missing));
  const { a, b, loss, path: walked, shown } = r.plane[name], W = width, H = Math.round(W * 0.62), n = a.length, x = linear(a[0], a[n - 1], 0, W), y = linear(b[0], b[b.length - 1], H, 0);
  const flat = loss.flat().map((v) => (v > 0 ? Math.log10(v) : null)), seen = flat.filter((v) => v != null), low = Math.min(...seen), high = Math.max(...seen), w = W / (n - 1), t = H / (b.length - 1);
  const cells = shaded(flat.map((v) => (v == null ? 1 : (v - low) / (high - low || 1))), n, (i, j) => `M${(x(a[i]) - w / 2).toFixed(1)} ${(y(b[j]) - t / 2).toFixed(1)}h${(w + 0.3).toFixed(1)}v${(t + 0.3).toFixed(1)}h${(-w - 0.3).toFixed(1)}z`);
  const spots = walked.map(([p, q]) => [x(p), y(q)]), now = spots[Math.min(indexOf(r, view), spots.length - 1)];
  return figure("The loss around the path", `${sub}; ${shown} % of the movement lies in this plane; losses ${number(10 ** low)} to ${number(10 ** high)}`,
    chart(W, H, `The training loss on a plane through the end of the path, from ${number(10 ** low)} to ${number(10 ** high)}`,
      s("svg", { width: W, height: H, viewBox: `0 0 ${W} ${H}` }, cells.filter(Boolean),
        spread(low, high, 9).slice(1, -1).map((level) => path(contour(flat.map((v) => v ?? high), a, b, level).map(([p, q]) => `M${x(p[0]).toFixed(1)} ${y(p[1]).toFixed(1)}L${x(q[0]).toFixed(1)} ${y(q[1]).toFixed(1)}`).join(""), "bl-level")),
        path(joined(spots), "bl-walk"), s("circle", { cx: spots[0][0], cy: spots[0][1], r: 4.5, class: "bl-point" }), s("circle", { cx: now[0], cy: now[1], r: 5, class: "bl-here" })), s("rect", { x: 0.5, y: 0.5, width: W - 1, height: H - 1, class: "bl-frame" })));
}

function swept(sweep, width) {
  if (!sweep?.rows.length) return null;
  const W = width, H = 160, rows = sweep.rows, known = rows.flatMap((o) => [o.train, o.test]).filter((v) => v > 0), x = linear(Math.log10(rows[0].rate), Math.log10(rows.at(-1).rate) || 1, 44, W - 16);
  const low = Math.floor(Math.log10(Math.min(0.1, ...known))), high = Math.min(3, Math.ceil(Math.log10(Math.max(1, ...known)))), y = linear(low, high, H - 36, 10), place = (v) => y(Math.min(high, Math.log10(v)));
  const drawn = (name) => joined(rows.filter((o) => o[name] > 0).map((o) => [x(Math.log10(o.rate)), place(o[name])]));
  return figure("The learning rate swept", "loss at the end against the rate, both on log scales; solid: training data; dashed: held-out points; ∞: it ran away",
    chart(W, H, `Loss at the end for ${rows.length} learning rates`, ticks(low, high, 4).filter(Number.isInteger).map((e) => [line(44, y(e), W - 12, y(e), "bl-rule"), words(38, y(e) + 4, ten(e), "", "end")]),
      line(x(Math.log10(sweep.now)), 6, x(Math.log10(sweep.now)), H - 36, "bl-now"), path(drawn("train"), "bl-curve"), path(drawn("test"), "bl-curve bl-dashed"),
      rows.map((o) => (o.train > 0 ? s("circle", { class: "bl-dot", cx: x(Math.log10(o.rate)), cy: place(o.train), r: 3.5 }) : words(x(Math.log10(o.rate)), 18, "∞", "bl-g", "middle"))),
      rows.filter((o) => Number.isInteger(Math.round(Math.log10(o.rate) * 1e6) / 1e6)).map((o) => words(x(Math.log10(o.rate)), H - 20, ten(Math.round(Math.log10(o.rate))), o.rate === sweep.now ? "bl-strong" : "", "middle")),
      words(W - 12, H - 4, "learning rate", "", "end")));
}

const own = {
  steps: (r) => (r.steps.length > 1 ? r.steps : []),
  cut: (r) => r.stopped.includes("cancelled"),
  extra(view) {
    const choose = radios("Around the path", (i) => { view.directions = ["path", "random"][i]; view.go(view.at < 0 ? 1e9 : view.at); });
    view.drawn = () => choose.sync(["where it moved most", "at random"], view.directions === "random" ? 1 : 0);
    return [choose.box];
  },
  charts(r, view) {
    const half = view.narrow || view.two ? view.width : Math.floor((view.width - 22) / 2);
    return h("div", { class: `bl-charts${view.narrow || view.two ? "" : " bl-even"}` }, h("div", null, boundary(r, view, half), swept(r.sweep, half)), h("div", null, losses(r, view, half), around(r, view, half)));
  },
  says: (r, view) => (view.at < 0 ? "" : ` At step ${r.steps[indexOf(r, view)]}, ${Math.round(100 * r.right[indexOf(r, view)])} % of the held-out points are right.`),
  difference: (a, b) => `At the end A has ${Math.round(100 * a.right.at(-1))} % of the held-out points right and B ${Math.round(100 * b.right.at(-1))} %.`,
  table: (r) => ({ head: ["step", "training loss", "held-out loss"], rows: (r.history?.steps ?? []).map((t, i) => [String(t), number(r.history.train[i]), number(r.history.test[i])]) }),
};

const render = ({ model, el }) => frame(own, { model, el });

export default { render };
