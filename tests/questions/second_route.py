"""Wrong answers by another route: the text of the printed program, edited as a learner's slip would change it, and run by NumPy alone.

Nothing here looks at steps, links or the package's misconceptions; only the printed program, its names and its lines are used. A
slip is planted in the line of one gradient (all its terms, or one), or in every line; the edited program is run and the asked gradient read.
"""
import ast
import itertools

import numpy as np

UNARY = {"np.exp": "exp", "np.log": "log", "np.sin": "sin", "np.cos": "cos", "np.tanh": "tanh", "np.sqrt": "sqrt", "np.square": "square",
         "sigmoid": "sigmoid", "relu": "relu", "log_softmax": "log_softmax"}
BINARY = {ast.Mult: "multiply", ast.Add: "add", ast.Sub: "subtract", ast.Div: "divide", ast.MatMult: "matmul"}

# A wrong local rule, in text: G is the upstream, O the consumer, A and B its operands, one of which is asked. Forms at one place of
# their lists are one mistake: who makes it at one operation makes it at the others too.
LOCAL = {
    ("multiply", 0): {"mul-own": ["G * A"]}, ("multiply", 1): {"mul-own": ["G * B"]},
    ("add", 0): {"add-as-mul": ["G * B"]}, ("add", 1): {"add-as-mul": ["G * A"]},
    ("subtract", 0): {"add-as-mul": ["G * B"]}, ("subtract", 1): {"add-as-mul": ["G * A"], "sub-sign": ["G * 1"]},
    ("divide", 1): {"div-sign": ["G * A / B ** 2"], "div-nosq": ["-G * A / B"], "div-top": ["G / B"]},
    ("maximum", 0): {"max-both": ["G * 1"], "max-loser": ["G * (A < B)"]}, ("maximum", 1): {"max-both": ["G * 1"], "max-loser": ["G * (A >= B)"]},
    ("exp", 0): {"exp-power": ["G * A * np.exp(A - 1)"], "exp-arg": ["G * A"], "at-output": ["G * np.exp(O)"]},
    ("log", 0): {"log-out": ["G / O"]},
    ("sin", 0): {"trig-sign": ["-G * np.cos(A)"], "trig-same": ["G * np.sin(A)"], "at-output": ["G * np.cos(O)"]},
    ("cos", 0): {"trig-sign": ["G * np.sin(A)"], "trig-same": ["G * np.cos(A)"], "at-output": ["-G * np.sin(O)"]},
    ("tanh", 0): {"tanh-var": ["G * (1 - A * A)", "G * (1 - O)"], "at-output": ["G * (1 - np.tanh(O) ** 2)"]},
    ("sqrt", 0): {"power-rule": ["G / np.sqrt(A)", None, "G * np.sqrt(A) / 2"], "at-output": ["G / (2 * np.sqrt(O))"]},
    ("square", 0): {"power-rule": ["G * A", "G * 2"], "at-output": ["G * 2 * O"]},
    ("sigmoid", 0): {"sig-var": ["G * A * (1 - A)", "G * O", "G * (1 - O)", "G * O * O"]},
    ("relu", 0): {"relu-mask": ["G * (G > 0)", "G * 1", "G * A * (A > 0)"]},
    ("log_softmax", 0): {"softmax-ce": ["-np.exp(O) * np.sum(G, axis=-1, keepdims=True)", "G * 1"]},
    ("matmul", 0): {"transpose": ["PRODUCTS"]}, ("matmul", 1): {"transpose": ["PRODUCTS"]},
}
PRODUCTS = [f"({a} @ {b})" for a, b in itertools.chain.from_iterable(
    ((x, g), (g, x)) for x in ("A", "A.T", "B", "B.T") for g in ("G", "G.T"))]


