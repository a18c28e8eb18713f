// A variable's card: what computes it, what it is, what it feeds and is fed by, with every local derivative.

import { h } from "./dom.js";
import { cells } from "./grids.js";

/**
 * @param jump called with a name when one is chosen
 * @param ask (of, wrt) -> asks Python for the Jacobian of one use; null where there is no kernel
 * @param known (phase, name) -> may the number of this variable be shown? Not before it was predicted
 */
export function variableCard(state, formula, jump, ask, known = () => true) {
  const card = h("div", { class: "bp-card", popover: "auto", role: "dialog", "aria-label": "A variable" });

  /** Uses: [consumer, contribution] of a variable. */
  const uses = (name) => state.steps.find((t) => t.phase === "backward" && t.node === name)?.contribs ?? [];

  const shown = h("div", { class: "bp-jacobian", role: "status" });
  /** The Jacobian that Python sent. */
  function fillJacobian(j) {
    shown.replaceChildren(h("p", { class: "bp-label" }, j.text[0]), h("div", { class: "bp-scroll" }, h("div", { class: "bp-fig bp-fig-v" }, cells(j.grid))),
      ...j.text.slice(1).map((line) => h("p", null, line)));
  }

  function fill(name) {
    shown.replaceChildren();
    const n = state.byName[name], forward = state.steps[state.knownAt.forward[name]];
    const choose = (other) => h("button", { type: "button", class: "bp-link", onclick: () => { card.hidePopover(); jump(other); } }, formula(state.byName[other].label, "", other));
    const fedBy = state.nodes.flatMap((m) => uses(m.id).filter((c) => c.by === name).map((c) => [m.id, c]));
    const others = forward.edges.map((e) => e.slice(0, e.indexOf(">"))).filter((m) => !fedBy.some(([id]) => id === m));
    const line = (title, body) => [h("dt", null, title), h("dd", null, body)];
    const jacobian = (of, wrt) => ask && h("button", { type: "button", class: "bp-mini-button", onclick: () => { shown.replaceChildren("Computing …"); ask(of, wrt); } }, "Jacobian");
    const local = (c, of, wrt) => (c.array ? [formula(c.rule), " ", known("backward", wrt) && jacobian(of, wrt)]
      : [c.local ? formula(c.local) : "", h("span", { class: "bp-value" }, ` ${known("backward", wrt) ? c.loc : "?"}`)]);
    const hasValue = known("forward", name), hasGradient = known("backward", name);
    card.replaceChildren(
      h("h3", null, formula(n.label, "", name), h("span", { class: "bp-soft" }, ` ${n.role}`)),
      h("dl", null,
        forward.sym && line("is", formula(forward.sym)),
        line("value", h("span", { class: "bp-value" }, hasValue ? n.value ?? "array" : "?")), n.shape && line("shape", h("span", { class: "bp-value" }, hasValue ? n.shape : "?")),
        n.ggrid && line("gradient's shape", h("span", { class: "bp-grad" }, hasGradient ? n.ggrid.shape : "?"))),
      fedBy.length || others.length ? h("table", { class: "bp-mini" }, h("thead", null, h("tr", null, h("th", { scope: "col" }, "fed by"), h("th", { scope: "col" }, "local derivative"))),
        h("tbody", null, fedBy.map(([id, c]) => h("tr", null, h("th", { scope: "row" }, choose(id)), h("td", null, local(c, name, id)))),
          others.map((id) => h("tr", null, h("th", { scope: "row" }, choose(id)), h("td", null, "no gradient"))))) : null,
      uses(name).length ? h("table", { class: "bp-mini" }, h("thead", null, h("tr", null, h("th", { scope: "col" }, "feeds"), h("th", { scope: "col" }, "local derivative"))),
        h("tbody", null, uses(name).map((c) => h("tr", null, h("th", { scope: "row" }, choose(c.by)), h("td", null, local(c, c.by, name)))))) : null, shown);
    card.setAttribute("aria-label", `About ${name}`);
  }
  return { card, fillJacobian, open: (name) => { fill(name); card.showPopover(); } };
}
