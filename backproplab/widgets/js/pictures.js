// Which picture is shown: its style, and which groups are open. The state carries several where they are small; others need the kernel.

const BOXES = "boxes", WITHOUT = "That picture is not in this page, and there is no kernel to draw it: run the notebook, and choose it there.";

/**
 * @param model the widget's model; the choice is kept in it for a second view, and not sent
 * @param told the state as it came
 * @param kernel from `asker`, or null
 * @param changed called after a choice: with "" when the picture is there, else with what to tell
 */
export function pictures(model, told, kernel, changed) {
  const has = (key) => key === told.picture || Object.hasOwn(told.pictures, key);
  const kept = model.get("picture");
  let current = has(kept) ? kept : told.picture;
  const styleOf = (key) => key.split("|")[0], openedIn = (key) => key.split("|").slice(1);
  let open = styleOf(current) === BOXES ? openedIn(current) : told.opened;
  const keyed = (style, groups) => (style === BOXES ? [BOXES, ...[...groups].sort()].join("|") : style);

  function show(style, groups) {
    const key = keyed(style, groups);
    if (!has(key) && !kernel) { changed(WITHOUT); return; }
    model.set("picture", key);
    if (!has(key)) { kernel.ask({ style, opened: groups }); return; }
    current = key;
    open = groups;
    changed("");
  }
  return {
    key: () => current,
    style: () => styleOf(current),
    opened: () => open,
    layouts: () => (current === told.picture ? told : told.pictures[current]),
    choose: (style) => show(style, open),
    /** Open a folded group in its place, or fold it again. */
    toggle: (name) => show(BOXES, open.includes(name) ? open.filter((g) => g !== name) : [...open, name]),
    offered() {
      const all = Object.entries(told.styles), there = all.filter(([style]) => kernel || has(keyed(style, open)));
      return { styles: there, missing: there.length < all.length };
    },
  };
}