class Text:
    """A printed program taken apart: forward lines, gradient lines, and the order of both."""

    def __init__(self, source):
        tree = ast.parse(source)
        self.head = [n for n in tree.body if not (isinstance(n, ast.FunctionDef) and n is tree.body[-1])]
        self.main = tree.body[-1]
        self.assigns = [s for s in self.main.body if isinstance(s, ast.Assign)]
        self.values = {s.targets[0].id: s.value for s in self.assigns if not s.targets[0].id.startswith("g_")}
        self.gradients = {s.targets[0].id[2:]: s.value for s in self.assigns if s.targets[0].id.startswith("g_")}
        self.texts = {s.targets[0].id: ast.unparse(s.value) for s in self.assigns}
        self.helpers: dict = {"np": np}
        exec(compile(ast.Module(self.head, []), "<head>", "exec"), self.helpers)

    def run(self, inputs, changed=None, places=None):
        """Every name of the program after it ran, with some gradient lines replaced by text, every line rounded to `places` digits."""
        lines = []
        for name, text in self.texts.items():
            new = (changed or {}).get(name[2:]) if name.startswith("g_") else None
            text = text if new is None else new
            lines.append(f"{name} = {text}" if places is None else f"{name} = rounded({text}, {places})")
        scope = {**self.helpers, "rounded": rounded, **inputs}
        with np.errstate(all="ignore"):
            exec("\n".join(lines), scope)
        return scope

    def terms(self, name):
        """[(sign, term text, upstream's variable)]: the summands of a gradient line, split where both sides hold an upstream."""
        found = []

        def split(e, sign):
            if isinstance(e, ast.BinOp) and isinstance(e.op, (ast.Add, ast.Sub)) and upstreams(e.left) and upstreams(e.right) \
                    and set(upstreams(e.left)) != set(upstreams(e.right)):                # g - p * sum(g) is one rule, one term
                split(e.left, sign)
                split(e.right, -sign if isinstance(e.op, ast.Sub) else sign)
            else:
                found.append((sign, ast.unparse(e), upstreams(e)[0] if upstreams(e) else None))
        if name in self.gradients:
            split(self.gradients[name], 1)
        return found

    def operation(self, consumer):
        """(operation, operands as text) of a forward line that holds one operation, or None."""
        e = self.values.get(consumer)
        if isinstance(e, ast.BinOp) and type(e.op) in BINARY:
            return BINARY[type(e.op)], [ast.unparse(e.left), ast.unparse(e.right)]
        if isinstance(e, ast.Call):
            head = ast.unparse(e.func)
            if head == "np.maximum":
                return "maximum", [ast.unparse(a) for a in e.args]
            if head in UNARY and len(e.args) == 1:
                return UNARY[head], [ast.unparse(e.args[0])]
        return None


def upstreams(e):
    """Variables whose gradients an expression holds."""
    return [n.id[2:] for n in ast.walk(e) if isinstance(n, ast.Name) and n.id.startswith("g_")]


def put(text, **known):
    """Names in a text replaced by other texts."""
    class Put(ast.NodeTransformer):
        def visit_Name(self, n):
            return ast.parse(f"({known[n.id]})", mode="eval").body if n.id in known else n
    return ast.unparse(ast.fix_missing_locations(Put().visit(ast.parse(text, mode="eval").body)))


def signed(sign, text):
    return f"({text})" if sign > 0 else f"(-({text}))"


def joined(parts):
    return " + ".join(f"({p})" for p in parts)


