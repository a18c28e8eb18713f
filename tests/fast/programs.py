"""Programs that nobody wrote, for whatever hypothesis composes: straight lines over a few shapes, with helpers, views, labels and updates.

The shapes are chosen so that much fits together, squares are rare, and wrong memory shows: names are read again long after they were
made, arrays have second names and views, and outputs are inputs, views and each other.
"""
import contextlib

import numpy as np
from hypothesis import strategies as st

HELPERS = """
def logistic(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)

def centred(x, axis=-1, scale=None):
    rest = x - np.mean(x, axis=axis, keepdims=True)
    if scale is None:
        return rest
    return rest * scale

def added(x, key, shape):
    whole = np.zeros(shape)
    np.add.at(whole, key, x)
    return whole

def looped(x):
    total = x * 0.0
    for k in range(2):
        total = total + x * k
    return total

"""
KNOWN = {"np": np}
exec(HELPERS, KNOWN)
SAME = ["{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / (1.0 + {b} ** 2)", "-{a}", "np.tanh({a})", "np.exp(-{a} ** 2)", "np.maximum({a}, {b})",
        "np.maximum({a}, 0)", "{a} * ({b} > 0)", "np.where({a} > {b}, {a}, {b})", "np.where({a} > 0, {b}, 0)", "np.where({a} > 0.3, 1, {b})",
        "np.sin({a}) * np.cos({b})", "1.0 * {a} + -{b}", "np.sqrt(1.0 + {a} * {a})", "({a} * {a} + 1.0) ** 0.5", "{a} ** 3",
        "1 / (2.0 + np.sin({a}))", "np.logaddexp(0, {a})",
        "logistic({a})", "np.log({a})", "{a} / {b}", "np.exp(9 * {a} * {b})", "np.minimum({a}, {b}) * -1", "looped({a})"]


def operand(draw, names, shape):
    """Text of something that broadcasts to this shape without changing it."""
    fits = [n for n, s in names.items() if s == shape]
    other = ["2.0", "0.5", "1", "3", "-1.0", *[n for n, s in names.items() if s == ()]]
    if len(shape) == 2:
        other += [n for n, s in names.items() if s == shape[1:]]
        other += [f"{n}.T" for n, s in names.items() if s == shape[::-1]] + [f"{n}[::-1]" for n in fits]
        other += [f"{n}[:, None]" for n, s in names.items() if s == shape[:1]]
        other += [f"np.broadcast_to({n}, ({shape[0]}, {shape[1]}))" for n, s in names.items() if s in ((), shape[1:])]
    return draw(st.sampled_from((fits[-5:] + other) if draw(st.booleans()) else fits or other))


