// The arithmetic of the shape bench: boxes whose sides have names, joined by ⊙ (first) and · or ⊗ (then), perhaps summed along an axis.
// The same language as shapes_formulas.py; a test compares the two. Nothing here touches the page.

export const transpose = (m) => m[0].map((_, j) => m.map((row) => row[j]));
export const dimsOf = (m) => [m.length, m[0].length];
export const sameNumbers = (a, b) => a.length === b.length && a[0].length === b[0].length && a.every((row, i) => row.every((v, j) => Math.abs(v - b[i][j]) < 1e-6));
const product = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((sum, v, k) => sum + v * b[k][j], 0)));

/** "X.T @ G", "sum0(G)" as {factors: [{p, t}], operators, sum}. */
export function readLine(text) {
  const total = text.match(/^sum([01])\((.*)\)$/), words = (total ? total[2] : text).split(" ");
  return { factors: words.filter((_, i) => i % 2 === 0).map((w) => ({ p: w.replace(".T", ""), t: w.endsWith(".T") })),
    operators: words.filter((_, i) => i % 2), sum: total ? Number(total[1]) : null };
}

/**
 * What is built: groups of boxes joined by ⊙, the joints with what meets there, the partial products, and the value.
 * @param factors [{p: name, t: turned}]
 * @param operators "@", "*" or "o" between them
 * @param sum the axis that is summed, or null
 * @param pieces name -> {axes, values}
 */
export function evaluate(factors, operators, sum, pieces) {
  const box = (f) => {
    const { axes, values } = pieces[f.p];
    return f.t ? { name: `${f.p}ᵀ`, axes: [axes[1], axes[0]], values: transpose(values) } : { name: f.p, axes, values };
  };
  const groups = [], joints = [];
  factors.forEach((f, i) => {
    const b = box(f);
    if (i && operators[i - 1] === "*") {
      const g = groups.at(-1), [r, c] = dimsOf(g.values), [r2, c2] = dimsOf(b.values), ok = r === r2 && c === c2;
      joints[i - 1] = { kind: "*", ok, named: g.axes.join() === b.axes.join(), left: g.axes, right: b.axes, sizes: [[r, c], [r2, c2]] };
      g.members.push(i); g.boxes.push(b); g.name += ` ⊙ ${b.name}`; g.fits = g.fits && ok;
      if (g.fits) g.values = g.values.map((row, y) => row.map((v, x) => v * b.values[y][x]));
    } else {
      groups.push({ name: b.name, axes: b.axes, values: b.values, members: [i], boxes: [b], fits: true });
      if (i) joints[i - 1] = { kind: operators[i - 1] };
    }
  });
  let value = groups[0] && { axes: groups[0].axes, values: groups[0].values }, broken = groups.some((g) => !g.fits);
  const partial = [];
  for (let k = 1; k < groups.length; k++) {
    const g = groups[k], joint = joints[g.members[0] - 1], left = groups[k - 1];
    if (joint.kind === "o") {
      const vectors = k === 1 && [left, g].every((b) => Math.min(...dimsOf(b.values)) === 1);
      Object.assign(joint, { ok: vectors, named: true, left: left.axes, right: g.axes });
      if (vectors && !broken) {
        const a = left.values.flat(), b = g.values.flat(), long = (axes) => axes.find((x) => x !== "1") ?? "1";
        value = { axes: [long(left.axes), long(g.axes)], values: a.map((x) => b.map((y) => x * y)) };
      }
    } else {
      const outer = k > 1 && joints[left.members[0] - 1].kind === "o" && value;
      const inner = outer ? value.axes[1] : left.axes[1], n = outer ? value.values[0].length : dimsOf(left.values)[1], m = dimsOf(g.values)[0];
      Object.assign(joint, { ok: n === m, named: inner === g.axes[0], inner: [inner, g.axes[0]], sizes: [n, m], left: left.axes, right: g.axes });
      if (joint.ok && !broken) value = { axes: [value.axes[0], g.axes[1]], values: product(value.values, g.values) };
    }
    broken ||= !joint.ok;
    partial.push(broken ? null : value);
  }
  const whole = broken || !value ? null : value;
  return { groups, joints, partial, product: whole, value: whole && summed(whole, sum), broken };
}

function summed({ axes, values }, sum) {
  if (sum === null) return { axes, values };
  const added = (line) => line.reduce((a, b) => a + b, 0);
  return sum === 0 ? { axes: ["1", axes[1]], values: [transpose(values).map(added)] } : { axes: [axes[0], "1"], values: values.map((row) => [added(row)]) };
}
