// The lab of vanishing gradients: three strips over the layers (gradient, activations, movement of the weights), the curve, the loss.

import { h, s } from "./dom.js";
import { CURVES } from "./lab-curves.js";
import { frame } from "./lab-frame.js";
import { chart, figure, joined, key, keys, line, linear, number, path, ten, words } from "./lab-parts.js";

const LEFT = 44, LN2 = Math.log(2);
const SIGNS = { sigmoid: "σ", tanh: "tanh", relu: "ReLU", leaky_relu: "leaky ReLU", softplus: "softplus" };

const depthOf = (r) => r.delta.length;
const lookAt = (r, view) => Math.min(view.at < 0 ? Infinity : view.at, (r.training?.steps.length ?? 0) - 1);

/** Bounds that all sides share: decades of the gradient and of the movement, the deepest network, the highest loss. */
export function shared(sides) {
  const decades = sides.flatMap((r) => [...r.delta, ...(r.quarter ?? []), ...(r.expected ?? [])]).filter((v) => v > 0).map(Math.log10);
  const moved = sides.flatMap((r) => r.training?.moved.at(-1) ?? []).filter((v) => v != null), losses = sides.flatMap((r) => r.training?.loss ?? []).filter(Number.isFinite);
  return { low: Math.floor(Math.min(-1, ...decades) - 0.3), high: Math.ceil(Math.max(0, ...decades)), deepest: Math.max(...sides.map(depthOf)),
    moved: Math.max(-8, Math.floor(Math.min(-2, ...moved))), loss: Math.max(...losses, 0) > 1.1 ? 1.3 : 0.8 };
}

function strips(r, view) {
  const { low, high, deepest, moved: least } = view.shared, L = depthOf(r), W = view.main, right = W - 10, wide = (right - LEFT) / deepest, here = Math.min(view.pick + 1, L);
  const x = (k) => LEFT + ((right - LEFT) * (k - 0.5)) / deepest, radius = Math.min(4.5, Math.max(2, wide / 3));
  const band = (height) => s("rect", { class: "bl-pick", rx: 3, x: x(here) - Math.max(wide, 6) / 2, y: 1, width: Math.max(wide, 6), height: height - 2 });
  const hit = (height) => s("rect", { class: "bl-hit", x: LEFT, y: 0, width: Math.max(0, x(L) + wide / 2 - LEFT), height,
    onclick: (event) => { const box = event.currentTarget.getBoundingClientRect(); view.choose(Math.max(0, Math.min(L - 1, Math.floor(((event.clientX - box.left) / box.width) * L)))); } });
  const rule = (y, text) => [line(LEFT, y, right, y, "bl-rule"), words(LEFT - 6, y + 4, text, "", "end")];

  // the gradient: dots on a log axis, for a bar would have no zero to stand on
  const H1 = 190, y1 = linear(low, high, H1 - 8, 10), log = (v) => Math.max(low, Math.min(high, Math.log10(v))), every = Math.max(1, Math.ceil((high - low) / 7));
  const curve = (list) => joined(list.map((v, i) => [x(i + 1), y1(v > 0 ? log(v) : low)]));
  const rules = [];
  for (let e = Math.ceil(low / every) * every; e <= high; e += every) rules.push(rule(y1(e), ten(e)));
  const at = r.delta[here - 1], yAt = y1(at > 0 ? log(at) : low), late = here > L * 0.6;
  const gradient = [rules, L > 1 && r.quarter && path(curve(r.quarter), "bl-bound"), L > 1 && r.expected && path(curve(r.expected), "bl-theory"),
    r.delta.map((v, i) => (v > 0 ? s("circle", { class: "bl-dot", cx: x(i + 1), cy: y1(log(v)), r: radius }) : words(x(i + 1), H1 - 10, v === 0 ? "0" : "∞", "bl-g", "middle"))),
    words(x(here) + (late ? -8 : 9), Math.min(H1 - 12, Math.max(22, yAt + (late ? -10 : 16))), number(at), "bl-g bl-halo", late ? "end" : "start")];

  // activations: a column of counts for each layer; cells of one darkness are one path
  const H2 = 96, bins = r.histogram[0].length, [from, to] = r.span, y2 = linear(from, to, H2 - 4, 6), tall = (H2 - 10) / bins, dark = {};
  r.histogram.forEach((column, i) => column.forEach((n, j) => {
    if (n) (dark[Math.min(9, Math.ceil(n / 5))] ??= []).push(`M${(x(i + 1) - wide * 0.44).toFixed(1)} ${(H2 - 4 - (j + 1) * tall).toFixed(1)}h${(wide * 0.88).toFixed(1)}v${(tall - 0.6).toFixed(1)}h${(-wide * 0.88).toFixed(1)}z`);
  }));
  const cells = Object.entries(dark).map(([n, d]) => path(d.join(""), "bl-cell", { opacity: (0.1 + n * 0.1).toFixed(2) }));

  // movement of the weights
  const H3 = 110, y3 = linear(least, 1, H3 - 18, 8), step = lookAt(r, view), row = r.training?.moved[step] ?? [], marks = [], rules3 = [];
  for (let e = Math.ceil(least / 2) * 2; e <= 1; e += Math.max(2, Math.ceil((1 - least) / 8) * 2)) rules3.push(rule(y3(e), ten(e)));
  for (let i = 0; i < L && r.training; i++) {
    const v = row[i], q = Math.min(4, Math.max(1.8, wide / 3));
    if (v == null || v < least) { if (wide > 7 || i % 3 === 0) marks.push(words(x(i + 1), H3 - 20, v == null ? "0" : "↓", "bl-v", "middle")); } else marks.push(s("rect", { class: "bl-moved", x: x(i + 1) - q, y: y3(Math.min(v, 1)) - q, width: 2 * q, height: 2 * q }));
  }
  const named = [...new Set([1, ...(deepest > 12 ? [5, 10, 20, 30, 40, 50] : [2, 4, 6, 8, 10, 12]).filter((k) => k < L - (deepest > 12 ? 2 : 0)), L])];
  const layers = [named.map((k) => words(x(k), H3 - 2, k, k === here ? "bl-strong" : "", "middle")), words(2, H3 - 2, "layer")];
  const steps = r.training ? `|W − W₀| / |W₀| after step ${r.training.steps[step]}; log scale; 0: not one bit changed` : view.missing;
  return h("div", { class: "bl-strips", tabindex: 0, role: "group", "data-focus": `strips-${view.side}`, "aria-label": "Charts by layer; the left and right arrow keys choose a layer" },
    figure("Gradient that reaches each layer", "root mean square of ∂J/∂z over the points, before training; log scale",
      keys(key(s("circle", { class: "bl-dot", cx: 13, cy: 5, r: 4 }), "measured"), r.expected ? key(path("M0 5H26", "bl-theory"), "expected for this start") : h("span", null, "no theory line here"),
        r.quarter && key(path("M0 5H26", "bl-bound"), "1/4 a layer: σ′ alone")),
      chart(W, H1, `Gradient by layer, ${number(r.delta[0])} at layer 1, ${number(r.delta.at(-1))} at layer ${L}`, band(H1), gradient, hit(H1))),
    figure("What each layer puts out", `one column a layer; stronger where more of the ${r.values.width} × ${r.points} values lie`,
      chart(W, H2, "Activations by layer", line(LEFT, y2((from + to) / 2), right, y2((from + to) / 2), "bl-rule"), band(H2), cells,
        [from, (from + to) / 2, to].map((v) => words(LEFT - 6, y2(v) + 4, v === 4 ? "≥ 4" : String(v).replace("-", "−"), "", "end")), hit(H2))),
    figure("How far its weights have moved", steps, chart(W, H3, "Relative change of the weights by layer", band(H3 - 16), rules3, marks, layers, hit(H3))));
}

