// The stepper: a computation graph drawn once; each step toggles what is known of it.
// Everything shown was computed beforehand and stands in `state`: it works without a kernel, and stepping sends no message.

import { h, icon, plain } from "./dom.js";
import { formulas } from "./formula.js";
import { graph } from "./graph.js";
import { sourceList, variableTable } from "./listing.js";
import { stepPanel } from "./panel.js";
import { keyOf, LEVELS, posed, score } from "./predict.js";

const NARROW = 600, PLAYING = 1600, SPEAKING = 250;      // pixels; milliseconds a step; milliseconds of rest before it is spoken

const KEYS = [["← →", "previous, next step"], ["Home End", "first, last step"], ["Space", "play or pause"], ["?", "this card"]];
const SIGNS = [["bp-value", "6", "value, bottom left"], ["bp-grad", "+404.9", "gradient, bottom right, always signed"],
  ["bp-grad", "1 × 403 / +403.4", "upstream × local, and what it contributes"], ["bp-grad", "Σ", "contributions of several consumers are added here"]];

/** The state with what follows from it. */
function indexed(state) {
  const knownAt = { forward: {}, backward: {} };          // the step at which a value or a gradient becomes known
  state.steps.forEach((t, i) => { knownAt[t.phase][t.node] = i; });
  return { ...state, knownAt, byName: Object.fromEntries(state.nodes.map((n) => [n.id, n])),
    forwardCount: state.steps.filter((t) => t.phase === "forward").length, hasArrays: state.nodes.some((n) => n.grid) };
}

function helpCard() {
  const title = (text) => h("h3", null, text);
  return h("div", { class: "bp-help", popover: "auto", role: "dialog", "aria-label": "Keys and signs" },
    title("Keys"), h("dl", null, KEYS.map(([keys, what]) => [h("dt", null, keys.split(" ").map((key) => h("kbd", null, key))), h("dd", null, what)])),
    title("Signs"), h("ul", { class: "bp-signs" }, SIGNS.map(([kind, sign, what]) => h("li", null, h("b", { class: kind }, sign), ` ${what}`))));
}

