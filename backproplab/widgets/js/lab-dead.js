// The lab of dead ReLUs: the plane with every unit's line, the units through training, one unit's numbers, and the strength varied.

import { h, s } from "./dom.js";
import { bits, lit, plane } from "./lab-dead-plane.js";
import { frame } from "./lab-frame.js";
import { chart, figure, line, linear, number, path, ticks, words } from "./lab-parts.js";

const HINT = 900;                                         // milliseconds between the step before and the step after the bad one
const indexOf = (r, view) => (view.at < 0 ? r.steps.length - 1 : Math.min(view.at, r.steps.length - 1));
const countOf = (text) => [...text].filter((d) => d === "1").length;

/** The unit to look at first: one that the bad step killed and that lies nearest, or one that comes back, or one that is dead. */
export function begin(r) {
  const n = r.dead[0].length, end = r.dead.at(-1), units = [...Array(n).keys()], after = r.bad == null ? -1 : r.steps.indexOf(r.bad + 1);
  if (after > 0) {
    const killed = units.filter((u) => r.dead[after][u] === "1" && r.dead[after - 1][u] === "0"), top = (u) => Math.max(...r.X.map(([x, y]) => r.W[after][0][u] * x + r.W[after][1][u] * y + r.b[after][u]));
    if (killed.length && !r.on) return killed.sort((p, q) => top(q) - top(p))[0];
  }
  const back = units.find((u) => r.dead.some((d, i) => i && r.dead[i - 1][u] === "1" && d[u] === "0"));
  return back ?? units.find((u) => end[u] === "1" && r.dead[0][u] === "0") ?? Math.max(0, end.indexOf("1"));
}

function raster(r, view, width) {
  const W = width, left = 34, top = 64, n = r.dead[0].length, tall = n > 16 ? 13 : 19, frames = r.steps.length, now = indexOf(r, view), H = top + n * tall + 20;
  const x = linear(0, frames, left, W - 4), wide = x(1) - x(0), y = linear(0, n, top - 10, 10), marks = [];
  for (const v of [0, n]) marks.push(line(left, y(v), W - 4, y(v), "bl-rule"), words(left - 6, y(v) + 4, v, "", "end"));
  marks.push(path(r.dead.map((d, i) => `${i ? "L" : "M"}${x(i).toFixed(1)} ${y(countOf(d)).toFixed(1)}L${x(i + 1).toFixed(1)} ${y(countOf(d)).toFixed(1)}`).join(""), "bl-count"));
  for (let u = 0; u < n; u++) {
    const y0 = top + u * tall, here = u === view.pick;
    marks.push(words(left - 6, y0 + tall - 5, u + 1, here ? "bl-strong" : "", "end"));
    const bars = r.share.map((row, i) => { const high = r.dead[i][u] === "1" ? 0 : Math.max(1.5, ((tall - 4) * row[u]) / 100); return high ? `M${x(i).toFixed(1)} ${(y0 + tall - 2).toFixed(1)}v${(-high).toFixed(1)}h${(wide + 0.3).toFixed(1)}v${high.toFixed(1)}z` : ""; }).join("");
    marks.push(path(bars, `bl-moved${here ? "" : " bl-faint"}`));
    for (let i = 0; i < frames;) {
      if (r.dead[i][u] !== "1") { i += 1; continue; }
      let j = i;
      while (j < frames && r.dead[j][u] === "1") j += 1;
      marks.push(line(x(i) + 1, y0 + tall / 2, x(j) - 1, y0 + tall / 2, here ? "bl-flat bl-chosen" : "bl-flat"), words(x(i) + 2, y0 + tall / 2 - 2, "✕", "bl-g bl-small"));
      i = j;
    }
    if (here) marks.push(s("rect", { x: left - 1, y: y0 + 0.5, width: W - 3 - left, height: tall - 1, class: "bl-pick" }));
  }
  const k = countOf(r.dead[now]), late = x(now) > W - 110;
  marks.push(words(late ? W - 6 : x(now) + 6, k > n / 2 ? y(0) - 5 : y(n) + 12, `${k} ${r.word}`, "bl-g bl-halo", late ? "end" : "start"));
  const cursor = s("rect", { x: x(now), y: 6, width: wide, height: H - 24, class: "bl-cursor" }), named = [];
  for (const t of ticks(0, r.steps.at(-1), 5)) {
    const i = r.steps.reduce((best, v, j) => (Math.abs(v - t) < Math.abs(r.steps[best] - t) ? j : best), 0), at = Math.min(W - 12, x(i) + wide / 2);
    if (r.bad == null || Math.abs(at - x(r.steps.indexOf(r.bad))) > 34) named.push(words(at, H - 4, r.steps[i], "", "middle"));
  }
  if (r.bad != null && r.steps.includes(r.bad)) named.push(words(x(r.steps.indexOf(r.bad)) + wide / 2, H - 4, `${r.bad} ↑ bad`, "bl-strong", "middle"));
  const hit = s("rect", { class: "bl-hit", x: left, y: 0, width: W - left, height: H - 16, onclick: (event) => {
    const box = event.currentTarget.getBoundingClientRect(), scale = (W - left) / box.width, u = Math.floor(((event.clientY - box.top) * scale - top) / tall);
    if (u >= 0 && u < n) view.choose(u);
    view.go(Math.floor(((event.clientX - box.left) * scale) / wide));
  } });
  return h("div", { class: "bl-raster", tabindex: 0, role: "group", "data-focus": `raster-${view.side}`, "aria-label": "Every unit through training; the arrow keys choose a unit and a step" },
    figure("Every unit through training", "height: share of the points that switch it on; ✕ and a flat line: none of them", chart(W, H, `${countOf(r.dead.at(-1))} of ${n} units ${r.word} at the end`, cursor, marks, named, hit)));
}

