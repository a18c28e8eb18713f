// The shape bench: build a derivative from boxes that join only where their axes meet.
// Exercises, true gradients, wrong lines and hints stand in the state; the page multiplies only what the learner puts together.

import { h, s } from "./dom.js";
import { evaluate, dimsOf } from "./shapes-arithmetic.js";
import { entryFormula, explorer, gateList, prediction, wrongCard } from "./shapes-card.js";
import { choiceBar, draggable, keyButton } from "./shapes-controls.js";
import { diagnose, judgeShape, likeness, reasonOf } from "./shapes-diagnosis.js";
import { glide } from "./shapes-glide.js";
import { BENCH_KEYS, benchKey } from "./shapes-keys.js";
import { OPERATORS, newLine } from "./shapes-line.js";
import { forwardPicture, painter } from "./shapes-picture.js";
import { staircase } from "./shapes-staircase.js";
import { tokens } from "./shapes-tokens.js";
import { trayPieces, trayTools } from "./shapes-tray.js";

function render({ model, el }) {
  const state = model.get("state");
  const here = { level: state.levels[0].id, form: "row", dims: "distinct", layout: "denominator", ask: 0, predict: true, ...model.get("place") };
  if (!state.levels.some((l) => l.id === here.level)) here.level = state.levels[0].id;
  const answers = { ...model.get("answers") };            // key -> { done, right, tries, hints, shape, mistakes }
  const now = newLine(), motion = glide();
  let verdict, hintStep, entry, numbers, guess = "", lastWidth = 0;

  // ---- what is asked ------------------------------------------------------------------------------------------------------
  const level = () => state.levels.find((l) => l.id === here.level);
  const variant = () => state.variants[[here.level, here.form, here.dims, here.layout].join("/")];
  const ask = () => variant().asks[here.ask];
  const keyOfAsk = () => [here.level, here.form, here.dims, here.layout, ask().name].join("/");
  const mine = () => ({ tries: 0, hints: 0, mistakes: [], ...answers[keyOfAsk()] });
  const current = () => evaluate(now.factors, now.operators, now.sum, variant().pieces);
  const hidden = () => here.dims === "equal" && !verdict && !hintStep;
  const open = () => here.predict && here.dims !== "equal" && !mine().shape;       // the shape is still to be predicted
  const look = () => ({ hidden: hidden(), called: verdict?.axis ?? null, index: Object.fromEntries(Object.keys(variant().counts).map((a, i) => [a, i])) });

  function keep(change) {
    answers[keyOfAsk()] = { ...mine(), ...change };
    model.set("answers", { ...answers });
    try { model.save_changes(); } catch { /* without a kernel the answer stays in the page */ }
  }

  // ---- the skeleton -------------------------------------------------------------------------------------------------------
  const group = (className, label, ...kids) => h("div", { class: className, role: "group", "aria-label": label }, ...kids);
  const moveTo = (change) => { Object.assign(here, change); reset(); };
  const levels = choiceBar("Level", state.levels.map((l) => [l.id, l.title]), () => here.level, (v) => moveTo({ level: v, ask: 0 }));
  const forms = choiceBar("Samples are", [["row", "rows"], ["column", "columns"]], () => here.form, (v) => moveTo({ form: v }));
  const layouts = choiceBar("Layout", [["denominator", "denominator", "denominator layout: ∂L/∂W has the shape of W"], ["numerator", "numerator", "numerator layout: rows are outputs, so ∂L/∂W is W's shape turned"]],
    () => here.layout, (v) => moveTo({ layout: v }));
  const sizes = choiceBar("Sizes", [["distinct", "distinct"], ["equal", "all 3"]], () => here.dims, (v) => moveTo({ dims: v }));
  const predictSwitch = h("button", { class: "bp-switch", type: "button", role: "switch", onclick: () => moveTo({ predict: !here.predict }) }, h("span", { class: "bp-knob" }), "Predict shapes");
  const tally = h("span", { class: "bp-tally", title: "Right at the first check, without a hint" });
  const forward = h("div", { class: "bs-forward-picture", tabindex: 0, role: "group", "aria-label": "Forward pass" }), legend = h("div", { class: "bs-legend" }), note = h("p", { class: "bs-remark" });
  const asks = h("div"), demand = h("p", { class: "bs-demand" });
  const line = h("div", { class: "bs-line", role: "toolbar", "aria-label": "Your expression" }), picture = h("div", { class: "bs-picture" }), left = h("div", { class: "bs-left" }, line, picture);
  const gates = h("ol", { class: "bs-gates" }), card = h("div"), guessing = h("div");
  const shelf = group("bs-shelf", "Pieces"), tools = group("bs-tools", "Joints and sums");
  const checkButton = keyButton("Check", "Enter", check, "bs-primary"), hintButton = keyButton("Hint", "H", hint), undoButton = keyButton("Undo", "Ctrl Z", undo), clearButton = keyButton("Clear", "Esc", clear);
  const keysButton = keyButton("Keys", "?", toggleKeys);
  const keys = h("dl", { class: "bs-keys", hidden: true }, BENCH_KEYS.map(([k, v]) => [h("dt", null, k), h("dd", null, v)]));
  const status = h("div", { class: "bp-sr", role: "status" });
  const root = h("div", { class: "bp-widget bs", role: "region", "aria-label": "Shape bench. Build a derivative from boxes. Press question mark for the keys." },
    h("div", { class: "bs-top" }, state.levels.length > 1 ? levels.node : h("b", null, state.levels[0].title), h("div", { class: "bs-switches" }, forms.node, layouts.node, sizes.node, predictSwitch)),
    h("div", { class: "bs-forward" }, forward, legend, note), h("div", { class: "bs-question" }, asks, demand, tally),
    h("div", { class: "bs-flow" }, group("bs-bench", "Bench", left, h("div", { class: "bs-right" }, guessing, gates, card)), h("div", { class: "bs-tray" }, shelf, tools),
      h("div", { class: "bs-actions" }, checkButton, hintButton, undoButton, clearButton, keysButton), keys), status);
  const say = (text) => { status.textContent = text; };

  // ---- changes ------------------------------------------------------------------------------------------------------------
  function reset() {
    if (!level().forms.includes(here.form)) [here.form] = level().forms;
    here.ask = Math.min(here.ask, variant().asks.length - 1);
    model.set("place", { ...here });
    now.reset();
    verdict = null; hintStep = 0; entry = null; numbers = false; guess = "";
    motion.forget();
    paint();
    say(`${ask().name}: build the derivative of the loss with respect to ${ask().name}. ${variant().said}.`);
  }
  /** After every change of the line. */
  function settle(said = "") {
    verdict = null; entry = null; numbers = false;
    paint();
    say(said + describe());
  }
  function undo() { if (now.undoable()) { now.undo(); settle("Undone. "); } }
  function clear() { if (now.factors.length) { now.clear(); settle(); } }
  function add(p, t, at = null) {
    if (open()) { guessing.querySelector("input").focus(); say("First predict the shape, or press Show it."); return; }
    if (now.full()) { say("The bench holds four pieces. Remove one first."); return; }
    now.add(p, t, at);
    settle();
  }
  function remove(index) { now.remove(index); settle(); }
  function turn(index) { if (now.factors[index]) { now.turn(index); settle(); } }
  function move(from, to) { if (to >= 0 && to < now.factors.length && from !== to) { now.move(from, to); settle(); } }
  function operator(o) {
    if (now.onJoint()) { now.join(o); settle(); return; }
    now.pending = o;
    paint();
    say(`The next piece joins by ${OPERATORS[o].name}.`);
  }
  function setSum(axis) { if (now.factors.length) { now.setSum(axis); settle(); } else say("Place a piece first."); }
  function select(index) {
    now.select(index);
    paint();
    line.querySelector(`[data-token="${now.selected}"]`)?.focus();
  }
  function check() {
    if (!now.factors.length) { say("The bench is empty. Start with the upstream gradient G."); return; }
    verdict = diagnose(current(), now.factors, ask(), variant(), state.rules, here.layout);
    const right = verdict.gate === 4, before = mine();
    numbers = verdict.gate >= 3;
    entry = right ? [0, 0] : null;
    if (!before.done) keep({ tries: before.tries + 1, done: right, right, mistakes: right ? before.mistakes : [...before.mistakes, verdict.id], line: now.text() });
    paint();
    say(right ? `Right. ${verdict.id === "right" ? reasonOf(now, ask(), variant().pieces) : "The numbers agree, but two different axes meet."}` : `Not yet: looks like ${verdict.name}. ${verdict.say} ${verdict.next}`);
  }
  function next() {
    if (here.ask + 1 < variant().asks.length) here.ask += 1;
    else Object.assign(here, { ask: 0, level: state.levels[(state.levels.indexOf(level()) + 1) % state.levels.length].id });
    reset();
    (guessing.querySelector("input") ?? line.querySelector("button")).focus();
  }
  function hint() {
    const all = ask().hints;
    if (hintStep >= all.length) return;
    hintStep += 1;
    verdict = null;
    if (!mine().done) keep({ hints: Math.max(mine().hints, hintStep) });
    paint();
    say(`Hint ${hintStep} of ${all.length}. ${all[hintStep - 1]}`);
  }
  function toggleKeys() { keys.hidden = !keys.hidden; keysButton.setAttribute("aria-expanded", String(!keys.hidden)); }
  function predicted(said, text) {
    guess = text;
    say(`${said.mark} ${said.text}`);
    if (said.mark === "Not read.") return;
    const before = mine(), tried = (before.guesses ?? 0) + 1;
    if (said.kind === "right") { keep({ shape: { right: true, tries: tried } }); shown(); } else keep({ guesses: tried });
  }
  function shown() { paint(); line.querySelector("button")?.focus(); }

  function describe() {
    if (!now.factors.length) return "The bench is empty.";
    const r = current(), bad = r.joints.find((j) => !j.ok), text = now.read();
    if (bad) return `${text}: does not join. ${bad.inner ? `${bad.sizes[0]} columns${hidden() ? "" : ` ${bad.inner[0]}`} against ${bad.sizes[1]} rows${hidden() ? "" : ` ${bad.inner[1]}`}.` : "The shapes differ."}`;
    const [a, b] = dimsOf(r.value.values), t = ask().truth;
    return `${text} joins, ${a} by ${b}. ${a === t.length && b === t[0].length ? "That is the asked shape. Press Enter to check the numbers." : `Asked is ${t.length} by ${t[0].length}.`}`;
  }

  // ---- painting -----------------------------------------------------------------------------------------------------------
  /** Which cells of a piece feed the chosen entry of the answer. */
  function feeds(axes) {
    if (!entry) return null;
    const { target } = ask(), at = (a) => (a === "1" ? null : a === target[0] ? entry[0] : a === target[1] ? entry[1] : null), [row, column] = axes.map(at);
    if (row === null && column === null && axes.every((a) => target.includes(a))) return null;
    return (i, j) => (row === null || row === i) && (column === null || column === j);
  }
  const takesPart = (name) => name === ask().name || name === variant().out || ask().answer.split(/[^A-Za-z]+/).includes(name);

  function paint() {
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    for (const bar of [levels, forms, layouts, sizes]) bar.update();
    forms.node.hidden = level().forms.length < 2;
    sizes.node.hidden = !state.variants[[here.level, here.form, "equal", here.layout].join("/")];
    predictSwitch.setAttribute("aria-checked", String(here.predict));
    const done = Object.values(answers).filter((a) => a.done);
    tally.textContent = done.length ? `${done.filter((a) => a.tries === 1 && !a.hints).length} of ${done.length} at once` : "";
    paintForward(); paintQuestion(); paintLine(); paintPicture(); paintRight(); paintTray();
    undoButton.disabled = !now.undoable();
    clearButton.disabled = checkButton.disabled = !now.factors.length;
    const all = ask().hints.length;
    hintButton.firstChild.textContent = hintStep ? `Hint ${Math.min(hintStep + 1, all)} of ${all}` : "Hint";
    hintButton.disabled = hintStep >= all;
    if (focused && (!focused.isConnected || focused.disabled)) focusLine();
  }

  function paintForward() {
    const v = variant();
    forward.replaceChildren(forwardPicture(painter(look()), v, (name, axes) => (takesPart(name) ? feeds(axes) : null)));
    const { index } = look();
    legend.replaceChildren(...Object.entries(v.counts).map(([axis, meaning]) => h("span", { class: "bs-key" },
      s("svg", { width: 30, height: 10, "aria-hidden": "true" }, s("line", { x1: 2, y1: 5, x2: 28, y2: 5, class: "bs-rail", "data-axis": hidden() ? "none" : index[axis] })), h("b", null, `${axis} = ${v.sizes[axis]}`), meaning)));
    note.textContent = hidden() ? "All sizes equal: the boxes are unlabelled, as NumPy sees them. Only the numbers can tell." : v.note;
  }
  function paintQuestion() {
    const bar = choiceBar("Build", variant().asks.map((a, i) => [String(i), `∂L/∂${a.name}`]), () => String(here.ask), (v) => { moveTo({ ask: Number(v) }); asks.querySelector("[aria-checked=true]").focus(); });
    if (asks.contains(document.activeElement)) queueMicrotask(() => asks.querySelector("[aria-checked=true]").focus());
    asks.replaceChildren(bar.node);
    const t = ask().truth, [r, c] = ask().target, paintText = painter(look()).axisText;
    demand.replaceChildren(...(open() ? ["asked shape ", h("b", null, "?")] : ["asked shape ", h("b", null, `${paintText(r, t.length)} × ${paintText(c, t[0].length)}`), `: ${likeness(ask(), here.layout)}`]));
  }
  const focusLine = () => (line.querySelector(`[data-token="${now.selected}"]`) ?? line.querySelector("button")).focus({ preventScroll: true });
  function paintLine() {
    const focused = line.contains(document.activeElement);
    const words = { lead: `∂L/∂${ask().name} =`, empty: open() ? "first the shape, then the pieces" : "drag pieces here, or type their letters" };
    line.replaceChildren(...tokens(now, current().joints, variant().pieces, words, { select, turn, remove, join: operator, setSum, begin: () => shelf.querySelector("button").focus() }));
    if (focused) focusLine();
  }
  function paintPicture() {
    motion.begin();
    const live = (node, g) => {
      const chosen = (event) => event.target.closest("[data-factor]")?.dataset.factor;
      node.addEventListener("click", (event) => { if (chosen(event) !== undefined && !node.dataset.dragged) select(Number(chosen(event)) * 2); });
      node.addEventListener("dblclick", (event) => { if (chosen(event) !== undefined) turn(Number(chosen(event))); });
      dragging(node, g.name, (at) => { if (at === null) remove(g.members[0]); else move(g.members[0], at > g.members[0] ? at - 1 : at); });
      return node;
    };
    picture.replaceChildren(staircase({ result: current(), factors: now.factors, sum: now.sum, ask: ask(), variant: variant(), wide: Math.max(240, picture.clientWidth || left.clientWidth || 480), numbers, verdict, goal: !open(), entry, hot: feeds, selected: now.selected, hidden: hidden() },
      painter(look()), motion.note, live));
    motion.run();
  }
  function paintRight() {
    if (!open()) guessing.replaceChildren();
    else if (!guessing.firstChild || guessing.dataset.of !== keyOfAsk()) {
      guessing.dataset.of = keyOfAsk();
      guessing.replaceChildren(prediction(ask(), variant().sizes, guess, { judge: (typed) => judgeShape(typed, ask(), variant(), here.layout), done: predicted,
        show: () => { keep({ shape: { right: false, tries: mine().guesses ?? 0 } }); shown(); say(`It is ${ask().target.join(" by ")}: ${likeness(ask(), here.layout)}.`); } }));
    }
    gates.replaceChildren(...gateList(current(), ask(), verdict, !open()));
    gates.hidden = open();
    const kind = !verdict ? (hintStep ? "bs-hint" : "") : verdict.gate < 4 ? "bs-wrong" : "bs-good";
    card.className = `bs-card ${kind}`;
    card.replaceChildren(...[cardKids()].flat().filter(Boolean));
  }
  function cardKids() {
    if (!verdict && hintStep) return h("ol", { class: "bs-hints" }, ask().hints.slice(0, hintStep).map((text, i) => h("li", { class: i === hintStep - 1 && "bs-new" }, text)));
    if (!verdict) return !now.factors.length && !open() && h("p", { class: "bp-soft" }, `The dashed box is the goal. How does the loss reach ${ask().name}? Start there.`);
    if (verdict.gate < 4) return wrongCard(verdict, current(), ask());
    const lucky = verdict.id === "lucky";
    return [h("h2", null, lucky ? "Right number, odd reason" : "Right, and this is why"),
      h("p", null, lucky ? "The numbers agree here, but two different axes meet. With other sizes this would not even join." : reasonOf(now, ask(), variant().pieces)),
      !lucky && explorer(ask(), entry, entryFormula(current(), now.sum, ask(), entry), pick), keyButton("Next", "N", next, "bs-nextone")].flat();
  }
  function pick(i, j) {
    entry = [i, j];
    paint();
    card.querySelector(".bs-on")?.focus();
    say(entryFormula(current(), now.sum, ask(), entry));
  }

  // ---- the pieces ---------------------------------------------------------------------------------------------------------
  const trayKey = () => [here.level, here.form, here.dims, here.layout, hidden()].join("/");
  function paintTray() {
    if (shelf.dataset.of !== trayKey()) {
      shelf.dataset.of = trayKey();
      shelf.replaceChildren(...trayPieces(variant(), painter(look()), hidden(), { add, draggable: (node, label, name, t) => dragging(node, label, (at) => { if (at !== null) add(name, t, at); }) }));
      tools.replaceChildren(...trayTools({ operator, setSum }));
    }
    const active = now.onJoint() ? now.operators[(now.selected - 1) / 2] : now.pending;
    for (const b of tools.children) b.setAttribute("aria-pressed", String(b.dataset.tool === active || b.dataset.tool === `sum${now.sum}`));
    for (const pair of shelf.children) pair.classList.toggle("bs-hinted", hintStep === 1 && pair.dataset.piece === "G" && !now.factors.some((f) => f.p === "G"));
  }
  function dragging(node, label, drop) {
    draggable(node, {
      ghost: () => root.appendChild(h("div", { class: "bs-drag" }, label)),
      over: (event) => { const at = gapUnder(event); left.classList.toggle("bs-target", at !== null); return at !== null; },
      drop: (event) => drop(gapUnder(event)), end: () => left.classList.remove("bs-target"),
    });
  }
  /** Which gap between the factors lies under the pointer; null outside the bench. */
  function gapUnder(event) {
    const b = left.getBoundingClientRect();
    if (event.clientX < b.left || event.clientX > b.right || event.clientY < b.top || event.clientY > b.bottom) return null;
    let index = 0;
    for (const node of picture.querySelectorAll(".bs-factor")) { const q = node.getBoundingClientRect(); if (event.clientX > q.left + q.width / 2) index += current().groups[Number(node.dataset.group)].members.length; }
    return index;
  }

  // ---- keys ---------------------------------------------------------------------------------------------------------------
  root.addEventListener("keydown", (event) => {
    if (event.target.tagName === "INPUT") return;
    const act = benchKey(event, now, variant().tray, { undo, clear, check, hint, next: verdict?.gate === 4 ? next : null, toggleKeys, add, remove, turn, move, select, operator, setSum });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });

  el.replaceChildren(root);
  reset();
  const watch = new ResizeObserver(() => {
    if (Math.abs(left.clientWidth - lastWidth) <= 4) return;
    lastWidth = left.clientWidth;
    motion.forget();                                       // nothing glides while the page is resized
    paintPicture();
  });
  watch.observe(left);
  const renewed = () => { end(); render({ model, el }); };
  model.on("change:state", renewed);
  function end() { watch.disconnect(); motion.stop(); model.off?.("change:state", renewed); }
  return end;
}

export default { render };
