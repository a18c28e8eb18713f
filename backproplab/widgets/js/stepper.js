// The stepper: a computation graph drawn once; each step toggles what is known of it.
// Everything shown was computed beforehand and stands in `state`: it works without a kernel, and stepping sends no message.

import { variableCard } from "./card.js";
import { beneath, h, icon, rich } from "./dom.js";
import { formulas } from "./formula.js";
import { graph } from "./graph.js";
import { sourceList, variableTable } from "./listing.js";
import { asker, inputFields, optionsCard } from "./options.js";
import { stepPanel } from "./panel.js";
import { download, finder, standalone, zooming } from "./picture.js";
import { pictures } from "./pictures.js";
import { keyOf, LEVELS, posed, score } from "./predict.js";
import { pushing } from "./push.js";
import { helpCard, inWords } from "./speech.js";

const NARROW = 600, SPEAKING = 250;                       // pixels; milliseconds of rest before a step is inWords

/** The state with what follows from it, in the letters asked for. */
function indexed(state, notation) {
  const patches = state.notations?.[notation] ?? {};
  const steps = state.steps.map((t, i) => (patches[i] ? { ...t, ...patches[i], num: pieced(patches[i].num, t.num), show: t.show && relabelled(t.show, patches[i].label) } : t));
  const knownAt = { forward: {}, backward: {} };          // the step at which a value or a gradient becomes known
  steps.forEach((t, i) => { knownAt[t.phase][t.node] = i; });
  return { ...state, steps, knownAt, byName: Object.fromEntries(state.nodes.map((n) => [n.id, n])),
    forwardCount: steps.filter((t) => t.phase === "forward").length, hasArrays: state.nodes.some((n) => n.grid) };
}
/** Pieces that are the same in both notations stand in the state once. */
const pieced = (f, other) => f && { ...f, parts: f.parts.map((p, k) => p || other.parts[k]) };
const relabelled = (show, label) => (label ? [...show.slice(0, -1), { ...show.at(-1), label }] : show);