def changes(text, name, array=False):
    """{(id, form): change}: what slips make of the line of one gradient. A change is the whole new line, or new texts for some of its terms."""
    terms = text.terms(name)
    whole = [signed(s, t) for s, t, _ in terms]
    found = {}
    if len(terms) > 1:
        for k in range(len(terms)):
            found["one-path", f"only {k}"] = whole[k]
            if len(terms) > 2:
                found["one-path", f"without {k}"] = joined(w for j, w in enumerate(whole) if j != k)
        found["path-product", ""] = " * ".join(f"({w})" for w in whole)
        found["path-mean", ""] = f"({joined(whole)}) / {len(whole)}"
    each = {}
    for k, (s, t, u) in enumerate(terms):
        alone = signed(s, put(t, **{f"g_{u}": f"np.ones_like({u})" if array else "1.0"}))
        each.setdefault(("no-upstream", ""), {})[k] = alone
        if "@" not in t and "np.sum" not in t:
            each.setdefault(("add-upstream", ""), {})[k] = f"{alone} + g_{u}"
        each.setdefault(("value-upstream", ""), {})[k] = signed(s, put(t, **{f"g_{u}": u}))
        for j, (_, _, w) in enumerate(text.terms(u)):
            if w is not None and j < 2:
                each.setdefault(("stale-upstream", f"beyond {j}"), {})[k] = signed(s, put(t, **{f"g_{u}": f"g_{w}"}))
        if array and t.startswith("np.sum(") and t.endswith("axis=0)"):
            g = f"g_{u}"
            for form in (g, f"np.mean({g}, axis=0)", f"{g}[-1]", f"{g}[0]", f"np.sum({g}, axis=1)"):
                each.setdefault(("bias", form), {})[k] = form
        summed = "np.sum({}, axis=0)" if array and t.startswith("np.sum(") and t.endswith("axis=0)") else "{}"      # a broadcast is undone as before
        op, operands = text.operation(u) or ("", [])
        for slot, operand in enumerate(operands):
            if operand == name:
                for id_, forms in LOCAL.get((op, slot), {}).items():
                    for which, form in enumerate(PRODUCTS if forms == ["PRODUCTS"] else forms):
                        if form is None:
                            continue
                        each.setdefault((id_, f"form {which}"), {})[k] = summed.format(put(form, G=f"g_{u}", O=u, A=operands[0], B=operands[-1]))
    return found | {key: (whole, new) for key, new in each.items()}


def applied(change, only=None):
    """The text of a changed line; `only`: at one term."""
    if isinstance(change, str):
        return change
    whole, new = change
    return joined(new[k] if k in new and only in (None, k) else w for k, w in enumerate(whole))


def wrong_answers(source, inputs, asked, places=None):
    """Every slip that can be planted, by editing the program and running it.

    Yields
    ------
    (id, scope, value)
        Scopes: "here" all terms of the asked line, "link" one of several, "everywhere" the whole backward pass, "elsewhere" one line above
        the asked one, "finished" done to the number. `places`: the learner rounds every line to so many digits.
    """
    text = Text(source)
    scope = text.run(inputs, places=places)
    array = any(np.ndim(v) for v in inputs.values())
    right = scope[f"g_{asked}"]
    above, stack = {asked}, [asked]
    while stack:
        for _, _, u in text.terms(stack.pop()):
            if u is not None and u not in above:
                above.add(u)
                stack.append(u)
    every = {n: changes(text, n, array) for n in text.gradients if n in above and all(u is not None for _, _, u in text.terms(n))}

    def read(changed):
        try:
            return text.run(inputs, changed, places)[f"g_{asked}"]
        except (ValueError, ZeroDivisionError, TypeError, IndexError):
            return None
    everywhere = {}
    for n, found in every.items():
        for (id_, form), change in found.items():
            yield id_, "here" if n == asked else "elsewhere", read({n: applied(change)})
            if n == asked and not isinstance(change, str) and len(change[0]) > 1:
                for k in change[1]:
                    yield id_, "link", read({n: applied(change, k)})
            if id_ not in ("transpose", "bias", "one-path"):
                everywhere.setdefault((id_, form), {})[n] = applied(change)
    for (id_, _), changed in everywhere.items():
        if len(changed) > 1:
            yield id_, "everywhere", read(changed)
    yield "sign", "finished", -right
    yield "value-for-grad", "finished", scope[asked]
    yield "accumulate", "finished", right + right
    if not array and asked not in inputs:
        for n, x in inputs.items():
            h = 1e-6 * max(1.0, abs(x))
            up, down = text.run({**inputs, n: x + h})[asked], text.run({**inputs, n: x - h})[asked]
            if up != down:
                yield "fwd-mode", "finished", (up - down) / (2 * h)
    if array:
        n = next(np.shape(v)[0] for v in inputs.values())
        yield "mean-sum", "finished", right * n
        yield "mean-sum", "finished", right / n
        if np.ndim(right) == 2:
            yield "layout", "finished", right.T


def rounded(v, places):
    """With so many significant digits, entry by entry."""
    v = np.asarray(v, float)
    with np.errstate(all="ignore"):
        size = np.where((v == 0) | ~np.isfinite(v), 1.0, 10.0 ** np.floor(np.log10(np.abs(v))))
    return (np.round(v / size, places - 1) * size)[()]
