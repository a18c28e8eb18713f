"""Parts of a script are joined in order, without imports; a circle is refused."""
import re
from pathlib import Path

import pytest

from backproplab.notation.letters import GREEK
from backproplab.widgets import modules
from tests.widgets import nodes

FOLDER = Path(modules.__file__).parent
ENTRIES = sorted(path.name for path in (FOLDER / "js").glob("*.js") if "export default { render };" in path.read_text(encoding="utf-8"))
each_entry = pytest.mark.parametrize("entry", ENTRIES)


def test_every_part_stands_before_those_that_use_it():
    parts = modules.order("stepper.js")
    assert parts[-1] == "stepper.js" and len(parts) == len(set(parts)) > 5
    for k, part in enumerate(parts):
        assert set(modules._IMPORT.findall(modules._text("js", part))) <= set(parts[:k])


def test_the_joined_script_is_one_module_without_imports():
    text = modules.script("stepper.js")
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == ["export default { render };"]


@each_entry
def test_no_two_parts_declare_the_same_name(entry):
    """Joined, they share one scope; node and browsers would refuse the second declaration."""
    names = []
    for part in modules.order(entry):
        names += re.findall(r"^(?:export )?(?:const|let|function|class) (\w+)", modules._text("js", part), re.MULTILINE)
    assert sorted(names) == sorted(set(names))


@each_entry
def test_the_joined_script_is_read_by_a_browser(entry, tmp_path):
    """Of several constants declared in one line, the check above sees the first alone."""
    assert nodes.run(entry, "console.log(1);", None, tmp_path) == 1


def test_a_circle_of_imports_is_refused(monkeypatch):
    texts = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}
    monkeypatch.setattr(modules, "_text", lambda folder, name: texts[name])
    with pytest.raises(ValueError, match=r"a\.js imports itself by way of b\.js"):
        modules.order("a.js")


def test_greek_letters_on_the_rail_are_those_of_the_formulas():
    table = re.search(r"const GREEK = \{(.*?)\};", modules._text("js", "dom.js"), re.DOTALL)
    assert dict(re.findall(r'(\w+): "(.)"', table[1])) == GREEK


SHEETS = sorted({path.name for path in (FOLDER / "css").glob("*.css")} - {"base.css", "site.css"})      # site.css is the page's, and comes once


def redone(base: str, sheet: str) -> set[str]:
    """Classes that a sheet styles again in rules no weightier than base.css's own: a second base.css, of a widget below, would undo them."""
    alone = [{one.strip() for rule in re.findall(r"([^{}]+)\{[^{}]*\}", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
              for one in rule.split(",") if re.fullmatch(r"\s*\.[\w-]+\s*", one)} for text in (base, sheet)]
    return alone[0] & alone[1]


def test_two_widgets_in_one_page_look_as_each_does_alone():
    base = modules.style("base.css")
    assert {name: redone(base, modules.style(name)) for name in SHEETS} == dict.fromkeys(SHEETS, set())
    assert redone(base, "@container bp (max-width: 599px) { .bp-button { width: 1px; } }") == {".bp-button"}
