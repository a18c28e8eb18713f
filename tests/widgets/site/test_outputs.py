"""Outputs as HTML: what JupyterLab would show, and for what needs Python a sentence."""
import base64
import json
import re
import zlib

import pytest

from backproplab.widgets.hosting import Hosted
from backproplab.widgets.site.mathematics import Mathematics
from backproplab.widgets.site.outputs import VIEW, Outputs
from backproplab.widgets.site.prose import Prose

LIVE = {"model_name": "AnyModel", "state": {"_esm": "export default {}", "_css": ".a {}", "state": {"x": 1}, "layout": "IPY_MODEL_l"}}
MODELS = {
    "live": LIVE, "other": LIVE | {"state": LIVE["state"] | {"state": {"x": 2}}},
    "slider": {"model_name": "FloatSliderModel", "state": {"description": "learning rate", "value": 0.1}},
    "choice": {"model_name": "DropdownModel", "state": {"description": "", "index": 1, "_options_labels": ["tanh", "ReLU"]}},
    "button": {"model_name": "ButtonModel", "state": {"description": "<b>Train</b>"}},
    "words": {"model_name": "HTMLModel", "state": {"value": "<b>bold</b>"}}, "label": {"model_name": "LabelModel", "state": {"value": "a < b"}},
    "box": {"model_name": "VBoxModel", "state": {"children": ["IPY_MODEL_slider", "IPY_MODEL_inner", "IPY_MODEL_button"]}},
    "inner": {"model_name": "HBoxModel", "state": {"children": ["IPY_MODEL_live", "IPY_MODEL_label"]}},
    "circle": {"model_name": "HBoxModel", "state": {"children": ["IPY_MODEL_circle", "IPY_MODEL_words"]}},
    "output": {"model_name": "OutputModel", "state": {"outputs": [{"output_type": "stream", "name": "stdout", "text": "inside"}]}},
}


@pytest.fixture
def outputs(tmp_path):
    return Outputs(Prose(Mathematics(), tmp_path, {}), Hosted(), MODELS)


def shown(outputs, source="f(x)", **data):
    return outputs.html([{"output_type": "display_data", "metadata": {}, "data": {k.replace("__", "/"): v for k, v in data.items()}}], source)


def widget(outputs, name):
    return outputs.html([{"output_type": "display_data", "metadata": {}, "data": {VIEW: {"model_id": name}, "text/plain": f"<{name}>"}}], "w")


def printed(*texts, name="stdout"):
    return [{"output_type": "stream", "name": name, "text": text} for text in texts]


def unpacked(scripts):
    """The values of the widgets, from the elements that hold them."""
    return json.loads(zlib.decompress(base64.b64decode(re.search('id="widgets">([^<]*)<', scripts)[1])))


def test_printed_text_is_joined_and_stays_text(outputs):
    assert outputs.html(printed("a <b>", "c\n"), "") == '<pre class="bs-out bs-scroll"><samp>a &lt;b&gt;c</samp></pre>'
    assert outputs.html(printed("  \n"), "") == ""


def test_a_line_written_over_shows_its_last_state_and_colours_are_left_out(outputs):
    assert "<samp>20 %\n done</samp>" in outputs.html(printed("10 %\r20 %\n \x1b[31mdone\x1b[0m\n"), "")


def test_warnings_and_errors_are_marked(outputs):
    assert "bs-warns" in outputs.html(printed("careful", name="stderr"), "") and "bs-warns" not in outputs.html(printed("fine"), "")
    error = {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[0;31mE\x1b[0m: v"]}
    assert "bs-warns" in outputs.html([error], "") and "<samp>E: v</samp>" in outputs.html([error], "")


def test_the_richest_form_is_shown(outputs):
    assert shown(outputs, text__plain="plain", text__html="<b>rich</b>") == '<div class="bs-html"><b>rich</b></div>'
    assert "<em>rich</em>" in shown(outputs, text__plain="plain", text__markdown="*rich*")
    assert "<samp>plain</samp>" in shown(outputs, text__plain="plain")


def test_a_derivation_is_set_and_said_as_text(outputs):
    html = shown(outputs, text__plain="g_x = 2", text__latex="$\\displaystyle g_x = 2$")
    assert "<svg" in html and '<span class="bp-sr">g_x = 2</span>' in html


def test_pictures_have_words(outputs):
    assert 'alt="Picture made by: bl.draw(&quot;a&quot;)"' in shown(outputs, 'x = 1\nbl.draw("a")', image__png="QUJD\n")
    assert 'src="data:image/png;base64,QUJD"' in shown(outputs, image__png="QUJD\n")
    drawing = '<svg role="img" aria-label="A graph"></svg>'
    assert shown(outputs, **{"image__svg+xml": f"<?xml?>{drawing}"}) == f'<div class="bs-paper">{drawing}</div>'
    assert 'role="img" aria-label="Picture made by: f(x)"' in shown(outputs, **{"image__svg+xml": "<svg></svg>"})


def test_a_widget_with_a_script_of_its_own_is_live_and_two_views_share_its_model(outputs):
    first, second, other = widget(outputs, "live"), widget(outputs, "live"), widget(outputs, "other")
    assert first == second == '<div class="bp-place" data-widget="w1">&lt;live&gt;</div>' and 'data-widget="w2"' in other
    scripts = outputs.hosted.scripts
    assert scripts.count("export default {}") == 1 and outputs.hosted.style == ".a {}" and unpacked(scripts)["w1"]["values"] == {"state": {"x": 1}}


def test_boxes_are_opened_and_controls_are_told_in_a_sentence(outputs):
    html = widget(outputs, "box")
    assert 'data-widget="w1"' in html and "<p>a &lt; b</p>" in html
    assert "to be used: slider “learning rate” at 0.1, button “&lt;b&gt;Train&lt;/b&gt;”. It" in html and html.count("bs-note") == 1
    assert "choice at ReLU" in widget(outputs, "choice") and "bold" in widget(outputs, "words") and "inside" in widget(outputs, "output")


def test_what_the_run_did_not_keep_is_told_by_its_text(outputs):
    assert "to be used: &lt;gone&gt;" in widget(outputs, "gone")


def test_a_box_in_itself_ends(outputs):
    assert widget(outputs, "circle") == "<p><b>bold</b></p>"