function render({ model, el }) {
  const state = indexed(model.get("state"));
  const { steps, forwardCount } = state;
  const draw = formulas(state.glyphs);
  let at = Math.max(0, Math.min(model.get("step") ?? 0, steps.length - 1));
  let predict = Boolean(model.get("predict"));
  let level = model.get("level") ?? "all";
  const answers = { ...model.get("answers") };             // keyOf(step, ask) -> { done, right, text, tries, hints }
  let timer = null, speaking = null;

  /** The questions of this step: all of them, and the one that is open. */
  function asking() {
    const all = predict ? posed(steps[at], state.asking.kinds[level], level) : [];
    const answered = (ask) => answers[keyOf(at, ask)];
    return { posed: all, now: all.find((ask) => !answered(ask)?.done) ?? null, answered, level };
  }

  // ---- the frame ------------------------------------------------------------------------------

  const button = (name, label, keys, act) =>
    h("button", { class: `bp-button bp-${name}`, type: "button", "aria-label": label, title: `${label} (${keys})`, onclick: act }, icon(name));
  const first = button("first", "First step", "Home", () => go(0));
  const prev = button("prev", "Previous step", "Left arrow", () => go(at - 1));
  const play = button("play", "Play", "Space", () => toggle());
  const next = button("next", "Next step", "Right arrow", () => go(at + 1));
  const last = button("last", "Last step", "End", () => go(steps.length - 1));
  play.classList.add("bp-primary");

  const percent = (i) => (100 * i) / Math.max(1, steps.length - 1);
  const slider = h("input", { class: "bp-slider", type: "range", min: 0, max: steps.length - 1, step: 1, "aria-label": "Step", oninput: () => go(Number(slider.value)) });
  const ticks = h("div", { class: "bp-ticks", "aria-hidden": "true" }, steps.map((t, i) => h("span", { class: `bp-tick bp-tick-${t.phase}`, style: `left:${percent(i)}%` }, t.node)));
  const track = h("div", { class: "bp-track", style: `--split:${percent(forwardCount - 0.5)}%` },
    h("div", { class: "bp-phases", "aria-hidden": "true" }, h("span", null, "forward →"), h("span", null, "← backward")),
    h("div", { class: "bp-rail" }, h("span"), h("span")), slider, ticks);
  const counter = h("div", { class: "bp-counter", "aria-hidden": "true" });
  const predictSwitch = h("button", { class: "bp-switch", type: "button", role: "switch", title: "Be asked before each number is shown", onclick: switchPredict },
    h("span", { class: "bp-knob", "aria-hidden": "true" }), "Predict");
  const levels = h("select", { class: "bp-select", "aria-label": "What is asked", title: "What is asked", onchange: () => { level = levels.value; model.set("level", level); show(); } },
    LEVELS.map(([value, text]) => h("option", { value, selected: value === level }, text)));
  const tally = h("span", { class: "bp-tally", title: "Right at the first try, without a hint" });
  const help = helpCard();
  const helpButton = h("button", { class: "bp-button", type: "button", "aria-label": "Keys and signs", title: "Keys and signs (?)", onclick: () => help.togglePopover() }, "?");

  const legend = h("div", { class: "bp-legend", "aria-hidden": "true" }, h("span", { class: "bp-value" }, "value"), h("span", { class: "bp-grad" }, "gradient"));
  const stage = h("div", { class: "bp-stage", tabindex: 0, role: "group", "aria-label": "Graph. Arrow keys step." });
  const panel = h("div", { role: "group", "aria-label": "This step" });
  const status = h("div", { class: "bp-sr", role: "status" });
  const source = sourceList(state), table = variableTable(state, draw.formula, jump);
  const paintPanel = stepPanel(panel, state, draw, {
    answered, tolerance: state.asking.tolerance, skip: () => go(at + 1), point: (edge, on) => view.point(edge, on), copied: () => { status.textContent = "Formula copied as LaTeX."; },
  });
  const section = (className, title, body) => h("div", { class: className, role: "group", "aria-label": title }, h("h3", { class: "bp-label" }, title), body);
  const root = h("div", { class: `bp-widget bp-stepper${state.hasArrays || state.wide.w > 980 ? " bp-arrays" : ""}`, role: "region", "aria-label": `Backpropagation stepper, ${state.id}` },
    h("div", { class: "bp-head" },
      h("div", { class: "bp-title" }, draw.formula(state.head), h("span", { class: "bp-at" }, state.at)), h("div", { class: "bp-tools" }, tally, predictSwitch, levels, helpButton)),
    h("div", { class: "bp-controls" }, h("div", { class: "bp-buttons", role: "group", "aria-label": "Steps" }, first, prev, play, next, last), track, counter),
    h("div", { class: "bp-body" }, stage, panel, section("bp-side", "Source", source.list), section("bp-vars", "Variables", h("div", { class: "bp-scroll" }, table.table))),
    help, status);

  // ---- showing a step -------------------------------------------------------------------------

  const views = {};
  let view = null;
  function choose() {
    const key = root.clientWidth < NARROW ? "tall" : "wide";
    if (view?.key === key) { thin(); return; }
    views[key] ??= { key, ...graph(state, state[key], draw.formulaAt, jump) };
    view = views[key];
    stage.replaceChildren(view.svg, legend);
    if (root.isConnected) show();
  }

  /** Hide tick labels that would run into the one before; the current one is always shown. */
  function thin() {
    let end = -Infinity;
    const boxes = [...ticks.childNodes].map((t) => [t, t.offsetLeft - t.offsetWidth / 2, t.offsetWidth]), now = boxes[at];
    for (const [t, x, w] of boxes) {
      const clash = t !== now[0] && (x < end + 5 || (x < now[1] + now[2] + 5 && x + w > now[1] - 5));
      t.classList.toggle("bp-out", clash);
      if (!clash) end = x + w;
    }
  }

  function show() {
    const step = steps[at], questions = asking(), hidden = Boolean(questions.now);
    const { known } = paintPanel(step, at, questions);
    view.paint(step, at, hidden, known);
    source.paint(step);
    table.paint(step, at, hidden);
    view.follow(step, stage);
    slider.value = at;
    slider.setAttribute("aria-valuetext", `${at + 1} of ${steps.length}: ${step.phase}, ${step.title}`);
    track.style.setProperty("--at", `${percent(at)}%`);
    ticks.childNodes.forEach((t, i) => t.classList.toggle("bp-here", i === at));
    thin();
    counter.replaceChildren(h("b", null, String(at + 1)), ` / ${steps.length}`);
    first.disabled = prev.disabled = at === 0;
    next.disabled = last.disabled = at === steps.length - 1;
    predictSwitch.setAttribute("aria-checked", String(predict));
    levels.hidden = !predict;
    tally.textContent = predict ? score(answers) : "";
    clearTimeout(speaking);                               // dragging the slider says only where it comes to rest
    speaking = setTimeout(() => { status.textContent = spoken(step, questions.now); }, SPEAKING);
  }

  function spoken(step, now) {
    const place = `Step ${at + 1} of ${steps.length}, ${step.phase}. ${step.title}. `;
    if (now) return place + plain(now.question);
    if (step.phase === "forward") return `${place}${plain(step.words)} Value ${step.value}.`;
    const parts = step.contribs.filter((c) => c.loc).map((c) => `through ${c.by}, ${c.up} times ${c.loc} is ${c.shown}`);
    return `${place}${parts.join("; ")}${parts.length ? ". " : ""}Gradient ${step.grad}.`;
  }

  // ---- moving ---------------------------------------------------------------------------------

  function go(i) {
    const to = Math.max(0, Math.min(steps.length - 1, i));
    if (to === at) return;
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    at = to;
    model.set("step", at);                                // kept by the page for a second view; never sent
    show();
    if (focused && (focused.disabled || !focused.isConnected)) (panel.querySelector(".bp-input") ?? stage).focus({ preventScroll: true });
  }
  function jump(name) {
    go(state.knownAt[steps[at].phase][name] ?? state.knownAt.forward[name]);
  }
  function switchPredict() {
    predict = !predict;
    model.set("predict", predict);
    show();
  }
  function answered(answer) {
    const { now } = asking();
    answers[keyOf(at, now)] = answer;
    model.set("answers", { ...answers });
    try { model.save_changes(); } catch { /* without a kernel the answer stays in the page */ }
    if (!answer.done) return;
    show();
    (panel.querySelector(".bp-input") ?? stage).focus({ preventScroll: true });
  }
  function toggle() {
    if (timer) { clearInterval(timer); timer = null; }
    else {
      if (at === steps.length - 1) go(0);
      timer = setInterval(() => { if (at === steps.length - 1 || asking().now) toggle(); else go(at + 1); }, PLAYING);
    }
    const label = timer ? "Pause" : "Play";
    play.replaceChildren(icon(label.toLowerCase()));
    play.setAttribute("aria-label", label);
    play.title = `${label} (Space)`;
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { tagName, type } = event.target;
    if (tagName === "INPUT" && type !== "range") return;
    const act = { ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), Home: () => go(0), End: () => go(steps.length - 1),
      "?": () => help.togglePopover(), " ": tagName === "BUTTON" ? null : toggle }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  el.append(root);
  choose();
  show();
  const watch = new ResizeObserver(choose);
  watch.observe(root);
  return () => { watch.disconnect(); clearInterval(timer); clearTimeout(speaking); };
}

export default { render };