/** One state on the page. Returns what ends it. */
function mount({ model, el, remount }) {
  const told = model.get("state"), chosen = model.get("notation"), notation = told.notations?.[chosen] ? chosen : told.letter;
  const state = { ...indexed(told, notation), live: model.static ? null : told.live, letters: told.letters.filter((l) => l.name === told.letter || told.notations?.[l.name] || !model.static) };
  const { forwardCount } = state, count = state.steps.length;
  const draw = formulas(state.glyphs), push = pushing(state);
  let version = model.get("version") ?? "A", speed = model.get("speed") ?? 1600;
  let steps = version === "B" ? push.steps : state.steps;
  let at = Math.max(0, Math.min(model.get("step") ?? 0, count - 1));
  let predict = Boolean(model.get("predict")), level = model.get("level") ?? "all";
  const answers = { ...model.get("answers") };             // keyOf(step, ask) -> { done, right, text, tries, hints }
  let timer = null, speaking = null;

  /** The questions of this step: all of them, and the one that is open. Version B shows, it does not ask. */
  function asking() {
    const all = predict && version === "A" ? posed(steps[at], state.asking.kinds[level], level) : [];
    const answered = (ask) => answers[keyOf(at, ask)];
    return { posed: all, now: all.find((ask) => !answered(ask)?.done) ?? null, answered, level };
  }
  /** What has arrived at a variable by now. */
  const gradient = (name) => (version === "B" ? push.partial(at, name)
    : at >= (state.knownAt.backward[name] ?? Infinity) ? { text: state.byName[name].grad, done: true } : null);
  /** While predicting, only what an earlier step showed, or this one by now. */
  const shown = (phase, name) => !predict || at - Boolean(asking().now) >= (state.knownAt[phase][name] ?? Infinity);
  const keep = (key, value) => model.set(key, value);      // kept by the page for a second view; not sent

  // ---- the frame ------------------------------------------------------------------------------

  const button = (name, label, keys, act) =>
    h("button", { class: `bp-button bp-${name}`, type: "button", "aria-label": label, title: `${label} (${keys})`, onclick: act }, icon(name));
  const first = button("first", "First step", "Home", () => go(0));
  const prev = button("prev", "Previous step", "Left arrow", () => go(at - 1));
  const play = button("play", "Play", "Space", () => toggle());
  const next = button("next", "Next step", "Right arrow", () => go(at + 1));
  const last = button("last", "Last step", "End", () => go(count - 1));
  play.classList.add("bp-primary");

  const percent = (i) => (100 * i) / Math.max(1, count - 1);
  const slider = h("input", { class: "bp-slider", type: "range", min: 0, max: count - 1, step: 1, "aria-label": "Step", oninput: () => go(Number(slider.value)) });
  const ticks = h("div", { class: "bp-ticks", "aria-hidden": "true" }, steps.map((t, i) => h("span", { class: `bp-tick bp-tick-${t.phase}`, style: `left:${percent(i)}%` }, rich(`\`${t.node}\``))));
  const track = h("div", { class: "bp-track", style: `--split:${percent(forwardCount - 0.5)}%` },
    h("div", { class: "bp-phases", "aria-hidden": "true" }, h("span", null, "forward →"), h("span", null, "← backward")),
    h("div", { class: "bp-rail" }, h("span"), h("span")), slider, ticks);
  const counter = h("div", { class: "bp-counter", "aria-hidden": "true" });
  const asks = state.steps.some((t) => t.asks.length);
  const predictSwitch = h("button", { class: "bp-switch", type: "button", role: "switch", hidden: !asks, title: "Be asked before each number is shown", onclick: switchPredict },
    h("span", { class: "bp-knob", "aria-hidden": "true" }), "Predict");
  const levels = h("select", { class: "bp-select", "aria-label": "What is asked", title: "What is asked", onchange: () => { level = levels.value; keep("level", level); show(); } },
    LEVELS.map(([value, text]) => h("option", { value, selected: value === level }, text)));
  const tally = h("span", { class: "bp-tally", title: "Right at the first try, without a hint" });
  const status = h("div", { class: "bp-sr bp-status", role: "status" });

  const note = h("p", { class: "bp-note-line", role: "status" }, model.get("problem") ?? "");
  const say = (text) => { note.textContent = text; };
  const kernel = state.live ? asker(model, say, () => options.refresh()) : null;
  const fields = state.live?.length ? inputFields(state, (inputs) => kernel.ask({ inputs })) : null;
  const change = fields && h("button", { class: "bp-text-button bp-quiet", type: "button", "aria-expanded": "false",
    onclick: () => { fields.hidden = !fields.hidden; change.setAttribute("aria-expanded", String(!fields.hidden)); fields.querySelector("input")?.focus(); } }, "change");
  const help = helpCard(), card = variableCard(state, draw.formula, jump, kernel && ((of, wrt) => kernel.ask({ jacobian: [of, wrt] })), shown);
  const jacobianArrived = () => card.fillJacobian(model.get("jacobian"));
  model.on("change:jacobian", jacobianArrived);
  const picture = pictures(model, told, kernel, (text) => { say(text); options.refresh(); if (!text) choose(); });
  const options = optionsCard(state, () => ({ notation, version, speed, style: picture.style(), opened: picture.opened() }), picture.offered(), {
    style: picture.choose, group: picture.toggle,
    notation: (name) => { if (told.notations?.[name] || name === told.letter) { keep("notation", name); remount(); } else { keep("notation", null); kernel.ask({ notation: name }); } },
    version: (name) => { version = name; keep("version", name); steps = version === "B" ? push.steps : state.steps; show(); },
    speed: (ms) => { speed = ms; keep("speed", ms); if (timer) { toggle(); toggle(); } },
    folded: (folded) => kernel.ask({ folded }),
    savePicture: () => { download(`${state.id}.svg`, standalone(view.svg), "image/svg+xml"); status.textContent = "The picture was saved."; },
    copyPicture: async () => {
      try { await navigator.clipboard.writeText(standalone(view.svg)); say("The picture was copied, as SVG."); }
      catch { say("This page may not copy. Save the picture instead."); }
    },
  });
  const opening = (text, label, target) => h("button", { class: "bp-button bp-worded", type: "button", "aria-label": label, title: label, onclick: (event) => beneath(event.currentTarget, target) }, text);

  const legend = h("div", { class: "bp-legend", "aria-hidden": "true" }, h("span", { class: "bp-value" }, "value"), h("span", { class: "bp-grad" }, "gradient"));
  const stage = h("div", { class: "bp-stage", tabindex: 0, role: "group", "aria-label": "Graph. Arrow keys step." });
  const find = finder(state.nodes.map((n) => n.id), (name) => { jump(name); stage.focus({ preventScroll: true }); }, say);
  const zoom = zooming(stage);
  const panel = h("div", { role: "group", "aria-label": "This step" });
  const source = sourceList(state), table = variableTable(state, draw.formula, jump);
  const paintPanel = stepPanel(panel, state, draw, {
    answered, tolerance: state.asking.tolerance, skip: () => go(at + 1), point: (edge, on) => view.point(edge, on), about: card.open,
    copied: () => { status.textContent = "Formula copied as LaTeX."; },
  });
  const section = (className, title, body) => h("div", { class: className, role: "group", "aria-label": title }, h("h3", { class: "bp-label" }, title), body);
  const root = h("div", { class: `bp-widget bp-stepper${state.hasArrays || state.wide.w > 980 ? " bp-arrays" : ""}`, role: "region", "aria-label": `Backpropagation stepper, ${state.id}` },
    h("div", { class: "bp-head" },
      h("div", { class: "bp-title" }, draw.formula(state.head), h("span", { class: "bp-at" }, state.at, change)),
      h("div", { class: "bp-tools" }, tally, predictSwitch, levels, opening("View", "View: picture, letters, boxes, speed", options.card), opening("?", "Keys and signs", help))),
    fields,
    h("div", { class: "bp-controls" }, h("div", { class: "bp-buttons", role: "group", "aria-label": "Steps" }, first, prev, play, next, last), track, counter),
    note,
    h("div", { class: "bp-body" }, h("div", { class: "bp-frame" }, h("div", { class: "bp-bar" }, legend, find.input, find.list, zoom.tools), stage), panel, section("bp-side", "Source", source.list), section("bp-vars", "Variables", h("div", { class: "bp-scroll" }, table.table))),
    help, options.card, card.card, status);

  // ---- showing a step -------------------------------------------------------------------------

  const views = {};
  let view = null;
  function choose() {
    const side = root.clientWidth < NARROW ? "tall" : "wide", key = `${picture.key()} ${side}`;
    measure();
    zoom.mark();
    if (view?.key === key) return;
    views[key] ??= { key, ...graph(state, picture.layouts()[side], draw.formulaAt, jump, picture.toggle) };
    view = views[key];
    stage.replaceChildren(view.svg);
    zoom.apply();
    if (root.isConnected) show();
  }

  /** Hide tick labels that would run into the one before; the current one is always shown. Measured when the width changes. */
  const marks = [...ticks.childNodes].map((t) => ({ t, out: false }));
  function measure() {
    for (const m of marks) { m.x = m.t.offsetLeft - m.t.offsetWidth / 2; m.w = m.t.offsetWidth; }
    thin();
  }
  function thin() {
    let end = -Infinity;
    const now = marks[at];
    marks.forEach((m, i) => {
      const out = m !== now && (m.x < end + 5 || (m.x < now.x + now.w + 5 && m.x + m.w > now.x - 5));
      if (out !== m.out) m.t.classList.toggle("bp-out", out);
      m.out = out;
      if (!out) end = m.x + m.w;
      if ((i === at) !== Boolean(m.here)) { m.here = i === at; m.t.classList.toggle("bp-here", m.here); }
    });
  }

  function show() {
    const step = steps[at], questions = asking(), hidden = Boolean(questions.now);
    const { known } = paintPanel(step, at, questions);
    view.paint(step, at, hidden, known, gradient);
    source.paint(step);
    table.paint(step, at, questions.now?.kind, gradient);
    view.follow(step, stage);
    slider.value = at;
    slider.setAttribute("aria-valuetext", `${at + 1} of ${count}: ${step.phase}, ${step.title}`);
    thin();
    counter.replaceChildren(h("b", null, String(at + 1)), ` / ${count}`);
    first.disabled = prev.disabled = at === 0;
    next.disabled = last.disabled = at === count - 1;
    predictSwitch.setAttribute("aria-checked", String(predict));
    levels.hidden = !predict;
    tally.textContent = predict ? score(answers) : "";
    clearTimeout(speaking);                               // dragging the slider says only where it comes to rest
    speaking = setTimeout(() => { status.textContent = inWords(step, `Step ${at + 1} of ${count}`, questions.now); }, SPEAKING);
  }

  // ---- moving ---------------------------------------------------------------------------------

  function go(i) {
    const to = Math.max(0, Math.min(count - 1, i));
    if (to === at) return;
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    at = to;
    keep("step", at);
    show();
    if (focused && (focused.disabled || !focused.isConnected)) (panel.querySelector(".bp-answer") ?? stage).focus({ preventScroll: true });
  }
  function jump(name) {
    go(state.knownAt[steps[at].phase][name] ?? state.knownAt.forward[name]);
  }
  function switchPredict() {
    predict = !predict;
    keep("predict", predict);
    show();
  }
  function answered(answer) {
    const { now } = asking();
    answers[keyOf(at, now)] = answer;
    model.set("answers", { ...answers });
    try { model.save_changes(); } catch { /* without a kernel the answer stays in the page */ }
    if (!answer.done) return;
    show();
    (panel.querySelector(".bp-answer") ?? stage).focus({ preventScroll: true });
  }
  function toggle() {
    if (timer) { clearInterval(timer); timer = null; }
    else {
      if (at === count - 1) go(0);
      timer = setInterval(() => { if (at === count - 1 || asking().now) toggle(); else go(at + 1); }, speed);
    }
    const label = timer ? "Pause" : "Play";
    play.replaceChildren(icon(label.toLowerCase()));
    play.setAttribute("aria-label", label);
    play.title = `${label} (Space)`;
  }

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { tagName, type } = event.target;
    if (tagName === "SELECT" || (tagName === "INPUT" && type !== "range")) return;
    const act = { ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1), Home: () => go(0), End: () => go(count - 1),
      "?": () => beneath(root.querySelector(".bp-tools").lastChild, help), "/": () => find.input.focus(), i: () => card.open(steps[at].node), " ": tagName === "BUTTON" ? null : toggle }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  el.replaceChildren(root);
  choose();
  show();
  const watch = new ResizeObserver(choose);
  watch.observe(root);
  return () => { watch.disconnect(); clearInterval(timer); clearTimeout(speaking); kernel?.stop(); model.off?.("change:jacobian", jacobianArrived); };
}

/** Other letters or another picture ask the same: what was answered stays. */
const asked = (state) => JSON.stringify(state.steps.map((t) => [t.node, t.asks.map((a) => [a.kind, a.answer])]));

function render({ model, el }) {
  let end = null, shown = model.get("state");
  const remount = () => { end?.(); end = mount({ model, el, remount }); };
  /** Another state from Python: stay at the same variable, in the same pass. */
  function renewed() {
    const before = shown, step = before.steps[model.get("step") ?? 0];
    shown = model.get("state");
    const { steps } = shown;
    const same = step ? steps.findIndex((t) => t.node === step.node && t.phase === step.phase) : -1;
    model.set("step", same >= 0 ? same : Math.min(model.get("step") ?? 0, steps.length - 1));
    if (asked(before) !== asked(shown)) model.set("answers", {});
    remount();
  }
  remount();
  model.on("change:state", renewed);
  return () => { model.off?.("change:state", renewed); end(); };
}

export default { render };
