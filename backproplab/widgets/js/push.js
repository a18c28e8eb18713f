// Version B of the backward pass: each variable, its gradient complete, pushes increments to what it was computed from.
// Made from the same contributions as Version A, in which each variable pulls from its consumers; only the order of adding differs.

/**
 * @param state the stepper's state, indexed
 * @returns {{steps: object[], partial: (at: number, name: string) => {text: string, done: boolean} | null}}
 *   `steps`: forward steps as they are, backward steps that push; `partial`: what has arrived at a variable after a step
 */
export function pushing(state) {
  const pulls = Object.fromEntries(state.steps.filter((t) => t.phase === "backward").map((t) => [t.node, t]));
  const order = state.steps.filter((t) => t.phase === "backward").map((t) => t.node);
  const sent = {};                                        // consumer -> [{to, c}], in the order in which its line names its inputs
  for (const n of state.nodes) for (const c of pulls[n.id]?.contribs ?? []) (sent[c.by] ??= []).push({ to: n.id, c });
  const arrived = {}, log = {};                           // log: variable -> [{at, sum, count}]
  const steps = state.steps.slice(0, state.forwardCount);
  for (const name of order) {
    const at = steps.length, pull = pulls[name], rows = [];
    for (const { to, c } of sent[name] ?? []) {
      arrived[to] = { sum: (arrived[to]?.sum ?? 0) + (c.p ?? 0), count: (arrived[to]?.count ?? 0) + 1 };
      (log[to] ??= []).push({ at, ...arrived[to] });
      rows.push({ ...c, to, edge: `${to}>${name}`, of: pulls[to].contribs.length, count: arrived[to].count,
        sofar: c.array ? `${arrived[to].count} of ${pulls[to].contribs.length}` : arrived[to].count === pulls[to].contribs.length ? pulls[to].grad : rounded(arrived[to].sum) });
    }
    steps.push({ ...pull, title: `Push from ${name}`, asks: [], contribs: [], show: null, num: null, sym: null, pushes: rows, edges: rows.map((r) => r.edge), words: said(name, pull, rows), note: "" });
  }
  function partial(at, name) {
    if (name === state.out) return at >= state.forwardCount ? { text: pulls[name].grad, done: true } : null;
    const now = (log[name] ?? []).findLast((l) => l.at <= at);
    if (!now) return null;
    const done = now.count === pulls[name].contribs.length;
    return { text: done ? pulls[name].grad : pulls[name].contribs[0].array ? "…" : rounded(now.sum), done };
  }
  return { steps, partial };
}

function said(name, pull, rows) {
  const complete = `The gradient of \`${name}\` is complete: ${pull.grad}.`;
  if (!rows.length) return `${complete} \`${name}\` is an input: nothing lies before it.`;
  return `${complete} It goes on to ${rows.length === 1 ? `\`${rows[0].to}\`` : `each input of its line`}, times the local derivative, and is added to what arrived there before.`;
}

const rounded = (v) => (v > 0 ? "+" : "") + String(Number(v.toPrecision(4))).replace("-", "−");