@st.composite
def programs(draw, scalars=False):
    """(text, shapes of the inputs by name, whether the last input holds labels)."""
    m, n, k = draw(st.sampled_from([(2, 3, 4), (3, 1, 2), (5, 4, 3), (7, 16, 33)]))
    shapes = {"x": (m, n), "w": (n, k), "q": (m, n), "bias": (n,), "s": (), "z": ()} if not scalars else dict.fromkeys("xyzw", ())
    names, lines = dict(shapes), []
    for i in range(draw(st.integers(1, 14))):
        name = f"v{i}"
        matrices = [v for v, s in names.items() if len(s) == 2]
        kind = draw(st.sampled_from(["same", "same", "same", "dot", "sum", "view", "update", "gather", "outer", "join"])) if matrices else "same"
        a = draw(st.sampled_from(matrices)) if matrices else ""
        if kind == "dot":
            c = [v for v in matrices if names[v][0] == names[a][1]]
            d = [v for v in matrices if names[v][1] == names[a][1]]
            if c:
                b = draw(st.sampled_from(c))
                text = f"np.tanh({a} @ {b})"
            else:
                b = draw(st.sampled_from(d))
                text = f"0.1 * ({a} @ {b}.T)"
        elif kind == "sum":
            f, axis = draw(st.sampled_from(["sum", "mean", "max", "prod"])), draw(st.sampled_from([0, 1, -1, None]))
            keep = draw(st.booleans())
            inner = draw(st.sampled_from([a, f"({a} * {a})", f"({a} * {a}.copy())", f"{a}.T"]))
            text = draw(st.sampled_from(["np.{f}({x}, axis={axis}{keep})", "{x}.{f}(axis={axis}{keep})"])).format(
                f=f, x=inner, axis=axis, keep=", keepdims=True" if keep else "")
        elif kind == "view":
            text = draw(st.sampled_from([f"{a}.T", a, f"{a}[::-1]", f"{a}[:, 0]", f"{a}[1:]", f"{a}.reshape(-1)", f"np.reshape({a}, (-1, 1))",
                                         f"{a}.copy()",
                                         f"np.expand_dims({a}, 0)[0]", f"centred({a})", f"centred({a}, axis=0, scale=2.0)", f"np.cumsum({a}, axis=0)",
                                         f"np.swapaxes({a}, 0, 1)", f"np.ravel({a}.T)"]))
        elif kind == "update":
            rows = names[a][0]
            labels = [f"np.arange({m}), label"] if rows == m else []
            index = draw(st.sampled_from([f"np.arange({rows}), 0", "0", ":, 0", "np.array([0, 0])", *labels]))
            op = draw(st.sampled_from(["-=", "+=", "*="]))
            lines.append(f"{name} = {a}.copy()")
            lines.append(f"{name}[{index}] {op} {draw(st.sampled_from(['1.0', '0.5', 's' if 's' in names else 'x']))}")
            names[name] = names[a]
            continue
        elif kind == "gather":
            (rows, columns), labels = names[a], [f"{a}[np.arange({m}), label]"] if names[a][0] == m else []
            text = draw(st.sampled_from([f"{a}[0]", f"added({a}, np.s_[1:, :], ({rows + 1}, {columns}))[1:] + {a}",
                                         f"{a} + added({a}[0], 0, ({rows}, {columns}))", f"added({a}, np.array([0] * {rows}), ({rows}, {columns}))",
                                         *labels]))
        elif kind == "outer":
            text = f"np.outer({a}[0], {a}[:, -1])"
        elif kind == "join":
            text = f"np.concatenate([{a}, {a} * 2.0], axis=0)[{names[a][0]}:]"
        else:
            shape = draw(st.sampled_from(sorted(set(names.values()))))
            template = draw(st.sampled_from(SAME))
            text = template.replace("{a}", operand(draw, names, shape)).replace("{b}", operand(draw, names, shape))
        with np.errstate(all="ignore"), contextlib.suppress(ZeroDivisionError):          # 1 / (1.0 - 1.0) is no program
            found = np.asarray(eval(text, {**KNOWN, "label": np.zeros(m, int), **{v: np.full(s, 0.7)[()] for v, s in names.items()}}))
            lines.append(f"{name} = {text}" if found.dtype.kind == "f" else f"{name} = 1.0 * ({text})")
            names[name] = found.shape
    ends = draw(st.lists(st.sampled_from(sorted(names)), min_size=1, max_size=5))
    header = ", ".join([*shapes, *([] if scalars else ["label"])])
    text = HELPERS + f"def step({header}):\n" + "".join(f"    {line}\n" for line in lines) + f"    return {ends[0]}, ({', '.join(ends)},)\n"
    return text, shapes, None if scalars else (m, min(s[1] for s in names.values() if len(s) == 2))


def inputs(seed, shapes, labels, dtype=np.float64, special=()):
    """Values for a program's inputs; `special` numbers are strewn in."""
    random = np.random.RandomState(seed)
    found = []
    for shape in shapes.values():
        x = np.asarray(random.randn(*shape)).astype(dtype)
        for value in special:
            if random.rand() < .5:
                x.flat[random.randint(x.size)] = value
        found.append(x if shape else float(x))
    return found + ([] if labels is None else [random.randint(0, labels[1], labels[0])])


def flat(returned):
    """All values of nested tuples and dicts."""
    if isinstance(returned, dict):
        returned = tuple(returned.values())
    return [returned] if not isinstance(returned, tuple) else [z for y in returned for z in flat(y)]
