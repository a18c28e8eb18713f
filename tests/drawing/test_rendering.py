"""Renderers: one model, SVG and matplotlib; text as text, titles, identical bytes, readable colours."""
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import backproplab as bl
from backproplab.drawing import DrawingError, drawing, save, svg
from backproplab.drawing.marks import wide
from backproplab.drawing.palette import DARK, HEAT, LIGHT, PALETTES, PRINT, ROLES
from tests.drawing.functions import every_run

RUNS = every_run()
NS = "{http://www.w3.org/2000/svg}"
STYLES = ["boxes", "variables", "gates", "derivatives"]


@pytest.mark.parametrize("style", STYLES)
def test_svg_is_one_well_formed_picture_with_text_and_titles(style):
    run = RUNS["classic"]
    root = ET.fromstring(svg(run, style=style))
    d = drawing(run, style=style)
    assert root.get("role") == "img" and root.get("aria-label") == d.title == root.find(f"{NS}title").text
    nodes = [g for g in root.iter(f"{NS}g") if g.get("class", "").startswith("n ")]
    assert [g.get("id").split("-", 1)[1] for g in nodes] == list(d.boxes)
    assert all(g.find(f"{NS}title").text for g in nodes)
    texts = ["".join(t.itertext()) for t in root.iter(f"{NS}text")]
    assert "412.2" in texts and "+404.9" in texts
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    used = {e.get("href")[1:] for e in root.iter(f"{NS}use")}
    assert used <= set(ids)


def test_two_pictures_in_one_page_share_no_identifier():
    one, two = (set(re.findall(r'id="([^"]+)"', svg(RUNS[n]))) for n in ("classic", "neuron"))
    assert not one & two


def test_every_rule_of_the_style_sheet_is_about_its_own_picture():
    text = svg(RUNS["mlp"])
    key = re.search(r'id="(bp\w+)"', text)[1]
    sheet = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    selectors = re.findall(r"([^{}]+)\{[^{}]*\}", sheet.replace("@media (prefers-color-scheme:dark){", ""))
    assert len(selectors) > 30
    assert [p for s in selectors for p in s.split(",") if not re.match(rf'(}}?|\[data-jp-theme-light="\w+"\] )#{key}', p)] == []


def test_themes():
    auto, light, dark, printed = (svg(RUNS["classic"], theme=t) for t in ("auto", "light", "dark", "print"))
    assert "prefers-color-scheme:dark" in auto and '[data-jp-theme-light="false"]' in auto and "prefers-color-scheme" not in light + dark + printed
    assert LIGHT["paper"] in light and DARK["paper"] in dark and PRINT["v"] in printed
    assert 'class="paper"' not in svg(RUNS["classic"], background=False)


