// The picture of the graph: drawn once for each style and layout; a step only toggles classes and fills in numbers.

import { s } from "./dom.js";
import { boxNode, frame, line, markedNode } from "./graph-parts.js";

/**
 * @param state what Python computed
 * @param layout one of its pictures: places of nodes, routes of lines, places of tickets
 * @param formulaAt from `formulas`
 * @param jump called with a variable's name when its node is clicked
 * @param toggle called with a group's name when it is to be opened or folded
 */
export function graph(state, layout, formulaAt, jump, toggle) {
  const { knownAt, hasArrays } = state;
  const below = s("g"), above = s("g"), tickets = s("g");
  const lines = Object.entries(layout.edges).map(([key, e]) => {
    const made = line(key, e);
    below.append(made.idle, made.back);
    if (made.ticket) tickets.append(made.ticket);
    const ends = made.carries.length ? made.carries.map((c) => c.slice(c.indexOf(">") + 1)) : [e.to];
    return { ...made, from: Math.min(...ends.map((to) => knownAt.forward[to])) };          // the step from which on something runs through it
  });
  const unit = Object.fromEntries((layout.folded ?? []).flatMap((f) => f.members.map((m) => [m, f.id])));
  const nodes = (layout.marked ?? [...state.nodes.filter((n) => !unit[n.id]), ...(layout.folded ?? [])]).map((n) => {
    const made = layout.marked ? markedNode(n, layout, formulaAt) : boxNode(n, layout, formulaAt), of = n.of ?? n.id;
    made.g.addEventListener("click", () => (n.members ? toggle(n.id) : jump(of)));
    above.append(made.g);
    if (made.bead) tickets.append(made.bead);
    return { ...made, of, inner: n.inner, members: n.members && new Set(n.members) };
  });
  const svg = s("svg", {
    class: `bp-graph${layout.down ? " bp-down" : ""}`, viewBox: `${layout.x} ${layout.y} ${layout.w} ${layout.h}`, role: "img",
    "aria-label": `Computation graph with ${state.nodes.length} variables. The table of variables and the ledger say the same in words and numbers.`,
  }, (layout.frames ?? []).map((f) => frame(f, formulaAt, toggle)), below, above, tickets);
  const largest = layout.w * (hasArrays ? 1 : 1.12), smallest = layout.w * (layout.down ? 0.9 : 0.76);
  svg.style.maxWidth = layout.down ? `${Math.round(largest)}px` : `min(${Math.round(largest)}px, calc(var(--bp-high) * ${(layout.w / layout.h).toFixed(3)}))`;
  svg.style.minWidth = `${Math.round(smallest)}px`;

  /**
   * Show what is known at step `at`.
   * @param hidden whether its result is still to be predicted
   * @param known (kind, row) -> may a number of its ledger be shown?
   * @param gradient (name) -> {text, done}: what has arrived at a variable by now, or null
   */
  function paint(step, at, hidden, known, gradient) {
    const backward = step.phase === "backward";
    for (const ref of nodes) {
      const own = ref.of === step.node, current = own || Boolean(ref.members?.has(step.node)), asked = own && hidden;
      const hasValue = at >= knownAt.forward[ref.of], grad = gradient(ref.of);
      if (unchanged(ref, hasValue, grad?.text, grad?.done, asked, current && step.phase, Boolean(step.pushes), current && !own && step.node)) continue;
      const { classList } = ref.g;
      classList.toggle("bp-current", current && !ref.inner);
      classList.toggle("bp-within", current && Boolean(ref.inner));
      classList.toggle("bp-back", current && backward);
      classList.toggle("bp-future", !hasValue);
      classList.toggle("bp-partial", Boolean(grad) && !grad.done);
      if (ref.member) ref.member.textContent = current && !own ? `▸ ${step.node}` : "";
      if (ref.bead) {
        ref.bead.classList.toggle("bp-on", current && backward && Boolean(ref.fork) && !step.pushes);
        if (current && backward) ref.bead.style.setProperty("--i", step.edges.length);
      }
      ref.value(!hasValue ? null : asked && !backward ? "?" : ref.valueText);
      ref.grad(!grad || (!grad.done && !ref.partly) ? null : asked && backward ? "?" : grad.done ? ref.gradText : grad.text);
    }
    const active = new Set(step.edges), taken = [];
    for (const ref of lines) {
      const carried = ref.carries.find((c) => active.has(c)), on = carried !== undefined;
      if (!on && unchanged(ref, false, at < ref.from)) continue;
      ref.seen = null;
      ref.idle.classList.toggle("bp-active", on && !backward);
      ref.idle.classList.toggle("bp-hidden", on && backward);
      ref.idle.classList.toggle("bp-future", at < ref.from);
      ref.back.classList.toggle("bp-on", on && backward);
      if (!ref.ticket) continue;
      ref.ticket.classList.toggle("bp-on", on && backward);
      ref.ticket.classList.remove("bp-pointed");
      if (on && backward) {
        fill(ref, step, carried, known);
        if (step.pushes && ref.rule && crowded(ref.e, taken)) ref.ticket.classList.remove("bp-on");
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

  function fill(ref, step, carried, known) {
    const rows = step.pushes ?? step.contribs, i = rows.findIndex((c) => c.edge === carried), c = rows[i];
    ref.ticket.style.setProperty("--i", i);
    ref.ticket.classList.toggle("bp-many", !step.pushes && step.contribs.length > 1);
    ref.index.textContent = i + 1;
    if (!ref.rule) {                                       // once drawn, the middle of the line is known
      const path = ref.back.firstChild, middle = path.getPointAtLength(path.getTotalLength() * (layout.style === "gates" ? 0.82 : 0.5));
      ref.ticket.setAttribute("transform", `translate(${middle.x} ${middle.y})`);
    } else if (c.array) { ref.rule.textContent = c.line1; ref.sum.textContent = known("shape") ? c.prod : "?"; } else {
      const [up, local] = c.line1.split(" × ");
      ref.rule.textContent = `${known("upstream", c, i) ? up : "?"} × ${known("local", c, i) ? local : "?"}`;
      ref.sum.textContent = known("product", c, i) ? c.prod : "= ?";
    }
  }

  /** Thicken an edge while its row of the ledger is pointed at. */
  function point(edge, on) {
    for (const ref of lines.filter((l) => l.carries.includes(edge))) {
      ref.ticket?.classList.toggle("bp-pointed", on);
      ref.back.classList.toggle("bp-pointed", on);
    }
  }

  /** A picture larger than its stage scrolls: keep the current variable and what it is joined to in sight. */
  function follow(step, stage) {
    const k = svg.clientWidth / layout.w, place = (name) => layout.nodes[name] ?? layout.nodes[unit[name]];
    const own = place(step.node), all = [step.node, ...step.edges.flatMap((e) => e.split(">"))].map(place).filter(Boolean);
    const along = (corner, extent, origin, room) => {
      const low = Math.min(...all.map((b) => b[corner])), high = Math.max(...all.map((b) => b[corner] + b[extent]));
      const middle = (high - low) * k > room - 60 ? own[corner] + own[extent] / 2 : (low + high) / 2;
      return (middle - origin) * k - room / 2;
    };
    if (svg.clientWidth > stage.clientWidth + 1) stage.scrollLeft = along(0, 2, layout.x, stage.clientWidth);
    if (svg.clientHeight > stage.clientHeight + 1) stage.scrollTop = along(1, 3, layout.y, stage.clientHeight);
  }

  return { svg, paint, point, follow };
}