function curve(r, view) {
  const name = r.values.activation, [f, slope, low, high] = CURVES[name], W = view.aside, H = 172, k = Math.min(view.pick + 1, depthOf(r)), [a, q1, m, q3, b] = r.z[k - 1];
  const x = linear(-6, 6, 30, W - 12), y = linear(low, high, H - 42, 8), base = H - 24, inside = (z) => x(Math.max(-6, Math.min(6, z ?? 6))), sign = SIGNS[name];
  const drawn = (g) => { const points = []; for (let i = 0; i <= 120; i++) { const z = -6 + i / 10, v = g(z); if (v <= high + 0.01 && v >= low - 0.1) points.push([x(z), y(v)]); } return joined(points); };
  return figure(`Where layer ${k} works on the curve`, `bar: z of its units, 5–95 % and 25–75 %; slope in the middle ${number(r.slope[k - 1][2])}`,
    chart(W, H, `${sign} and its slope; the units of layer ${k} lie between z = ${number(a)} and ${number(b)}`,
      [low, (low + high) / 2, high].map((v) => [line(30, y(v), W - 12, y(v), "bl-rule"), words(24, y(v) + 4, String(v).replace("-", "−"), "", "end")]),
      s("rect", { class: "bl-band", x: inside(a), y: 6, width: Math.max(3, inside(b) - inside(a)), height: base - 6 }), path(drawn(f), "bl-value"), path(drawn(slope), "bl-slope"),
      line(inside(a), base, inside(b), base, "bl-ink2"), line(inside(q1), base, inside(q3), base, "bl-ink7"), s("circle", { cx: inside(m), cy: base, r: 3, class: "bl-here" }),
      [-6, -3, 0, 3, 6].map((v) => words(x(v), H - 3, String(v).replace("-", "−"), "", "middle")), words(x(4.5), H - 3, "z", "bl-strong", "middle"),
      low === 0 && high === 1 ? [words(x(2.6), y(0.8), "σ(z)", "bl-v bl-halo"), words(x(-5.6), y(0.3), "σ′(z) ≤ 1/4", "bl-g bl-halo")]
        : [words(x(name === "tanh" ? 2.4 : -5.6), name === "tanh" ? y(0.72) : y(0) - 8, sign, "bl-v bl-halo"), words(x(name === "tanh" ? -5.6 : 2.8), name === "tanh" ? y(0.2) : y(1) + 16, `${sign}′`, "bl-g bl-halo")]));
}

