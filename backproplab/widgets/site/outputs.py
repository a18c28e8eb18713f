"""The outputs of a lesson's cells as HTML: text as printed, pictures as data, formulas set, widgets live."""
from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..hosting import Hosted
from .prose import Prose

VIEW = "application/vnd.jupyter.widget-view+json"
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CONTAINERS = {"BoxModel", "HBoxModel", "VBoxModel", "GridBoxModel", "TabModel", "AccordionModel", "StackModel"}
_TEXTS = {"HTMLModel", "HTMLMathModel", "LabelModel"}
# What a control is called in a sentence; others by the name of their kind.
_CONTROLS = {"IntSlider": "slider", "FloatSlider": "slider", "FloatLogSlider": "slider", "SelectionSlider": "slider", "IntRangeSlider": "slider",
             "Button": "button", "Checkbox": "checkbox", "ToggleButton": "button", "Dropdown": "choice", "Select": "choice", "RadioButtons": "choice",
             "ToggleButtons": "choice", "Text": "field", "IntText": "field", "FloatText": "field", "BoundedIntText": "field",
             "BoundedFloatText": "field", "Textarea": "field", "Play": "player", "IntProgress": "progress bar", "FloatProgress": "progress bar"}


class Outputs:
    """Turns the outputs of one notebook into HTML.

    Parameters
    ----------
    prose : Prose
    hosted : Hosted
        Takes in the widgets that are shown.
    models : mapping
        What `executed` found: model id -> the state of a widget.
    """

    def __init__(self, prose: Prose, hosted: Hosted, models: Mapping[str, Mapping[str, Any]]) -> None:
        self.prose, self.hosted, self.models = prose, hosted, models
        self._names: dict[str, str] = {}            # model id -> the widget's name in the page

    def html(self, outputs: Sequence[Mapping[str, Any]], source: str) -> str:
        """All outputs of a cell; `source` says what a picture shows, for those who do not see it."""
        return "\n".join(filter(None, (self._output(output, source) for output in _joined(outputs))))

    def _output(self, output: Mapping[str, Any], source: str) -> str:
        kind = output["output_type"]
        if kind == "stream":
            return _printed(output["text"], "bs-warns" if output["name"] == "stderr" else "")
        if kind == "error":
            return _printed("\n".join(output["traceback"]), "bs-warns")
        data = output["data"]
        words = data.get("text/plain", "")
        if VIEW in data:
            return self._widget(data[VIEW]["model_id"], words)
        if "text/html" in data:
            return f'<div class="bs-html">{data["text/html"]}</div>'
        if "text/markdown" in data:
            return f'<div class="bs-prose">{self.prose.markdown(data["text/markdown"])}</div>'
        if "text/latex" in data:
            tex = data["text/latex"].strip().removeprefix("$").removesuffix("$").removeprefix("$").removesuffix("$")
            return f"<div>{self.prose.formula(tex, True, words)}</div>"
        for picture in ("image/svg+xml", "image/png", "image/jpeg", "image/gif"):
            if picture in data:
                return _picture(picture, data[picture], output.get("metadata", {}).get(picture, {}), source)
        return _printed(words)

    # ---- widgets ---------------------------------------------------------------------------------------------------------

    def _widget(self, model_id: str, words: str) -> str:
        """A widget that brings its own script is live; boxes are opened; for controls that ask the kernel a sentence says what they would do."""
        live, controls = [], []
        for part in self._opened(model_id):
            state, name = self.models[part]["state"], self.models[part].get("model_name", "")
            if "_esm" in state:
                if part not in self._names:
                    self._names[part] = self.hosted.add(state["_esm"], state.get("_css") or "", state)
                live.append(self.hosted.place(self._names[part], words))
            elif name in _TEXTS:
                live.append(f'<p>{state["value"] if name != "LabelModel" else html.escape(state["value"])}</p>')
            elif name == "OutputModel":
                live.append(self.html(state.get("outputs", []), words))
            else:
                controls.append(_control(name.removesuffix("Model"), state))
        if controls or not live:
            live.append(_needs_python(controls, words))
        return "\n".join(live)

    def _opened(self, model_id: str, above: tuple[str, ...] = ()) -> Iterable[str]:
        """The widgets inside boxes, in order."""
        model = self.models.get(model_id)
        if model is None or model_id in above:
            return
        if model.get("model_name") not in _CONTAINERS:
            yield model_id
            return
        for child in model["state"].get("children", []):
            yield from self._opened(child.removeprefix("IPY_MODEL_"), (*above, model_id))


def _control(kind: str, state: Mapping[str, Any]) -> str:
    """slider "learning rate" at 0.1."""
    labels = state.get("_options_labels")
    value = labels[state["index"]] if labels and isinstance(state.get("index"), int) else state.get("value")
    title = state.get("description") or ""
    return " ".join(filter(None, [_CONTROLS.get(kind, kind or "control"), f"“{title}”" if title else "",
                                  f"at {value}" if isinstance(value, (int, float, str)) and not isinstance(value, bool) and value != "" else ""]))


def _needs_python(controls: Sequence[str], words: str) -> str:
    what = ", ".join(controls) or words or "a widget"
    return (f'<p class="bs-note">In JupyterLab this is here to be used: {html.escape(what)}. It has something computed anew, '
            "for which this page has no Python.</p>")


# ---- text and pictures --------------------------------------------------------------------------------------------------------

def _joined(outputs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Pieces that were printed one after the other as one."""
    out: list[dict[str, Any]] = []
    for output in outputs:
        if out and output["output_type"] == "stream" and out[-1].get("name") == output["name"]:
            out[-1]["text"] += output["text"]
        else:
            out.append(dict(output))
    return out


def _printed(text: str, kind: str = "") -> str:
    text = _COLOURS.sub("", text).replace("\r\n", "\n").rstrip()
    if not text:
        return ""
    shown = "\n".join(line.rpartition("\r")[2] for line in text.split("\n"))       # a line written over shows its last state
    return f'<pre class="bs-out bs-scroll{kind and " " + kind}"><samp>{html.escape(shown)}</samp></pre>'


def _picture(kind: str, content: str, size: Mapping[str, Any], source: str) -> str:
    """A picture on paper: its colours are chosen for a light ground."""
    words = html.escape(f"Picture made by: {source.strip().splitlines()[-1].strip()}" if source.strip() else "Picture")
    if kind == "image/svg+xml":
        drawing = content[content.index("<svg"):]
        named = "" if 'role="img"' in drawing[:drawing.index(">")] else f' role="img" aria-label="{words}"'
        return f'<div class="bs-paper"{named}>{drawing}</div>'
    width = f' width="{int(size["width"])}"' if "width" in size else ""
    return f'<div class="bs-paper"><img src="data:{kind};base64,{"".join(content.split())}" alt="{words}"{width}></div>'
