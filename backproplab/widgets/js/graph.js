// The picture of the graph: drawn once for each layout; a step only toggles classes and fills in numbers.

import { s } from "./dom.js";
import { gridAt } from "./grids.js";

/**
 * @param state what Python computed
 * @param layout one of its layouts: places of boxes, routes of edges, places of tickets
 * @param formulaAt from `formulas`
 * @param jump called with a variable's name when its box is clicked
 */
export function graph(state, layout, formulaAt, jump) {
  const { nodes, knownAt, hasArrays } = state;
  const edges = {}, boxes = {};
  const below = s("g"), above = s("g"), tickets = s("g");
  for (const [key, e] of Object.entries(layout.edges)) below.append(...edge(key, e));
  for (const n of nodes) box(n);
  const svg = s("svg", {
    class: `bp-graph${layout.down ? " bp-down" : ""}`, viewBox: `${layout.x} ${layout.y} ${layout.w} ${layout.h}`, role: "img",
    "aria-label": `Computation graph with ${nodes.length} variables. The table of variables and the ledger say the same in words and numbers.`,
    style: `max-width:${Math.round(layout.w * (hasArrays ? 1 : 1.12))}px;min-width:${Math.round(layout.w * (layout.down ? 0.9 : 0.76))}px`,
  }, below, above, tickets);

  function edge(key, e) {
    const [w, height] = e.size ?? [0, 0];
    const idle = s("g", { class: "bp-edge" }, s("path", { class: "bp-line", d: e.d }), s("path", { class: "bp-tip", d: e.tip }));
    const back = s("g", { class: "bp-edge-back" }, s("path", { class: "bp-line", d: e.r, pathLength: 1 }), s("path", { class: "bp-tip", d: e.back }));
    const rule = s("text", { x: 0, y: -4, class: "bp-ticket-rule" }), sum = s("text", { x: 0, y: 11, class: "bp-ticket-sum" });
    const index = s("text", { x: -w / 2, y: 4, class: "bp-index-text" });
    const ticket = s("g", { class: "bp-ticket", transform: `translate(${(e.at ?? [0, 0]).join(" ")})` },
      s("rect", { x: -w / 2, y: -height / 2, width: w, height, rx: 5 }), rule, sum,
      s("g", { class: "bp-index" }, s("circle", { cx: -w / 2, cy: 0, r: 8.5 }), index));
    tickets.append(ticket);
    edges[key] = { idle, back, ticket, rule, sum, index, to: key.slice(key.indexOf(">") + 1) };
    return [idle, back];
  }

  function box(n) {
    const [x, y, w, height] = layout.nodes[n.id], spot = layout.spots?.[n.id];
    const g = s("g", { class: `bp-node bp-role-${n.role}`, "data-node": n.id, onclick: () => jump(n.id) },
      s("title", null, `${n.id}, ${n.role}`), s("rect", { class: "bp-box", x, y, width: w, height, rx: 5 }));
    if (!n.leaf || spot) g.append(formulaAt(n.label, x + 1, y - 6));
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
    const [sx, sy] = layout.down ? [x + w / 2, y + height + 8] : [x + w, y + height / 2];
    const bead = s("g", { class: "bp-sum", transform: `translate(${sx} ${sy})` }, s("circle", { r: 9.5 }), s("path", { d: "M3.6 -3V-5H-4L0.2 0L-4 5H3.6V3" }));
    g.append(value, grad);
    above.append(g);
    tickets.append(bead);
    boxes[n.id] = { g, value, grad, bead };
  }

  /**
   * Show what is known at step `at`.
   * @param hidden whether its result is still to be predicted
   * @param known (kind, row) -> may a number of its ledger be shown?
   * @param gradient (name) -> {text, done}: what has arrived at a variable by now, or null
   */
  function paint(step, at, hidden, known, gradient) {
    const backward = step.phase === "backward";
    for (const n of nodes) {
      const ref = boxes[n.id], current = n.id === step.node;
      const hasValue = at >= knownAt.forward[n.id], grad = gradient(n.id);
      if (unchanged(ref, hasValue, grad?.text, grad?.done, current && hidden, current && step.phase, Boolean(step.pushes))) continue;
      ref.g.classList.toggle("bp-current", current);
      ref.g.classList.toggle("bp-back", current && backward);
      ref.g.classList.toggle("bp-future", !hasValue);
      ref.bead.classList.toggle("bp-on", current && backward && n.fork && !step.pushes);
      ref.g.classList.toggle("bp-partial", Boolean(grad) && !grad.done);
      if (current && backward) ref.bead.style.setProperty("--i", step.edges.length);
      if (ref.value.tagName === "text") {
        ref.value.textContent = hasValue ? (current && hidden && !backward ? "?" : n.value) : "";
        ref.grad.textContent = grad ? (current && hidden && backward ? "?" : grad.text) : "";
      } else {
        ref.value.classList.toggle("bp-on", hasValue && !(current && hidden && !backward));
        ref.grad.classList.toggle("bp-on", Boolean(grad?.done) && !(current && hidden));
      }
    }
    const active = new Set(step.edges), taken = [];
    for (const [key, ref] of Object.entries(edges)) {
      const on = active.has(key);
      if (!on && unchanged(ref, false, at < knownAt.forward[ref.to])) continue;
      ref.seen = null;
      ref.idle.classList.toggle("bp-active", on && !backward);
      ref.idle.classList.toggle("bp-hidden", on && backward);
      ref.idle.classList.toggle("bp-future", at < knownAt.forward[ref.to]);
      ref.back.classList.toggle("bp-on", on && backward);
      ref.ticket.classList.toggle("bp-on", on && backward);
      ref.ticket.classList.remove("bp-pointed");
      if (on && backward) {
        fill(ref, step, key, known);
        if (step.pushes && crowded(layout.edges[key], taken)) ref.ticket.classList.remove("bp-on");
      }
    }
  }

  /** Most of a large picture is the same as a step ago: only what differs is touched. */
  function unchanged(ref, ...facts) {
    const now = facts.join("|");
    if (ref.seen === now) return true;
    ref.seen = now;
    return false;
  }

  /** Places were found for the tickets of one variable at a time; a variable that pushes may show two that meet. */
  function crowded(e, taken) {
    if (!e.at) return true;
    const [x, y] = e.at, [w, height] = e.size;
    const hit = taken.some(([a, b, c, d]) => Math.abs(x - a) < (w + c) / 2 && Math.abs(y - b) < (height + d) / 2);
    if (!hit) taken.push([x, y, w, height]);
    return hit;
  }

  function fill(ref, step, key, known) {
    const rows = step.pushes ?? step.contribs, i = rows.findIndex((c) => c.edge === key), c = rows[i];
    if (c.array) { ref.rule.textContent = c.line1; ref.sum.textContent = c.prod; }
    else {
      const [up, local] = c.line1.split(" × ");
      ref.rule.textContent = `${known("upstream", c, i) ? up : "?"} × ${known("local", c, i) ? local : "?"}`;
      ref.sum.textContent = known("product", c, i) ? c.prod : "= ?";
    }
    ref.index.textContent = i + 1;
    ref.ticket.style.setProperty("--i", i);
    ref.ticket.classList.toggle("bp-many", !step.pushes && step.contribs.length > 1);
  }

  /** Thicken an edge while its row of the ledger is pointed at. */
  function point(key, on) {
    edges[key].ticket.classList.toggle("bp-pointed", on);
    edges[key].back.classList.toggle("bp-pointed", on);
  }

  /** A picture larger than its stage scrolls: keep the current variable and what it is joined to in sight. */
  function follow(step, stage) {
    const k = svg.clientWidth / layout.w, names = [step.node, ...step.edges.flatMap((e) => e.split(">"))];
    const along = (corner, extent, origin, room) => {
      const low = Math.min(...names.map((n) => layout.nodes[n][corner])), high = Math.max(...names.map((n) => layout.nodes[n][corner] + layout.nodes[n][extent]));
      const own = layout.nodes[step.node], middle = (high - low) * k > room - 60 ? own[corner] + own[extent] / 2 : (low + high) / 2;
      return (middle - origin) * k - room / 2;
    };
    if (svg.clientWidth > stage.clientWidth + 1) stage.scrollLeft = along(0, 2, layout.x, stage.clientWidth);
    if (svg.clientHeight > stage.clientHeight + 1) stage.scrollTop = along(1, 3, layout.y, stage.clientHeight);
  }

  return { svg, paint, point, follow };
}
