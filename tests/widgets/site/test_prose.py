"""Text cells as HTML: Markdown and formulas as JupyterLab shows them; links stay in the site, pictures come along, nothing else does."""
import base64
import re

import pytest

from backproplab.widgets.site.mathematics import Mathematics
from backproplab.widgets.site.prose import Prose, highlighted, slug

PAGES = {"05_next.ipynb": "05_next.html"}


@pytest.fixture
def prose(tmp_path):
    (tmp_path / "dot.png").write_bytes(b"\x89PNG")
    return Prose(Mathematics(), tmp_path, PAGES)


@pytest.mark.parametrize("text, formulas", [
    (r"where $a_1 b_1$ and $a_2 b_2$ are", ["$a_1 b_1$", "$a_2 b_2$"]), ("$$y = x$$", ["$$y = x$$"]),
    ("$$\ny = x\n+ 1\n= 2\n$$", ["$$y = x\n+ 1\n= 2$$"]),
    ("*so $a*b$ is*", ["$a*b$"]), ("| a |\n|---|\n| $x$ |", ["$x$"]), ("- one $x$\n- two", ["$x$"]),
    ("# Title $x$", ["$x$"]), ("in $$x$$ line", ["$$x$$"]),
    ("\\begin{align}\na &= b\n\\end{align}", [r"$$\begin{align}" "\na &amp;= b\n" r"\end{align}$$"]),
    (r"it costs \$5 and \$6", []), ("`$x$`", []), ("    $x$", []), ("a $ b $ c", []), ("$5 and $6", []),
])
def test_formulas_are_found_where_jupyterlab_finds_them(prose, text, formulas):
    html = prose.markdown(text)
    assert re.findall(r'<span class="bp-sr">(.*?)</span>', html, re.DOTALL) == formulas and html.count("<svg") == len(formulas)


def test_a_formula_that_cannot_be_set_is_shown_as_its_source_and_told(prose):
    html = prose.markdown(r"Look: $\nosuch{x} < 1$.")
    assert r"\nosuch{x} &lt; 1</code>" in html and len(prose.notes) == 1 and r"\nosuch" in prose.notes[0]


@pytest.mark.parametrize("text, html", [
    ("[a](05_next.ipynb)", '<a href="05_next.html">a</a>'), ("[a](05_next.ipynb#What-now)", '<a href="05_next.html#what-now">a</a>'),
    ("[a](../lessons/05_next.ipynb)", '<a href="05_next.html">a</a>'), ("[a](06_other.ipynb)", "a"), ("[a](../README.md)", "a"),
    ("[a](#Predict-first)", '<a href="#predict-first">a</a>'), ("[a](https://example.org/x)", '<a href="https://example.org/x">a</a>'),
    ("[a](javascript:alert(1))", "a"), ("[a](file:///x)", "a"), ("[a](//example.org/x)", "a"),
])
def test_a_link_leads_to_a_page_of_the_site_or_outside_or_is_text(prose, text, html):
    assert prose.markdown(text) == f"<p>{html}</p>\n"


def test_headings_have_the_anchors_that_links_use(prose):
    assert '<h2 id="predict-first">' in prose.markdown("## Predict first") and slug("What now?") == "what-now"


def test_pictures_come_along_as_data(prose):
    data = base64.b64encode(b"\x89PNG").decode()
    assert f'<img src="data:image/png;base64,{data}" alt="a dot">' in prose.markdown("![a dot](dot.png)")
    assert '<img src="data:image/png;base64,QUJD" alt="kept">' in prose.markdown("![kept](attachment:k.png)", {"k.png": {"image/png": "QUJD"}})
    assert prose.notes == []


@pytest.mark.parametrize("address", ["nowhere.png", "https://example.org/a.png", "attachment:none.png", "../../secret.txt"])
def test_a_picture_that_is_not_there_is_its_words_and_told(prose, address):
    assert prose.markdown(f"![a dot]({address})") == "<p><em>a dot</em></p>\n" and len(prose.notes) == 1


def test_code_is_marked_and_stays_text():
    assert highlighted("x = '<b>'") == '<span class="n">x</span> <span class="o">=</span> <span class="s1">\'&lt;b&gt;\'</span>'
    assert highlighted("<b>", "no such language") == "&lt;b&gt;"
    assert re.sub("<.*?>", "", highlighted("\n\ndef f(x):\n    return x\n")) == "\n\ndef f(x):\n    return x"
