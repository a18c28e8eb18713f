"""The gallery: every style and every notation on eight reference graphs, as one page to look at, light and dark.

    python tests/gallery/make.py [index.html]
"""
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import backproplab as bl  # noqa: E402
from backproplab.drawing import Box, Drawing, DrawingError, drawing, network, svg  # noqa: E402
from backproplab.drawing.checks import faults  # noqa: E402
from backproplab.drawing.marks import Formula  # noqa: E402
from backproplab.notation import NOTATIONS, Glyphs  # noqa: E402
from backproplab.notation.layout import Row, sign  # noqa: E402
from tests.drawing.functions import case_runs, odd_runs  # noqa: E402

GRAPHS = {"classic": "e to the power x z, and its forks", "neuron": "a neuron, gate by gate",
          "cmu_two_hidden": "two hidden layers", "cmu_cos_sin_0": "cos of a sum",
          "mlp": "two layers in matrices, with a penalty", "residual": "a residual block", "rowvec_multiple_paths": "several paths",
          "soft": "softmax and its loss"}
GATES = {"neuron": {"groups": {"sigmoid": ["t1", "t2", "t3", "out"]}}}
CSS = """body{margin:0;font:14px/1.5 system-ui,sans-serif}section{padding:24px 32px}
.light{background:#fff;color:#1f2328}.dark{background:#111418;color:#e6e8eb}
h1{font-size:26px;font-weight:600;padding:24px 32px 0;margin:0}
h2{font-size:20px;font-weight:600;margin:0 0 4px}
figure{display:inline-block;margin:12px 32px 12px 0;vertical-align:top;max-width:100%}
figcaption{font-size:12px;opacity:.7;margin-bottom:6px}pre{font-size:12px}"""


def derivation(run, notation, theme):
    """The backward pass in one notation, typeset."""
    glyphs, marks, y = Glyphs(), [], 0.0
    lines = [(glyphs.formula(line.name, 17), glyphs.formula(Row((sign("="), line.formula or line.sides[0])), 17))
             for line in bl.derivation(run, notation=notation).backward]
    left = max(name["w"] for name, _ in lines) + 4                        # the equals signs stand under each other
    for name, formula in lines:
        y += max(name["up"], formula["up"]) + 8
        marks += [Formula(name, left - name["w"], y), Formula(formula, left + 5, y)]
        y += max(name["down"], formula["down"]) + 4
    width = left + max(formula["w"] for _, formula in lines) + 9
    box = Box("derivation", "operation", "plain", 0, 0, width, y + 6, tuple(marks), (), "the backward pass")
    title = f"The backward pass of {run.name} in the notation {notation}"
    return svg(Drawing(title, "derivation", False, (width, y + 6), {"derivation": box}, {}, glyphs.outlines), theme=theme)


def pictures(name, run):
    """(caption, drawing) of one graph in every style that fits it."""
    fork = max(run.variables.values(), key=lambda v: len(v.uses)).name
    yield "boxes", drawing(run)
    yield f"boxes: the backward step at {fork}", drawing(run, backward=fork)
    yield "boxes, top to bottom", drawing(run, direction="down")
    yield f"boxes: all paths from {next(iter(run.inputs))}", drawing(run, path=next(iter(run.inputs)), numbers=False)
    yield "variables", drawing(run, style="variables")
    yield "gates", drawing(run, style="gates", groups={}, wrap=1300)
    if name in GATES:
        yield "gates, a group folded", drawing(run, style="gates", **GATES[name])
        yield "gates, a group opened", drawing(run, style="gates", opened=list(GATES[name]["groups"]), **GATES[name])
    yield "derivative nodes", drawing(run, style="derivatives", groups={})
    try:
        yield "neural network", network(run)
        yield "blocks", network(run, blocks=True)
    except DrawingError:
        pass


def page():
    runs = {**case_runs(), **odd_runs()}
    out = ["<!doctype html><meta charset=utf-8><title>Gallery</title>", f"<style>{CSS}</style><h1>Every style, every notation</h1>"]
    for k, (name, title) in enumerate(GRAPHS.items()):
        theme = "dark" if k % 2 else "light"
        out.append(f'<section class="{theme}"><h2>{escape(title)}</h2>')
        for caption, made in pictures(name, runs[name]):
            wrong = faults(made)
            note = f" <b>{len(wrong)} faults: {escape(wrong[0])}</b>" if wrong else ""
            out.append(f"<figure><figcaption>{escape(caption)}{note}</figcaption>{svg(made, theme=theme, background=False)}</figure>")
        for notation in NOTATIONS:
            out.append(f"<figure><figcaption>notation {notation}</figcaption>{derivation(runs[name], notation, theme)}</figure>")
        out.append("</section>")
    return "\n".join(out)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "index.html"
    target.write_text(page(), encoding="utf-8")
    print(f"{target}: {len(target.read_bytes()) // 1000} kB")