function proof(r, view) {
  const i = indexOf(r, view), u = view.pick, gone = r.dead[i][u] === "1", leaky = r.word !== "dead", two = Boolean(r.on), count = r.X.length;
  const w = [r.W[i][0][u], r.W[i][1][u]], b = r.b[i][u], top = Math.max(...r.X.map(([x, y]) => w[0] * x + w[1] * y + b));
  const lights = two ? bits(r.on[i][u], count).filter(Boolean).length : gone ? 0 : lit(r.X, w, b).filter(Boolean).length;
  let from = i;
  while (from > 0 && r.dead[from - 1][u] === "1") from -= 1;
  const later = r.dead.slice(i).findIndex((d) => d[u] === "0"), size = r.gradient[i][u];
  const why = !gone ? (size < 1e-6 ? "On for some points: its gradient is tiny here, and not exactly 0." : "On for some points, so gradient flows and it moves.")
    : leaky ? "Never on, but its slope below 0 is 1/10: gradient flows and its line keeps moving."
      : later > 0 ? `Its own gradient is 0 and what it is fed with changes: it is on again at step ${r.steps[i + later]}.`
        : two ? (r.values.frozen ? "Its gradient is 0 and its inputs are frozen too: nothing can change it." : "Its own weights get no gradient. Layer 1 moves its inputs, so it may still come back; in this run it does not.")
          : r.values.decay ? "Its gradient is 0. What moves it is the decay alone." : `z ≤ 0 on every point, so the mask is 0 in every row. Its w and b are the same bits from step ${r.steps[from]} on: nothing in this run can move it.`;
  const rows = [["points that switch it on", `${lights} of ${count}`], ["length of its gradient", gone && !leaky ? "0, exactly" : number(size)], ["weight to the output", number(r.output[i][u])],
    ...(two ? [] : [["largest z", number(top)], ["w and b", `(${number(w[0])}, ${number(w[1])}), ${number(b)}`]])];
  return h("div", { class: "bl-proof" }, h("h3", null, `Unit ${u + 1} at step ${r.steps[i]}: ${gone ? (leaky ? "never on" : "✕ dead") : "✓ alive"}`),
    h("table", { class: "bp-mini" }, h("tbody", null, rows.map(([name, value]) => h("tr", null, h("th", { scope: "row" }, name), h("td", null, value))))), h("p", { class: "bl-sub" }, why));
}

