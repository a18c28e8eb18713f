// The shape bench: build a derivative from boxes that join only where their axes meet.
// Exercises, true gradients, wrong lines and hints stand in the state; the page multiplies only what the learner puts together.

import { h, s } from "./dom.js";
import { evaluate, dimsOf, transpose } from "./shapes-arithmetic.js";
import { entryFormula, explorer, gateList, prediction, wrongCard } from "./shapes-card.js";
import { choiceBar, draggable, keyButton } from "./shapes-controls.js";
import { diagnose, judgeShape, likeness, reasonOf } from "./shapes-diagnosis.js";
import { forwardPicture, painter } from "./shapes-picture.js";
import { staircase } from "./shapes-staircase.js";

const OPERATORS = { "@": { sign: "·", name: "matrix product", key: "@" }, "*": { sign: "⊙", name: "elementwise", key: "*" }, o: { sign: "⊗", name: "outer", key: "O" } };
const SUMS = [{ sign: "Σ↓", name: "sum rows", key: "S" }, { sign: "Σ→", name: "sum columns", key: "⇧S" }];
const MOST = 4, GLIDE = 320;                              // pieces; milliseconds of a turn
const BENCH_KEYS = [["G X W …", "add that piece"], ["Shift + letter", "add it turned (transposed)"], ["T", "turn the selected piece"], ["@ * O", "joint: matrix, elementwise, outer product"],
  ["S Shift+S", "sum down the rows, along the columns"], ["← →", "select along the line"], ["Alt + ← →", "move the piece"], ["Backspace", "remove the selected piece"], ["Enter", "check"],
  ["H N", "next hint; next question"], ["Ctrl+Z Esc", "undo; clear"], ["?", "these keys"]];

