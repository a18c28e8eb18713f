"""Writes docs/fast_programs.md: the readable and the fast program of a two-layer net side by side.

``python -m tests.fast.page`` writes it; a test holds the page to what the package prints.
"""
from __future__ import annotations

import re
from pathlib import Path

import numpy as np

import backproplab as bl

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "fast_programs.md"

FUNCTION = '''\
def net(X, t, W1, b1, W2, b2):
    h = bl.sigmoid(X @ W1 + b1)
    y = h @ W2 + b2
    loss = bl.squared_error(y, t)
    return loss
'''

BEGINNING = '''\
# How a program becomes fast

`bl.source(run)` prints a function and its gradients as a NumPy program that you can read. `bl.compile` makes a second program from that
text, one that computes the same numbers as quickly as a good engineer writes it by hand. This page lays the two side by side for a
network with one hidden layer. Both texts are what the package prints; you can print them for a function of your own:

```
program = bl.compile(net, X, t, W1, b1, W2, b2, wrt=["W1", "b1", "W2", "b2"])
print(program.source)
print(program.fast_source)
value, grads = program(X, t, W1, b1, W2, b2)
```

This is the function, with 8 examples of 3 features, 4 hidden units and 2 outputs:

```
{function}```

## Line by line

Each row is one line of the readable program, and what the fast one does instead. Read the left column first: forward down to the
loss, then the gradients. The right column is in the order in which it runs.

| readable | fast |
|---|---|
{rows}

## What happened

**Every array has a place that is made once.** `np.dot(X, W1, out=buf1)` writes its result into an array that exists already. Asking
the system for new memory costs as much as the arithmetic, for arrays of this size. `buf1` and the others were allocated when the program was
compiled.

**A place is used again as soon as nobody reads what is in it.** The sum `X @ W1 + b1` is written over the product, and the sigmoid over
that. To know when this is safe, the compiler finds the last line that reads each array. A view such as `h.T` shows the memory of `h`, so
reading the view counts as reading `h`.

**A gradient that is only returned is computed at once**, while what it is made of is still in the processor's cache: `g_W2` stands
before the rest of the backward pass.

**`sigmoid` and `squared_error` are gone.** The readable program calls them and prints their definitions above. The compiler reads the definitions in
place of the calls, with what it knows by then: `reduction == "mean"` is decided, and `x.size` is a number.

**A choice is written over one of its sides.** `sigmoid` chooses between 1 and `e` by `np.where`; `np.putmask` writes the 1 into the array of
`e`, where the mask `t6` says so. No third array is needed.

**What is computed twice in the text is computed once.** The gradient of `squared_error` needs `y - t` again, and finds it.

**Sums are products with ones.** `np.dot(ones8, g)` adds up the rows of `g` with the machine's matrix routine, which is quicker than `np.sum`.

**Factors of one vanish.** The gradient at the output is 1, so `g_loss` needs no line. `y.size` is a number when the shapes are known: {scale}.

**Single numbers are Python's.** The loss leaves the arrays by `float(...)`, since Python computes with a single number many times faster than NumPy.

## What keeps it right

The program begins with a door:

```
{door}```

Buffers fit one shape only. If the inputs are of other shapes or types, `elsewhere` compiles the function again for those, and remembers
it; `program.recompile = False` refuses them instead. And where Python's numbers raise an error, as for the logarithm of 0, NumPy gives an
infinity or NaN and goes on. In that case `elsewhere` runs the readable program; `program.fallbacks` counts how often.

By default the arrays that you get are new in every call (`{fresh}`, without `out=`). With `copy=False` the program hands out
its buffers, and its next call overwrites them. While it writes, it holds a lock, so that two threads can share it.

Nothing here knows a derivative. The compiler reads the readable program's text, and would do the same to any straight line of NumPy. Each of its
shortcuts has a name and a reason in `backproplab/engine/fast/lowering/rewrites.py`, a guard that says when it is not the same, and a
test in which the result is wrong without the guard.
'''


def program():
    scope = {"np": np, "bl": bl}
    exec(FUNCTION, scope)
    random = np.random.RandomState(0)
    inputs = [random.randn(8, 3), random.randn(8, 2), random.randn(3, 4), random.randn(4), random.randn(4, 2), random.randn(2)]
    return bl.compile(scope["net"], *inputs, wrt=["W1", "b1", "W2", "b2"])


def lines_of(text: str, name: str) -> list[str]:
    """The lines of one function of a text, without its head."""
    body = text[text.index(f"def {name}("):].splitlines()[1:]
    return [line.strip() for line in body]


def rows(compiled) -> list[str]:
    """Markdown rows: a readable line, and the fast lines that lead to the same name."""
    readable = {line.split(" = ")[0]: line for line in lines_of(compiled.source, "net") if " = " in line}
    made, waiting, shown = [], [], set()
    for line in lines_of(compiled.fast_source, "net"):
        if line.startswith(("if ", "return elsewhere", "try:", "with ", "except ")):
            continue
        waiting.append(line)
        name = line.split(" = ")[0]
        if name in readable or line.startswith("return "):
            left = readable.get(name, next(s for s in lines_of(compiled.source, "net") if s.startswith("return ")))
            made.append((left, waiting))
            shown.add(name)
            waiting = []
    gone = [line for name, line in readable.items() if name not in shown]
    made += [(line, []) for line in gone]

    def cell(lines):
        return "<br>".join([f"`{line}`" for line in lines]) or "known when compiling, or part of another line"
    return [f"| `{left}` | {cell(right)} |" for left, right in made]


def page() -> str:
    """The page's text."""
    compiled = program()
    fast = compiled.fast_source
    begin = fast.index("def net(")
    door = re.sub(r"\((X\.shape, X\.dtype), .*?\) !=", r"(\1, ...) !=", fast[begin:fast.index("    try:")])
    fresh = next(line.strip() for line in fast.splitlines() if line.strip().startswith("g_W2 = "))
    scale = next(line for line in fast.splitlines() if line.startswith("# number")).split("the number ")[1]
    return (BEGINNING.replace("{function}", FUNCTION).replace("{rows}", "\n".join(rows(compiled))).replace("{door}", door)
            .replace("{fresh}", fresh).replace("{scale}", scale))


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