function strengths(sweep, n, name, width) {
  if (!sweep?.rows.length) return null;
  const W = width, H = 132, x = linear(0, Math.max(1, sweep.rows.length - 1), 50, W - 40), y = linear(0, n, H - 32, 8), known = sweep.rows.map((row, i) => [row, i]).filter(([row]) => row.exact != null);
  return figure("The strength varied", `${name} at the end in ten seeds: mean and range${known.length ? "; grey: expected at the start" : ""}`, chart(W, H, `Units ${name} against ${sweep.field}`,
    [0, n / 2, n].map((v) => [line(34, y(v), W - 6, y(v), "bl-rule"), words(28, y(v) + 4, number(v), "", "end")]),
    sweep.rows.map((row, i) => [line(x(i), y(row.low), x(i), y(row.high), "bl-range"), s("circle", { class: "bl-dot", cx: x(i), cy: y(row.mean), r: row.value === sweep.now ? 5 : 3.5 }),
      row.value === sweep.now && words(x(i) + 9, y(row.mean) - 6, number(row.mean), "bl-g bl-halo"), words(x(i), H - 16, String(row.value).replace("-", "−"), row.value === sweep.now ? "bl-strong" : "", "middle")]),
    known.length > 1 && path(known.map(([row, i], k) => `${k ? "L" : "M"}${x(i)} ${y(n * row.exact)}`).join(""), "bl-theory"), words(W - 6, H - 2, sweep.field, "", "end")));
}

const own = {
  steps: (r) => r.steps,
  picked: { label: "Unit", count: (sides) => Math.max(...sides.map((r) => r.dead[0].length)), begin, word: (i, n) => `${i + 1} of ${n}` },
  cut: () => false,
  extra(view, sides) {
    const show = h("button", { type: "button", class: "bl-button", onclick: () => {
      const r = sides()[view.edit], at = r.steps.indexOf(r.bad ?? -1);
      if (at < 0) return;
      view.go(at);
      setTimeout(() => view.go(at + 1), HINT);
    } }, "Show the bad step");
    view.drawn = () => { show.hidden = sides()[view.edit]?.bad == null; };
    return [show];
  },
  charts(r, view) {
    const n = r.dead[0].length, shown = { ...view, pick: Math.min(view.pick, n - 1) }, half = view.narrow || view.two ? view.width : Math.floor((view.width - 22) / 2);
    return h("div", { class: `bl-charts${view.narrow || view.two ? "" : " bl-even"}` },
      h("div", null, plane(r, indexOf(r, view), shown.pick, half, shown), proof(r, shown)), h("div", null, raster(r, shown, half), strengths(r.sweep, n, r.word, half)));
  },
  says(r, view) { const i = indexOf(r, view); return view.at < 0 ? ` The loss ends at ${number(r.loss.at(-1))}.` : ` At step ${r.steps[i]}: ${countOf(r.dead[i])} ${r.word}, loss ${number(r.loss[i])}.`; },
  difference: (a, b) => `At the end ${countOf(a.dead.at(-1))} are ${a.word} in A and ${countOf(b.dead.at(-1))} ${b.word} in B.`,
  table(r, view) {
    const i = indexOf(r, view);
    return { head: ["unit", "state", "on for", "gradient", "weight to the output"],
      rows: [...r.dead[i]].map((d, u) => [String(u + 1), d === "1" ? r.word : "alive", `${r.share[i][u]} %`, d === "1" && r.word === "dead" ? "0, exactly" : number(r.gradient[i][u]), number(r.output[i][u])]) };
  },
  keys(pressed, view, sides, last) {
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -1e4], End: [0, 1e4] }[pressed], n = sides[0].dead[0].length;
    if (!way) return false;
    view.pick = (view.pick + way[0] + n) % n;
    const at = Math.max(0, Math.min(last, (view.at < 0 ? last : view.at) + way[1]));
    view.at = at >= last ? -1 : at;
    return true;
  },
};

const render = ({ model, el }) => frame(own, { model, el });

export default { render };