def luminance(colour):
    parts = [int(colour[k:k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mixed(over, under, k):
    return "#" + "".join(f"{round(int(over[i:i + 2], 16) * k + int(under[i:i + 2], 16) * (1 - k)):02x}" for i in (1, 3, 5))


@pytest.mark.parametrize("theme", PALETTES)
def test_every_text_can_be_read_on_what_it_stands_on(theme):
    p = PALETTES[theme]
    pairs = [(text, p[under]) for text in ("ink", "v", "g") for under in ("paper", "now", *ROLES)] + [("soft", p["paper"]), ("soft", p["frame_fill"])]
    pairs += [("ink", mixed(p[f"heat_{r}"], p["cell"], HEAT)) for r in "vg"]
    assert {(a, b): contrast(p[a], b) for a, b in pairs if contrast(p[a], b) < 4.5} == {}
    assert contrast(p["line"], p["paper"]) >= 3


@pytest.mark.parametrize("kind", ["svg", "pdf", "png"])
def test_the_same_picture_has_the_same_bytes(kind, tmp_path):
    one, two = (save(RUNS["mlp"], tmp_path / f"{n}.{kind}", style=s) for n, s in (("a", "boxes"), ("b", "boxes")))
    assert one.read_bytes() == two.read_bytes() and len(one.read_bytes()) > 3000


def test_a_figure_takes_one_line(tmp_path):
    """A function with its inputs: what is no option of a drawing is an input."""
    def f(x, z):
        y = np.exp(x * z)
        return y
    made = svg(bl.trace(f, 2.0, 3.0), style="gates")
    assert made == svg(f, 2.0, 3.0, style="gates") == svg(f, x=2.0, z=3.0, style="gates") == svg(f, inputs={"x": 2.0, "z": 3.0}, style="gates")
    assert bl.draw(f, x=2.0, z=3.0)._repr_svg_() == bl.draw(bl.trace(f, 2.0, 3.0))._repr_svg_()
    assert save(f, tmp_path / "f.svg", x=2.0, z=3.0).stat().st_size > 1000
    assert bl.draw_network(lambda x, w: bl.sigmoid(w @ x), np.ones(2), w=np.ones(2), blocks=True).drawing.style == "blocks"


@pytest.mark.parametrize("call", [lambda r: bl.draw(r, colour="red"), lambda r: svg(r, colour="red"), lambda r: bl.draw_network(r, colour="red")])
def test_an_option_that_does_not_exist_is_named(call):
    with pytest.raises(DrawingError, match="(?s)colour= came with it.*The options are ") as caught:
        call(RUNS["neuron"])
    assert "weights" in str(caught.value) or "style" in str(caught.value)


def test_labels_are_drawn_after_all_edges():
    made = svg(bl.drawing.network((4, 3)))
    assert made.count('class="patch"') == 12 and made.rindex('class="l"') < made.index('class="patch"')
    labelled, plain = (len(bl.draw_network((4, 3), weights=w).findobj()) for w in (True, False))
    assert labelled - plain >= 2 * 12                                    # a patch and a formula for each weight


def test_formulas_are_written_as_the_conventions_chose():
    with bl.conventions("notes"):
        chosen = svg(RUNS["twice"], style="derivatives")
    assert chosen == svg(RUNS["twice"], style="derivatives", notation="leibniz") != svg(RUNS["twice"], style="derivatives")


def test_a_file_without_a_known_ending_is_refused(tmp_path):
    with pytest.raises(DrawingError, match=r"End the name in \.svg, \.pdf or \.png"):
        save(RUNS["classic"], tmp_path / "picture.docx")


def test_options_beside_a_finished_drawing_are_refused():
    with pytest.raises(DrawingError, match="options came with it: direction"):
        svg(drawing(RUNS["classic"]), direction="down")


def test_a_figure_is_a_figure_of_the_same_model():
    figure = bl.draw(RUNS["mlp"])
    from matplotlib.figure import Figure
    assert isinstance(figure, Figure) and figure._repr_svg_() == svg(RUNS["mlp"], theme="light")
    d = figure.drawing
    assert np.allclose(figure.get_size_inches() * 96, d.size)
    texts = {t.get_text() for t in figure.axes[0].texts}
    assert "grad 4×3" in texts and {c for row in d.nodes["W1"]["grid"]["cells"] for c in row} <= texts
    assert np.allclose(bl.draw(RUNS["mlp"], scale=2).get_size_inches(), 2 * figure.get_size_inches())


def test_the_figures_text_is_as_wide_as_the_layout_believes():
    figure = bl.draw(RUNS["mlp"])
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    figure.set_dpi(960)                                       # no hinting to whole pixels
    renderer = FigureCanvasAgg(figure).get_renderer()
    for t in figure.axes[0].texts:
        width = t.get_window_extent(renderer).width / 10
        assert width <= wide(t.get_text(), t.get_fontsize() * 96 / 72) + 1, t.get_text()


def test_a_notebook_shows_a_figure_by_itself():
    from IPython.core.formatters import DisplayFormatter
    shown, _ = DisplayFormatter().format(bl.draw(RUNS["classic"]))
    assert shown["image/svg+xml"].startswith("<svg")


SCRIPT = """
import sys, os
import backproplab as bl
fig = bl.draw(bl.trace(lambda x: x * x, 3.0))
fig.savefig(sys.argv[1])
assert "matplotlib.pyplot" not in sys.modules
print(os.path.getsize(sys.argv[1]))
"""


def test_a_script_without_a_screen_draws(tmp_path):
    clean = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "MPLBACKEND")}
    root = str(Path(__file__).parents[2])
    out = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path / "a.png")], env={**clean, "PYTHONPATH": root}, capture_output=True, text=True,
                         check=True)
    assert int(out.stdout) > 1000
