// Who answers a lab: Python, one question at a time and the newest next; or, in a page and after the kernel is gone, what was computed before.

const PATIENCE = 8000;                                    // milliseconds until a kernel that does not answer is taken to be gone

const same = (a, b) => Object.keys(a).every((name) => a[name] === b[name]);

/** The kept result of these values, or of this code. */
export const kept = (results, side) => results.find((r) => (side.code ? r.code === side.code : same(side.values, r.values)));

/** The kept result that is most like another one: what to compare it with where nothing can be computed. */
export function nearest(results, one) {
  const unlike = (r) => Object.keys(r.values).filter((name) => r.values[name] !== one.values[name]).length;
  return results.filter((r) => r.code !== one.code).sort((a, b) => unlike(a) - unlike(b))[0];
}

/** The options of a control that a page can show: [place in the control, option], where one of `results` has the other values as they are. */
export const reachable = (results, control, values) => control.options.map((option, i) => [i, option]).filter(([, o]) => kept(results, { values: { ...values, ...o.set } }));

/**
 * @param model the widget's model
 * @param heard called with the shown sides, whether they are those last asked for, and a problem in words
 */
export function kernel(model, heard) {
  let number = model.get("wanted")?.number ?? 0, waiting = 0, flying = false, next = null, gone = Boolean(model.static);

  function fromPage(sides) {
    const results = model.get("state").kept, found = [];
    for (const side of sides) found.push(side.other ? found[0] && nearest(results, found[0]) : kept(results, side));
    heard(found.every(Boolean) ? found : null, true, found.every(Boolean) ? "" : `This page shows ${results.length} settings that were computed beforehand, and this is not one of them. In a notebook with a kernel every setting can be computed.`);
  }
  function lost() { gone = true; flying = false; heard(null, true, "No kernel answers. What was computed beforehand can still be chosen; run the cell again for everything else."); }
  function send(wish) {
    number += 1;
    flying = true;
    model.set("wanted", { ...wish, number });
    clearTimeout(waiting);
    waiting = setTimeout(lost, PATIENCE);
    try { model.save_changes(); } catch { clearTimeout(waiting); lost(); }
  }
  function arrived() {
    const shown = model.get("shown");
    gone = Boolean(model.static);                          // a kernel that was busy answers late, and is there again
    if (shown.number >= number) { clearTimeout(waiting); flying = false; }
    heard(shown.sides, !flying && !next, shown.problem);
    if (!flying && next) { const wish = next; next = null; send(wish); }
  }
  model.on("change:shown", arrived);
  return {
    get gone() { return gone; },
    ask(sides, task, side) {
      if (gone) fromPage(sides);
      else if (flying) next = { sides, task, side };
      else send({ sides, task, side });
    },
    cancel() { model.set("cancel", model.get("cancel") + 1); model.save_changes(); },
    stop() { clearTimeout(waiting); model.off?.("change:shown", arrived); },
  };
}
