// The line that the learner builds: pieces, the joints between them, perhaps a sum; what is selected; and undo. It knows no page.
// Places are counted through pieces and joints: 0 is the first piece, 1 the joint after it, 2 the second piece.

export const OPERATORS = { "@": { sign: "·", name: "matrix product", key: "@" }, "*": { sign: "⊙", name: "elementwise", key: "*" }, o: { sign: "⊗", name: "outer", key: "O" } };
export const SUMS = [{ sign: "Σ↓", name: "sum rows", key: "S" }, { sign: "Σ→", name: "sum columns", key: "⇧S" }];
const MOST = 4;                                            // pieces

/** A name as a book writes it. */
export const turnedName = (f) => f.p + (f.t ? "ᵀ" : "");

/** An empty line. Its changes say nothing; whoever asks for one paints afterwards. */
export function newLine() {
  let past = [], made = 0;
  const it = { factors: [], operators: [], sum: null, selected: -1, pending: null };
  const change = (act) => {
    past.push({ factors: it.factors.map((f) => ({ ...f })), operators: [...it.operators], sum: it.sum, selected: it.selected });
    act();
    it.selected = Math.max(-1, Math.min(it.selected, it.last()));
  };
  return Object.assign(it, {
    last: () => it.factors.length * 2 - 2,
    full: () => it.factors.length >= MOST,
    undoable: () => past.length > 0,
    onJoint: () => it.selected > 0 && it.selected % 2 === 1,
    onPiece: () => it.selected >= 0 && it.selected % 2 === 0,
    reset() { Object.assign(it, { factors: [], operators: [], sum: null, selected: -1, pending: null }); past = []; },
    undo() { Object.assign(it, past.pop()); },
    clear() { change(() => Object.assign(it, { factors: [], operators: [], sum: null, selected: -1 })); },
    /** A piece after the selected one, or at a place; it joins by the pending sign. */
    add(p, t, at = null) {
      change(() => {
        const index = at ?? (it.selected >= 0 ? Math.floor(it.selected / 2) + 1 : it.factors.length);
        it.factors.splice(index, 0, { p, t, id: (made += 1) });
        if (it.factors.length > 1) it.operators.splice(Math.max(0, index - 1), 0, it.pending ?? "@");
        it.pending = null;
        it.selected = index * 2;
      });
    },
    remove(index) {
      change(() => {
        it.factors.splice(index, 1);
        it.operators.splice(Math.max(0, index - 1), 1);
        it.selected = it.factors.length ? Math.max(0, index - 1) * 2 : -1;
        if (!it.factors.length) it.sum = null;
      });
    },
    turn(index) { change(() => { it.factors[index].t = !it.factors[index].t; it.selected = index * 2; }); },
    move(from, to) { change(() => { it.factors.splice(to, 0, ...it.factors.splice(from, 1)); it.selected = to * 2; }); },
    join(o) { change(() => { it.operators[(it.selected - 1) / 2] = o; }); },
    setSum(axis) { change(() => { it.sum = it.sum === axis ? null : axis; }); },
    select(place) { it.selected = Math.max(0, Math.min(it.last(), place)); },
    /** As it is kept: X.T @ G, sum0(G). */
    text() {
      const text = it.factors.map((f, i) => (i ? ` ${it.operators[i - 1]} ` : "") + f.p + (f.t ? ".T" : "")).join("");
      return it.sum === null ? text : `sum${it.sum}(${text})`;
    },
    /** As it is read: Xᵀ · G. */
    read: () => it.factors.map((f, i) => (i ? ` ${OPERATORS[it.operators[i - 1]].sign} ` : "") + turnedName(f)).join(""),
  });
}
