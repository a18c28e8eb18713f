// The frame of every lab: presets, a prediction before the charts, controls for A or B, work with Cancel, playing, words, a table, a code.
//
// A lab hands in what is its own: `charts(result, view)` makes the nodes of one side, `shared(sides, view)` the scales that both have,
// `steps(result)` what can be played, `picked` the thing that is looked at (a layer, a unit), `table(result, view)`, `difference(a, b)`.

import { h } from "./dom.js";
import { kernel, reachable } from "./lab-kernel.js";
import { dots, radios, slider } from "./lab-parts.js";

const PAIR = 422;                                         // pixels in which two small charts stand side by side
const FRAME = 120;                                        // milliseconds a step is seen while playing

export function frame(own, { model, el }) {
  const state = model.get("state"), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let sides = model.get("shown").sides, values = sides.map((r) => ({ ...r.values })), guess = model.get("predict") ? null : { none: true }, problem = "", playing = 0, width = 0;
  const view = { at: -1, pick: null, edit: 0, two: sides.length > 1, width: 600, shared: null, choose, go };
  const link = kernel(model, (found, latest, said) => {
    problem = said;
    if (found) sides = found;
    if (latest) values = sides.map((r) => ({ ...r.values }));
    draw();
  });

  // ---- asking ------------------------------------------------------------------------------------------------------------------
  const asked = () => values.map((v) => ({ values: v }));
  function change(set) {
    halt();
    values[view.edit] = { ...values[view.edit], ...set };
    view.at = -1;
    sync();
    link.ask(asked());
  }
  function load(code) {
    halt();
    const wish = asked();
    wish[view.edit] = { code };
    if (!view.two && model.get("predict")) guess = null;
    view.at = -1; view.pick = null;
    link.ask(wish);
  }
  function compareWith() {
    halt();
    if (values.length > 1) { values = values.slice(0, 1); view.edit = 0; link.ask(asked()); }
    else { view.edit = 1; link.ask([...asked(), { other: true }]); }
  }

  // ---- what stays --------------------------------------------------------------------------------------------------------------
  const presets = state.presets.map((p) => h("button", { type: "button", class: "bl-button", onclick: () => load(p.code) }, p.name.replace("-", "−")));
  const compare = h("button", { type: "button", class: "bl-button", "aria-pressed": "false", onclick: compareWith }, "Compare A | B");
  const edit = radios("The controls change", (i) => { view.edit = i; draw(); });
  const controls = state.controls.map((told) => {
    const control = { ...told, shown: [] }, act = (i) => change(control.shown[i].set);
    control.part = told.kind === "slider" ? slider(told.label, act) : radios(told.label, act);
    return control;
  });
  const more = h("details", { class: "bl-more" }, h("summary", null, "More settings"), h("div", { class: "bl-controls" }, controls.filter((c) => c.more).map((c) => c.part.box)));
  const tasks = state.tasks.map((t) => h("button", { type: "button", class: "bl-button", onclick: () => { halt(); link.ask(asked(), t.name, view.edit); } }, t.button));
  const again = h("button", { type: "button", class: "bl-button", onclick: () => link.ask(asked(), "again", view.edit) }, "Do it again");
  const meter = h("progress", { max: 1, value: 0, "aria-label": "Progress" }), doing = h("span"), cancel = h("button", { type: "button", class: "bl-button", onclick: () => link.cancel() }, "Cancel");
  const work = h("div", { class: "bl-row bl-work" }, doing, meter, cancel);
  const play = h("button", { type: "button", class: "bl-button bl-go", onclick: () => (playing ? halt() : start()) }, "Play");
  const time = slider("Step", (i) => { halt(); go(i); }), pick = own.picked && slider(own.picked.label, (i) => choose(i));
  const extra = own.extra?.(view, () => sides) ?? [];
  const player = h("div", { class: "bl-controls bl-player" }, play, time.box, pick?.box, extra);
  const ask = h("div", { class: "bl-predict", role: "group", "aria-label": "Predict first" }), cols = h("div", { class: "bl-cols" }), told = h("div", { class: "bl-told", role: "status" });
  const table = h("div", { class: "bl-scroll", tabindex: 0, role: "group", "aria-label": "The numbers as a table" });
  const code = h("input", { class: "bp-input bl-code", type: "text", "aria-label": "Code of this setting", spellcheck: "false", autocomplete: "off",
    onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); paste.requestSubmit(); } } });       // in Lab, Enter alone submits nothing
  const paste = h("form", { class: "bl-row", onsubmit: (event) => { event.preventDefault(); load(code.value); } }, h("span", { class: "bl-name" }, "This setting"), code,
    h("button", { type: "submit", class: "bl-button" }, "Open this code"));
  const wrong = h("p", { class: "bl-problem", role: "alert" }), kept = h("p", { class: "bl-sub" });
  const root = h("section", { class: "bp-widget bl", role: "region", "aria-label": state.title },
    h("h2", null, state.title), h("p", { class: "bl-lead" }, state.lead), kept,
    h("div", { class: "bl-row", role: "group", "aria-label": "Presets" }, h("span", { class: "bl-name" }, "Start from"), presets, compare), ask,
    h("div", { class: "bl-controls bl-choices" }, edit.box, controls.filter((c) => !c.more && c.kind !== "slider").map((c) => c.part.box)),
    h("div", { class: "bl-controls" }, controls.filter((c) => !c.more && c.kind === "slider").map((c) => c.part.box)), more, wrong,
    player, h("div", { class: "bl-row" }, tasks, again), work, cols, told, h("details", null, h("summary", null, "The same as a table"), table), paste);
  el.replaceChildren(root);

  // ---- playing and choosing ----------------------------------------------------------------------------------------------------
  const steps = () => own.steps(sides[view.edit] ?? sides[0]);
  const last = () => Math.max(...sides.map((r) => own.steps(r).length)) - 1;
  function go(i) { view.at = i >= last() ? -1 : Math.max(0, i); draw(); }
  function start() {
    if (still) { go(last()); return; }
    let i = 0;
    go(0);
    play.textContent = "Pause";
    playing = setInterval(() => { i += 1; if (i >= last()) halt(); go(i); }, FRAME);
  }
  function halt() { clearInterval(playing); playing = 0; play.textContent = "Play"; }
  function choose(i) { view.pick = i; draw(); }
  cols.addEventListener("keydown", (event) => {
    const at = event.target.closest?.("[data-focus]"), way = at && own.keys?.(event.key, view, sides, last());
    if (!way) return;
    event.preventDefault();
    halt();
    draw();
  });

  // ---- drawing -----------------------------------------------------------------------------------------------------------------
  function sync() {
    const now = values[view.edit] ?? values[0], results = link.gone ? state.kept : null;
    for (const c of controls) {
      const there = results ? reachable(results, c, now) : c.options.map((o, i) => [i, o]);
      c.shown = there.map(([, o]) => o);
      const holds = (o) => Object.entries(o.set).every(([name, v]) => now[name] === v);
      if (c.kind === "slider" && !c.shown.some(holds)) {          // a code may set what no option has
        const [name] = Object.keys(c.options[0].set), typed = { text: String(now[name]), set: { [name]: now[name] } };
        c.shown = [...c.shown, typed].sort((a, b) => (Object.values(a.set)[0] - Object.values(b.set)[0]) * (c.options[0].set[name] <= c.options.at(-1).set[name] ? 1 : -1));
      }
      const at = c.shown.findIndex(holds);
      if (c.kind === "slider") c.part.sync(c.shown.length, at, c.shown[at].text); else c.part.sync(c.shown.map((o) => o.text), at);
      c.part.box.hidden = Boolean(results) && c.shown.length < 2;
    }
    more.hidden = controls.every((c) => !c.more || c.part.box.hidden);
  }
  function predicting(covered) {
    const now = sides[view.edit] ?? sides[0];
    if (covered) {
      ask.replaceChildren(h("p", null, h("strong", null, "Predict first. "), now.ask.question),
        h("div", { class: "bl-row" }, now.ask.answers.map((text, i) => h("button", { type: "button", class: "bl-button", onclick: () => { guess = { i, ask: now.ask, code: now.code }; draw(); if (last() > 0) start(); } }, text)),
          h("button", { type: "button", class: "bl-button bl-quiet", onclick: () => { guess = { none: true }; draw(); } }, "Show me without a guess")));
    } else if (guess.ask) {
      guess.ask = sides.find((r) => r.code === guess.code)?.ask ?? guess.ask;            // a long training is judged when it is done
      if (guess.ask.right == null) { ask.replaceChildren(h("p", null, h("strong", null, `You said: ${guess.ask.answers[guess.i]}. `), "It is training …")); return; }
      const right = guess.i === guess.ask.right;
      ask.replaceChildren(h("p", null, h("strong", null, `${right ? "✓ As you said" : "✗ You said"}: ${guess.ask.answers[guess.i]}. `), guess.ask.told), againButton());
    } else ask.replaceChildren(h("p", { class: "bp-soft" }, "Nothing predicted this time."), againButton());
  }
  const againButton = () => h("button", { type: "button", class: "bl-button", onclick: () => { halt(); guess = null; draw(); } }, "Predict again");

  function draw() {
    const covered = guess === null;
    view.two = sides.length > 1;
    view.edit = Math.min(view.edit, sides.length - 1);
    const whole = Math.max(280, root.clientWidth - 32), narrow = whole < 668;
    view.narrow = narrow;
    view.missing = link.gone ? "It was not computed for this page." : "It is being computed …";
    view.width = Math.floor(view.two && !narrow ? (whole - 22) / 2 : whole);
    if (own.picked) { const count = own.picked.count(sides); view.pick = view.pick == null ? own.picked.begin(sides[0]) : Math.min(view.pick, count - 1); pick.sync(count, view.pick, own.picked.word(view.pick, count)); }
    view.shared = covered ? null : own.shared?.(sides, view);
    sync();
    edit.box.hidden = !view.two;
    edit.sync(["A", "B"], view.edit);
    compare.setAttribute("aria-pressed", String(view.two));
    presets.forEach((b, i) => { b.setAttribute("aria-pressed", String(state.presets[i].code === sides[view.edit].code)); });
    predicting(covered);
    const held = document.activeElement?.closest?.("[data-focus]")?.dataset.focus;
    cols.className = `bl-cols${view.two && !narrow ? " bl-two" : ""}`;
    cols.replaceChildren(...sides.map((r, i) => h("div", { class: "bl-side", role: "group", "aria-label": view.two ? `Setting ${"AB"[i]}` : "Charts" },
      h("p", { class: "bl-tag" }, view.two && h("b", { class: i ? "bl-b" : "" }, "AB"[i]), r.subject),
      covered ? h("div", { class: "bl-veil" }, "Say what you expect first. The charts open with your answer.") : [own.charts(r, { ...view, side: "AB"[i] }), remedy(r), many(r)])));
    if (held) cols.querySelector(`[data-focus="${held}"]`)?.focus();
    const now = steps(), at = view.at < 0 ? now.length - 1 : Math.min(view.at, now.length - 1);
    player.hidden = covered;
    time.sync(Math.max(now.length, 1), Math.max(at, 0), now.length ? `${now[at]} of ${now.at(-1)}` : "not trained yet");
    play.disabled = now.length < 2;
    tasks.forEach((b) => { b.hidden = covered || link.gone; });
    again.hidden = covered || link.gone || !own.cut?.(sides[view.edit]);
    wrong.textContent = problem;
    kept.textContent = link.gone ? `Without a kernel this shows ${state.kept.length} settings that were computed beforehand; the controls go from one to the next. In a notebook every setting can be computed.` : "";
    if (!playing) speak(covered);
    if (table.parentElement.open) fill(covered);
    view.drawn?.();
    if (document.activeElement !== code) code.value = sides[view.edit].code;
    working();
  }
  const remedy = (r) => r.note?.name && h("p", { class: "bl-remedy" }, h("b", null, `${r.note.name}: `), `${r.note.does}. `, h("b", null, "Not mended: "), `${r.note.leaves}.`);
  const many = (r) => r.seeds && h("div", { class: "bl-many" }, h("p", null, r.seeds.words), h("div", { class: "bl-pair" }, r.seeds.groups.map((g) => dots(g, Math.floor(view.width < PAIR || r.seeds.groups.length < 2 ? Math.min(view.width, 540) : (view.width - 22) / 2)))));
  function speak(covered) {
    const lines = covered ? ["The result is covered until you predict."] : sides.map((r, i) => `${view.two ? `${"AB"[i]}. ` : ""}${r.words}${own.says?.(r, view) ?? ""}`);
    if (view.two && !covered) lines.push(`Difference. ${model.get("shown").difference || ""} ${own.difference?.(sides[0], sides[1]) ?? ""}`);
    if (told.textContent !== lines.join("")) told.replaceChildren(...lines.map((text) => h("p", null, text)));
  }
  function fill(covered) {
    const rows = covered ? { head: [], rows: [] } : own.table(sides[view.edit], view);
    table.replaceChildren(h("table", { class: "bp-mini" }, h("thead", null, h("tr", null, rows.head.map((t) => h("th", { scope: "col" }, t)))), h("tbody", null, rows.rows.map((row) => h("tr", null, row.map((t) => h("td", null, t)))))));
  }
  table.parentElement.addEventListener("toggle", () => fill(guess === null));
  function working() {
    const p = model.get("progress");
    work.hidden = !p?.what;
    if (p?.what) { doing.textContent = `${p.what}: ${p.all > 1 ? `${p.done} of ${p.all}` : "…"}`; meter.max = p.all; meter.value = p.done; }
  }

  model.on("change:progress", working);
  const sizes = new ResizeObserver(() => { if (Math.abs(root.clientWidth - width) > 3) { width = root.clientWidth; draw(); } });
  draw();
  sizes.observe(root);
  return () => { halt(); link.stop(); sizes.disconnect(); model.off?.("change:progress", working); };
}