function render({ model, el }) {
  const state = model.get("state"), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const here = { level: state.levels[0].id, form: "row", dims: "distinct", layout: "denominator", ask: 0, predict: true, ...model.get("place") };
  if (!state.levels.some((l) => l.id === here.level)) here.level = state.levels[0].id;
  const answers = { ...model.get("answers") };            // key -> { done, right, tries, hints, shape, mistakes }
  let factors, operators, sum, selected, verdict, hintStep, entry, numbers, history, pending, guess = "", uid = 0, places = new Map(), found = new Map(), moving = [], frame = 0, lastWidth = 0;

  // ---- what is asked ------------------------------------------------------------------------------------------------------
  const level = () => state.levels.find((l) => l.id === here.level);
  const variant = () => state.variants[[here.level, here.form, here.dims, here.layout].join("/")];
  const ask = () => variant().asks[here.ask];
  const keyOfAsk = () => [here.level, here.form, here.dims, here.layout, ask().name].join("/");
  const mine = () => ({ tries: 0, hints: 0, mistakes: [], ...answers[keyOfAsk()] });
  const current = () => evaluate(factors, operators, sum, variant().pieces);
  const hidden = () => here.dims === "equal" && !verdict && !hintStep;
  const open = () => here.predict && here.dims !== "equal" && !mine().shape;       // the shape is still to be predicted
  const nameOf = (f) => f.p + (f.t ? "ᵀ" : "");
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
  const layouts = choiceBar("Layout", [["denominator", "gradient", "denominator layout: ∂L/∂W has the shape of W"], ["numerator", "numerator", "numerator layout: rows are outputs, so ∂L/∂W is W's shape turned"]],
    () => here.layout, (v) => moveTo({ layout: v }));
  const sizes = choiceBar("Sizes", [["distinct", "distinct"], ["equal", "all 3"]], () => here.dims, (v) => moveTo({ dims: v }));
  const predictSwitch = h("button", { class: "bp-switch", type: "button", role: "switch", onclick: () => moveTo({ predict: !here.predict }) }, h("span", { class: "bp-knob" }), "Predict shapes");
  const tally = h("span", { class: "bp-tally", title: "Right at the first check, without a hint" });
  const forward = h("div", { class: "bs-forward-picture", tabindex: 0, role: "group", "aria-label": "Forward pass" }), legend = h("div", { class: "bs-legend" }), note = h("p", { class: "bs-note" });
  const asks = h("div"), demand = h("p", { class: "bs-demand" });
  const line = h("div", { class: "bs-line", role: "toolbar", "aria-label": "Your expression" }), picture = h("div", { class: "bs-picture" }), left = h("div", { class: "bs-left" }, line, picture);
  const gates = h("ol", { class: "bs-gates" }), card = h("div"), guessing = h("div");
  const shelf = group("bs-shelf", "Pieces"), tools = group("bs-tools", "Joints and sums");
  const checkButton = keyButton("Check", "Enter", check, "bs-primary"), hintButton = keyButton("Hint", "H", hint), undoButton = keyButton("Undo", "Ctrl Z", undo), clearButton = keyButton("Clear", "Esc", clear);
  const keysButton = keyButton("Keys", "?", toggleKeys);
  const keys = h("dl", { class: "bs-keys", hidden: true }, BENCH_KEYS.map(([k, v]) => [h("dt", null, k), h("dd", null, v)]));
  const status = h("div", { class: "bp-sr", role: "status" });
  const root = h("div", { class: "bp-widget bs", role: "region", "aria-label": "Shape bench. Build a derivative from boxes. Press question mark for the keys." },
    h("div", { class: "bs-head" }, state.levels.length > 1 ? levels.node : h("b", null, state.levels[0].title), h("div", { class: "bs-switches" }, forms.node, layouts.node, sizes.node, predictSwitch)),
    h("div", { class: "bs-forward" }, forward, legend, note), h("div", { class: "bs-question" }, asks, demand, tally),
    h("div", { class: "bs-flow" }, group("bs-bench", "Bench", left, h("div", { class: "bs-right" }, guessing, gates, card)), h("div", { class: "bs-tray" }, shelf, tools),
      h("div", { class: "bs-actions" }, checkButton, hintButton, undoButton, clearButton, keysButton), keys), status);
  const say = (text) => { status.textContent = text; };

  // ---- changes ------------------------------------------------------------------------------------------------------------
  function reset() {
    if (!level().forms.includes(here.form)) [here.form] = level().forms;
    here.ask = Math.min(here.ask, variant().asks.length - 1);
    model.set("place", { ...here });
    factors = []; operators = []; sum = null; selected = -1; verdict = null; hintStep = 0; entry = null; numbers = false; history = []; pending = null; guess = "";
    places.clear();
    paint();
    say(`${ask().name}: build the derivative of the loss with respect to ${ask().name}. ${variant().said}.`);
  }
  function change(act) {
    history.push({ factors: factors.map((f) => ({ ...f })), operators: [...operators], sum, selected });
    act();
    settle();
    say(describe());
  }
  function settle() {
    verdict = null; entry = null; numbers = false;
    selected = Math.min(selected, factors.length * 2 - 2);
    paint();
  }
  function undo() {
    if (!history.length) return;
    ({ factors, operators, sum, selected } = history.pop());
    settle();
    say(`Undone. ${describe()}`);
  }
  function clear() { if (factors.length) change(() => { factors = []; operators = []; sum = null; selected = -1; }); }
  function add(p, t, at = null) {
    if (open()) { guessing.querySelector("input").focus(); say("First predict the shape, or press Show it."); return; }
    if (factors.length >= MOST) { say("The bench holds four pieces. Remove one first."); return; }
    change(() => {
      const index = at ?? (selected >= 0 ? Math.floor(selected / 2) + 1 : factors.length);
      factors.splice(index, 0, { p, t, id: (uid += 1) });
      if (factors.length > 1) operators.splice(Math.max(0, index - 1), 0, pending ?? "@");
      pending = null;
      selected = index * 2;
    });
  }
  function remove(index) {
    change(() => { factors.splice(index, 1); operators.splice(Math.max(0, index - 1), 1); selected = factors.length ? Math.max(0, index - 1) * 2 : -1; if (!factors.length) sum = null; });
  }
  function turn(index) { if (factors[index]) change(() => { factors[index].t = !factors[index].t; selected = index * 2; }); }
  function move(from, to) { if (to >= 0 && to < factors.length && from !== to) change(() => { factors.splice(to, 0, ...factors.splice(from, 1)); selected = to * 2; }); }
  function operator(o) {
    if (selected % 2 !== 1) { pending = o; paint(); say(`The next piece joins by ${OPERATORS[o].name}.`); return; }
    change(() => { operators[(selected - 1) / 2] = o; });
  }
  function setSum(axis) { if (factors.length) change(() => { sum = sum === axis ? null : axis; }); else say("Place a piece first."); }
  function select(index) {
    selected = Math.max(0, Math.min(factors.length * 2 - 2, index));
    paint();
    line.querySelector(`[data-token="${selected}"]`)?.focus();
  }
  function check() {
    if (!factors.length) { say("The bench is empty. Start with the upstream gradient G."); return; }
    verdict = diagnose(current(), factors, ask(), variant(), state.rules, here.layout);
    const right = verdict.gate === 4, before = mine();
    numbers = verdict.gate >= 3;
    entry = right ? [0, 0] : null;
    if (!before.done) keep({ tries: before.tries + 1, done: right, right, mistakes: right ? before.mistakes : [...before.mistakes, verdict.id], line: lineText() });
    paint();
    say(right ? `Right. ${verdict.id === "right" ? reasonOf({ factors, operators, sum }, ask(), variant().pieces) : "The numbers agree, but two different axes meet."}` : `Not yet: looks like ${verdict.name}. ${verdict.say} ${verdict.next}`);
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

  const lineText = () => { const text = factors.map((f, i) => (i ? ` ${operators[i - 1]} ` : "") + f.p + (f.t ? ".T" : "")).join(""); return sum === null ? text : `sum${sum}(${text})`; };
  function describe() {
    if (!factors.length) return "The bench is empty.";
    const r = current(), bad = r.joints.find((j) => !j.ok), text = factors.map((f, i) => (i ? ` ${OPERATORS[operators[i - 1]].sign} ` : "") + nameOf(f)).join("");
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
    undoButton.disabled = !history.length;
    clearButton.disabled = checkButton.disabled = !factors.length;
    const all = ask().hints.length;
    hintButton.firstChild.textContent = hintStep ? `Hint ${Math.min(hintStep + 1, all)} of ${all}` : "Hint";
    hintButton.disabled = hintStep >= all;
    if (focused && (!focused.isConnected || focused.disabled)) (line.querySelector(`[data-token="${selected}"]`) ?? line.querySelector("button")).focus({ preventScroll: true });
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
  function paintLine() {
    const r = current(), focused = line.contains(document.activeElement);
    const token = (index, className, label, act, ...kids) => h("button", { class: `bs-token ${className} ${index === selected ? "bs-selected" : ""}`, type: "button", "data-token": index, "aria-label": label, "aria-pressed": String(index === selected), onclick: act }, kids);
    const mini = (text, label, act, pressed) => h("button", { class: "bs-mini", type: "button", "aria-label": label, "aria-pressed": pressed, onclick: act }, text);
    const kids = [h("span", { class: "bs-lead" }, `∂L/∂${ask().name} =`)];
    if (sum !== null) kids.push(h("button", { class: "bs-token bs-sum", type: "button", title: "remove the sum", "aria-label": `${SUMS[sum].name}, press to remove`, onclick: () => setSum(sum) }, SUMS[sum].sign));
    factors.forEach((f, i) => {
      if (i) {
        const o = OPERATORS[operators[i - 1]], { ok } = r.joints[i - 1];
        kids.push(token(i * 2 - 1, `bs-between ${ok ? "" : "bs-bad"}`, `joint ${i}: ${o.name}, ${ok ? "joins" : "does not join"}`, () => select(i * 2 - 1), ok ? o.sign : `${o.sign} ✗`));
      }
      const p = variant().pieces[f.p], [a, b] = dimsOf(f.t ? transpose(p.values) : p.values);
      const piece = token(i * 2, `bs-${p.role}`, `${f.p}${f.t ? " transposed" : ""}, ${a} by ${b}`, () => select(i * 2), nameOf(f), h("small", null, `${a}×${b}`));
      piece.addEventListener("dblclick", () => turn(i));
      kids.push(piece);
    });
    if (!factors.length) kids.push(h("button", { class: "bs-empty", type: "button", onclick: () => shelf.querySelector("button").focus() }, open() ? "first the shape, then the pieces" : "drag pieces here, or type their letters"));
    else if (selected >= 0 && selected % 2 === 0) {
      const i = selected / 2;
      kids.push(h("span", { class: "bs-inline" }, mini(["turn", h("kbd", { "aria-hidden": "true" }, "T")], `turn ${factors[i].p}`, () => turn(i)), mini("remove", `remove ${factors[i].p}`, () => remove(i))));
    }
    if (factors.length && pending) kids.push(h("span", { class: "bs-pending" }, `${OPERATORS[pending].sign} ▢`));
    if (selected > 0 && selected % 2 === 1) {
      kids.push(h("span", { class: "bs-inline bs-signs" }, "joint:", Object.entries(OPERATORS).map(([o, d]) => mini(d.sign, `join by ${d.name}`, () => operator(o), String(operators[(selected - 1) / 2] === o)))));
    }
    line.replaceChildren(...kids);
    line.querySelectorAll("[data-token]").forEach((b) => { const index = Number(b.dataset.token); b.tabIndex = index === selected || (selected < 0 && index === 0) ? 0 : -1; });
    if (focused) (line.querySelector(`[data-token="${selected}"]`) ?? line.querySelector("button")).focus({ preventScroll: true });
  }
  function paintPicture() {
    found = new Map();
    moving = [];
    const note_ = (node, key, x, y) => {
      const before = places.get(key);
      found.set(key, [x, y]);
      if (before && !still && (before[0] !== x || before[1] !== y)) moving.push([node, before[0] - x, before[1] - y]);
    };
    const live = (node, g) => {
      const chosen = (event) => event.target.closest("[data-factor]")?.dataset.factor;
      node.addEventListener("click", (event) => { if (chosen(event) !== undefined && !node.dataset.dragged) select(Number(chosen(event)) * 2); });
      node.addEventListener("dblclick", (event) => { if (chosen(event) !== undefined) turn(Number(chosen(event))); });
      dragging(node, g.name, (at) => { if (at === null) remove(g.members[0]); else move(g.members[0], at > g.members[0] ? at - 1 : at); });
      return node;
    };
    picture.replaceChildren(staircase({ result: current(), factors, sum, ask: ask(), variant: variant(), wide: Math.max(240, picture.clientWidth || left.clientWidth || 480), numbers, verdict, goal: !open(), entry, hot: feeds, selected, hidden: hidden() },
      painter(look()), note_, live));
    places = found;
    cancelAnimationFrame(frame);
    if (!moving.length) return;
    const all = moving, start = performance.now();
    const step = (now) => {
      const rest = (1 - Math.min(1, (now - start) / GLIDE)) ** 3;
      for (const [node, dx, dy] of all) { if (rest) node.setAttribute("transform", `translate(${dx * rest} ${dy * rest})`); else node.removeAttribute("transform"); }
      if (rest) frame = requestAnimationFrame(step);
    };
    step(start);
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
    if (!verdict) return !factors.length && !open() && h("p", { class: "bp-soft" }, `The dashed box is the goal. How does the loss reach ${ask().name}? Start there.`);
    if (verdict.gate < 4) return wrongCard(verdict, current(), ask());
    const lucky = verdict.id === "lucky";
    return [h("h2", null, lucky ? "Right number, odd reason" : "Right, and this is why"),
      h("p", null, lucky ? "The numbers agree here, but two different axes meet. With other sizes this would not even join." : reasonOf({ factors, operators, sum }, ask(), variant().pieces)),
      !lucky && explorer(ask(), entry, entryFormula(current(), sum, ask(), entry), pick), keyButton("Next", "N", next, "bs-nextone")].flat();
  }
  function pick(i, j) {
    entry = [i, j];
    paint();
    card.querySelector(".bs-on")?.focus();
    say(entryFormula(current(), sum, ask(), entry));
  }

  // ---- the pieces ---------------------------------------------------------------------------------------------------------
  const trayKey = () => [here.level, here.form, here.dims, here.layout, hidden()].join("/");
  function paintTray() {
    if (shelf.dataset.of !== trayKey()) {
      shelf.dataset.of = trayKey();
      const v = variant(), p = painter(look());
      shelf.replaceChildren(...v.tray.map((name) => h("div", { class: "bs-pair", "data-piece": name }, [false, true].map((t) => trayPiece(v.pieces[name], name, t, p)),
        h("span", { class: "bs-meaning" }, name === "G" ? `upstream ∂L/∂${v.out}` : name === "R" ? `1 where ${v.asks[0].name} > 0, else 0` : v.pieces[name].role === "parameter" ? "parameter" : "value"))));
      const tool = (id, d, act) => h("button", { class: "bs-button bs-tool", type: "button", "data-tool": id, onclick: act }, h("b", null, d.sign), h("span", null, d.name), h("kbd", { "aria-hidden": "true" }, d.key));
      tools.replaceChildren(...Object.entries(OPERATORS).map(([o, d]) => tool(o, d, () => operator(o))), ...SUMS.map((d, axis) => tool(`sum${axis}`, d, () => setSum(axis))));
    }
    const active = selected > 0 && selected % 2 === 1 ? operators[(selected - 1) / 2] : pending;
    for (const b of tools.children) b.setAttribute("aria-pressed", String(b.dataset.tool === active || b.dataset.tool === `sum${sum}`));
    for (const pair of shelf.children) pair.classList.toggle("bs-hinted", hintStep === 1 && pair.dataset.piece === "G" && !factors.some((f) => f.p === "G"));
  }
  function trayPiece(piece, name, t, p) {
    const values = t ? transpose(piece.values) : piece.values, axes = t ? [piece.axes[1], piece.axes[0]] : piece.axes, [r, c] = dimsOf(values), u = 13;
    const short = (axis, n) => (hidden() || axis === "1" ? String(n) : axis);
    const drawn = s("svg", { width: c * u + 26, height: r * u + 22, "aria-hidden": "true" }, p.box({ x: 22, y: 3, u, values, role: piece.role, name: "" }),
      axes[0] !== "1" && p.rail("left", 22, 3, r * u, axes[0], r, false), axes[1] !== "1" && p.rail("bottom", 22, 3 + r * u, c * u, axes[1], c, false),
      s("text", { x: 12, y: 3 + (r * u) / 2, "text-anchor": "end", class: "bs-axis bs-small" }, short(axes[0], r)), s("text", { x: 22 + (c * u) / 2, y: r * u + 17, "text-anchor": "middle", class: "bs-axis bs-small" }, short(axes[1], c)));
    const b = h("button", { class: "bs-piece", type: "button", "aria-label": `add ${name}${t ? " transposed" : ""}, ${r} by ${c}`, onclick: () => { if (!b.dataset.dragged) add(name, t); } }, drawn,
      h("span", { class: "bs-caption" }, name + (t ? "ᵀ" : ""), h("kbd", { "aria-hidden": "true" }, (t ? "⇧" : "") + name.toUpperCase())));
    dragging(b, name + (t ? "ᵀ" : ""), (at) => { if (at !== null) add(name, t, at); });
    return b;
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
    const control = event.ctrlKey || event.metaKey, low = event.key.toLowerCase(), inLine = !event.target.closest("button") || event.target.closest(".bs-line"), last = factors.length * 2 - 2;
    const index = selected < 0 ? factors.length - 1 : Math.floor((selected + 1) / 2);
    const arrows = { ArrowLeft: -1, ArrowRight: 1 }[event.key], piece = event.key.length === 1 && variant().tray.find((p) => p.toLowerCase() === low);
    const act = control ? (low === "z" ? undo : null)
      : arrows && !event.target.closest(".bs-grid, .bs-bar") && factors.length ? () => (event.altKey && selected >= 0 && selected % 2 === 0 ? move(selected / 2, selected / 2 + arrows) : select((selected < 0 ? 0 : selected) + arrows))
        : event.altKey ? null
          : event.key === "Enter" ? (inLine ? check : null)
            : piece ? () => add(piece, event.shiftKey)
              : { Escape: clear, "?": toggleKeys, Home: factors.length ? () => select(0) : null, End: factors.length ? () => select(last) : null, Backspace: factors.length ? () => remove(index) : null,
                Delete: factors.length ? () => remove(index) : null, "@": () => operator("@"), ".": () => operator("@"), "*": () => operator("*"), t: () => turn(Math.min(index, factors.length - 1)),
                o: () => operator("o"), s: () => setSum(event.shiftKey ? 1 : 0), n: verdict?.gate === 4 ? next : null, h: hint }[event.key.length === 1 ? low : event.key];
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
    places = new Map();                                    // nothing glides while the page is resized
    paintPicture();
  });
  watch.observe(left);
  const renewed = () => { end(); render({ model, el }); };
  model.on("change:state", renewed);
  function end() { watch.disconnect(); cancelAnimationFrame(frame); model.off?.("change:state", renewed); }
  return end;
}

export default { render };