function loss(r, view) {
  const W = view.aside, H = 132, high = view.shared.loss, t = r.training, squared = r.values.loss !== "logistic", coin = squared ? 0.125 : LN2, base = H - 22;
  const sub = `${r.values.batch ? `batches of ${r.values.batch}` : "full batch"}, rate ${r.rate}; ${squared ? "squared error, not to be compared with the others" : "cross-entropy"}`;
  if (!t?.steps.length) return figure("Training loss", sub, h("p", { class: "bl-sub" }, t ? t.stopped : view.missing));
  const x = linear(0, Math.max(1, r.values.steps), 30, W - 12), y = linear(0, high, base, 8), points = t.loss.map((v, i) => [x(t.steps[i]), y(Math.min(high, v ?? high))]), i = lookAt(r, view), [px, py] = points[i];
  return figure("Training loss", sub, chart(W, H, `Loss over ${t.steps.at(-1)} steps; ${number(t.loss[i])} at step ${t.steps[i]}`,
    [0, 0.4, 0.8].map((v) => [line(30, y(v), W - 12, y(v), "bl-rule"), words(24, y(v) + 4, v, "", "end")]),
    line(30, y(coin), W - 12, y(coin), "bl-bound"), words(W - 10, y(coin) - 6, "no better than a coin", "bl-halo", "end"), path(joined(points), "bl-curve"),
    s("circle", { cx: px, cy: py, r: 4.5, class: "bl-here" }), words(Math.max(px - 7, 64), py + (py > 60 ? -9 : 19), number(t.loss[i]), "bl-strong bl-halo", "end"),
    t.stopped && words(36, base - 8, `ended at step ${t.steps.at(-1)}`, "bl-g bl-halo"), [0, 0.5, 1].map((v) => words(x(v * r.values.steps), H - 6, v * r.values.steps, "", v === 1 ? "end" : "middle"))));
}

const route = (r) => h("details", { class: "bl-route" }, h("summary", null, "Along one path: the product of slopes and weights"),
  h("div", { class: "bl-scroll", tabindex: 0, role: "group", "aria-label": "One path" }, h("table", { class: "bp-mini" }, h("thead", null, h("tr", null, ["layer", "unit", "slope", "× weight", "= product"].map((t) => h("th", { scope: "col" }, t)))),
    h("tbody", null, r.path.map(([k, unit, slope, weight, product]) => h("tr", null, [k, unit, number(slope), number(weight), number(product)].map((t) => h("td", null, String(t)))))))));

/** Layer 1 of B beside layer 1 of A. */
export function difference(a, b) {
  const q = b.delta[0] / a.delta[0];
  return Number.isFinite(q) && q > 0 ? `Layer 1 of B gets ${number(q >= 1 ? q : 1 / q)} times ${q >= 1 ? "more" : "less"} gradient than layer 1 of A.` : "";
}

function table(r, view) {
  const step = lookAt(r, view), row = r.training?.moved[step];
  return { head: ["layer", "∂J/∂z", "expected", "|∂J/∂W|", "z, middle", "slope, middle", row ? `moved, step ${r.training.steps[step]}` : "moved"],
    rows: r.delta.map((v, i) => [String(i + 1), number(v), r.expected ? number(r.expected[i]) : "–", number(r.gradient[i]), number(r.z[i][2]), number(r.slope[i][2]), row ? (row[i] == null ? "not one bit" : number(10 ** row[i])) : "–"]) };
}

const own = {
  shared, table, difference,
  steps: (r) => r.training?.steps ?? [],
  cut: (r) => r.training?.stopped.includes("cancelled"),
  picked: { label: "Look at layer", count: (sides) => Math.max(...sides.map(depthOf)), begin: () => 0, word: (i, n) => `${i + 1} of ${n}` },
  charts(r, view) {
    const stackedUp = view.narrow || view.two;
    view.main = stackedUp ? view.width : Math.floor(((view.width - 22) * 1.9) / 2.9);
    view.aside = view.narrow || view.width < 420 ? view.width : view.two ? Math.floor((view.width - 22) / 2) : view.width - 22 - view.main;
    return h("div", { class: `bl-charts${stackedUp ? "" : " bl-wide"}` }, strips(r, view), h("div", { class: view.two && view.width >= 420 ? "bl-pair" : "" }, curve(r, view), loss(r, view)), route(r));
  },
  keys(pressed, view, sides) {
    const way = { ArrowLeft: -1, ArrowRight: 1, Home: -99, End: 99 }[pressed];
    if (way) view.pick = Math.max(0, Math.min(Math.max(...sides.map(depthOf)) - 1, view.pick + way));
    return Boolean(way);
  },
};

const render = ({ model, el }) => frame(own, { model, el });

export default { render };
