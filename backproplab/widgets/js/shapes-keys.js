// What each key does on the bench, and the list that says so.

export const BENCH_KEYS = [["G X W …", "add that piece"], ["Shift + letter", "add it turned (transposed)"], ["T", "turn the selected piece"], ["@ * O", "joint: matrix, elementwise, outer product"],
  ["S Shift+S", "sum down the rows, along the columns"], ["← →", "select along the line"], ["Alt + ← →", "move the piece"], ["Backspace", "remove the selected piece"], ["Enter", "check"],
  ["H N", "next hint; next question"], ["Ctrl+Z Esc", "undo; clear"], ["?", "these keys"]];

/**
 * The act that a key asks for; nothing where it has none here.
 * @param line from newLine
 * @param tray names of pieces
 * @param acts {undo, clear, check, hint, next or null, toggleKeys, add, remove, turn, move, select, operator, setSum}
 */
export function benchKey(event, line, tray, acts) {
  const low = event.key.toLowerCase(), any = line.factors.length > 0;
  if (event.ctrlKey || event.metaKey) return low === "z" ? acts.undo : null;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step && any && !event.target.closest(".bs-grid, .bs-bar")) {
    if (event.altKey && line.onPiece()) return () => acts.move(line.selected / 2, line.selected / 2 + step);
    return () => acts.select((line.selected < 0 ? 0 : line.selected) + step);
  }
  if (event.altKey) return null;
  if (event.key === "Enter") return !event.target.closest("button") || event.target.closest(".bs-line") ? acts.check : null;
  const piece = event.key.length === 1 && tray.find((p) => p.toLowerCase() === low);
  if (piece) return () => acts.add(piece, event.shiftKey);
  const index = line.selected < 0 ? line.factors.length - 1 : Math.floor((line.selected + 1) / 2), remove = any ? () => acts.remove(index) : null;
  return { Escape: acts.clear, "?": acts.toggleKeys, Home: any ? () => acts.select(0) : null, End: any ? () => acts.select(line.last()) : null, Backspace: remove, Delete: remove,
    "@": () => acts.operator("@"), ".": () => acts.operator("@"), "*": () => acts.operator("*"), o: () => acts.operator("o"), t: any ? () => acts.turn(Math.min(index, line.factors.length - 1)) : null,
    s: () => acts.setSum(event.shiftKey ? 1 : 0), n: acts.next, h: acts.hint }[event.key.length === 1 ? low : event.key] ?? null;
}
