"""What a derivation shows in JupyterLab: MathJax reads all of it, in the light and in the dark."""

import backproplab as bl
from backproplab.notation import NOTATIONS, Setting, derivation, derivative_steps, latex, letter
from tests import browser as driving
from tests import notebook_files
from tests.notation.reference import CASES, run
from tests.notation.test_typesetting import HOSTILE

# MathJax puts the MathML of what it shows beside it: what it cannot read is an error there, or red.
_WRONG = """() => [...document.querySelectorAll('math merror, math mtext[mathcolor="red"]')]
    .map(e => e.getAttribute('data-mjx-error') || e.textContent)"""


def notebook(*formulas):
    """A notebook with a cell that has shown LaTeX already: nothing is run."""
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {"text/latex": tex, "text/plain": ""}} for tex in formulas]
    assert len(outputs) < 50, "JupyterLab shows no more of one cell"
    return notebook_files.notebook(notebook_files.code_cell("formulas", 1, outputs))


def gathered(texs):
    """Many formulas in a few outputs."""
    texs = list(dict.fromkeys(texs))
    return ["$\\begin{array}{l}" + " \\\\ ".join(texs[k:k + 120]) + "\\end{array}$" for k in range(0, len(texs), 120)]


def every_formula():
    whole, lines = [], []
    ways = ({}, {"notation": "leibniz", "chain": True}, {"notation": "bar", "vectors": "row", "shapes": True}, {"notation": "code", "raw": True},
            {"notation": "delta", "layout": "numerator"}, {"notation": "nabla", "numbers": True})
    assert {w.get("notation", "g") for w in ways} == set(NOTATIONS)
    for k, name in enumerate(CASES):
        d = derivation(run(name), **ways[k % len(ways)])
        lines += [line.latex for line in [*d.forward, *d.backward]]
        whole += [d._repr_latex_()] if k < 12 else [derivation(d.run, table=True, chain=True)._repr_latex_()] if k < 16 else []
    lines += [latex(letter(n)) for n in HOSTILE]
    lines += [latex(Setting({n: 0}, {"g_" + n: n}).gradient(n)) for n in HOSTILE if n]
    return [*whole, derivative_steps("sigmoid", "b", "s")._repr_latex_(), *gathered(lines)]


def shown(page, lab_server, formulas, name):
    """What MathJax could not read."""
    notebook_files.write(lab_server.root / name, notebook(*formulas))
    driving.open_notebook(page, lab_server, name)
    page.wait_for_function("n => document.querySelectorAll('.jp-OutputArea-output mjx-container').length >= n", arg=len(formulas), timeout=60_000)
    return page.evaluate(_WRONG)


def test_mathjax_reads_every_formula(page, lab_server):
    assert shown(page, lab_server, every_formula(), "formulas.ipynb") == []


def test_a_formula_that_mathjax_cannot_read_is_noticed(page, lab_server):
    assert shown(page, lab_server, ["$x$", "$\\frac{a}$", "$\\nosuchcommand$"], "wrong.ipynb") == ["Missing argument for \\frac", "\\nosuchcommand"]


def test_a_derivation_is_readable_in_both_themes(page, lab_server):
    """The formulas take the ink of the theme: as much contrast with the page as its own text has."""
    assert shown(page, lab_server, [bl.derivation(run("cmu_exp_x2_z3"))._repr_latex_()], "themes.ipynb") == []
    for dark in (True, False):
        driving.use_theme(page, dark)
        ink = page.evaluate("getComputedStyle(document.querySelector('.jp-OutputArea-output mjx-container')).color")
        assert ink == page.evaluate("getComputedStyle(document.querySelector('.jp-OutputArea-output')).color")
        light = sum(int(c) for c in ink[ink.index("(") + 1:-1].split(",")[:3]) / 3
        assert light > 170 if dark else light < 90
