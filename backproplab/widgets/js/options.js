// What can be switched: letters, boxes, the version of the backward pass, speed. What needs the kernel says so when none answers.

import { h } from "./dom.js";

const SPEEDS = [["3200", "slow"], ["1600", "steady"], ["700", "fast"]];
const PATIENCE = 6000;                                    // milliseconds until a kernel that does not answer is taken to be gone

/** A label with a choice. */
function choice(text, options, value, act) {
  const select = h("select", { class: "bp-select", onchange: () => act(select.value) }, options.map(([key, shown]) => h("option", { value: key, selected: key === value }, shown)));
  return h("label", { class: "bp-option" }, h("span", null, text), select);
}

/**
 * The card of options.
 * @param state the state
 * @param now () -> {notation, version, speed, style, opened}
 * @param styles [name, words]: the pictures that can be had; `missing`: whether there would be more with a kernel
 * @param acts {notation(name), version(name), speed(ms), folded(bool), style(name), group(name), savePicture(), copyPicture()}
 * @returns {{card, refresh()}} refresh shows what is chosen now
 */
export function optionsCard(state, now, { styles, missing }, acts) {
  const chosen = now(), names = Object.keys(state.groups);
  const style = choice("Picture", styles, chosen.style, acts.style);
  const groups = names.map((name) => h("button", { class: "bp-mini-button bp-fold", type: "button", "aria-pressed": "false", onclick: () => acts.group(name) }, name));
  const rows = [
    style,
    missing && h("p", { class: "bp-soft bp-option-note" }, "The other pictures of a graph this large need a kernel: run the notebook, and they are here."),
    names.length > 0 && h("div", { class: "bp-option", role: "group", "aria-label": "Groups that are open" }, h("span", null, "Open"), h("div", { class: "bp-folds" }, groups)),
    choice("Letters", state.letters.map((l) => [l.name, `${l.name}: ${l.example}`]), chosen.notation, acts.notation),
    choice("Backward", [["A", "A: pull from the consumers"], ["B", "B: push to the inputs"]], chosen.version, acts.version),
    state.live && choice("Boxes", [["variables", "one for each variable"], ["operations", "one for each operation"]], state.folded ? "variables" : "operations", (v) => acts.folded(v === "variables")),
    choice("Playing", SPEEDS, String(chosen.speed), (v) => acts.speed(Number(v))),
  ];
  function refresh() {
    const { opened, ...values } = now();
    const selects = { Picture: values.style, Letters: values.notation, Boxes: state.folded ? "variables" : "operations" };
    for (const row of card.querySelectorAll("label.bp-option")) {
      const value = selects[row.firstChild.textContent];
      if (value !== undefined) row.querySelector("select").value = value;
    }
    groups.forEach((button, i) => button.setAttribute("aria-pressed", String(opened.includes(names[i]))));
  }
  const card = h("div", { class: "bp-help bp-options", popover: "auto", role: "dialog", "aria-label": "View" }, h("h3", null, "View"), rows.filter(Boolean),
    h("button", { class: "bp-text-button", type: "button", onclick: acts.savePicture }, "Save the picture (SVG)"),
    h("button", { class: "bp-text-button", type: "button", onclick: acts.copyPicture }, "Copy the picture (SVG)"));
  refresh();
  return { card, refresh };
}

/**
 * Fields for the inputs; what is typed is read by Python.
 * @param ask called with {name: text}
 */
export function inputFields(state, ask) {
  const fields = state.live.map(({ name, text, long }) => {
    const input = h("input", { class: `bp-input bp-field${long ? " bp-field-long" : ""}`, type: "text", value: text, autocomplete: "off", spellcheck: "false", maxlength: 400, name,
      onkeydown: (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); input.form.requestSubmit(); } } });
    return [h("label", { class: "bp-option" }, h("span", null, `${name} =`), input), input];
  });
  return h("form", { class: "bp-inputs", hidden: true, onsubmit: (event) => {
    event.preventDefault();
    ask(Object.fromEntries(fields.map(([, input]) => [input.name, input.value])));
  } }, fields.map(([label]) => label), h("button", { class: "bp-text-button bp-solid", type: "submit" }, "Compute"));
}

/** Ask Python for another state; `say(text)` tells what came of it, `failed()` that nothing did. The new state arrives by itself. */
export function asker(model, say, failed) {
  let waiting = null, number = model.get("wanted")?.number ?? 0;
  const settle = () => { clearTimeout(waiting); say(model.get("problem") ?? ""); };
  const gone = (text) => { clearTimeout(waiting); say(text); failed(); };
  model.on("change:answered", settle);
  function ask(wish) {
    number += 1;
    const { jacobian, ...before } = model.get("wanted") ?? {};        // a question once asked is not asked again with the next
    model.set("wanted", { ...before, ...wish, number });
    say("Computing …");
    clearTimeout(waiting);
    waiting = setTimeout(() => gone("No kernel answers. Run the cell again, and try once more."), PATIENCE);
    try { model.save_changes(); } catch { gone("There is no kernel any more. Run the cell again, and try once more."); }
  }
  return { ask, stop: () => { clearTimeout(waiting); model.off?.("change:answered", settle); } };
}
