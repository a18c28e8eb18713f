"""Colours, as data: one palette for light pages, one for dark ones, one for printing without colour.

Blue and vermillion are those of Okabe and Ito, which colour-blind readers tell apart; gradients are signed and italic as well, so that
no meaning hangs on colour alone. Every text has a contrast of at least 4.5 : 1 on what it stands on.
"""
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ROLES = ("input", "parameter", "constant", "operation", "output", "gradient")

LIGHT = {"paper": "#ffffff", "ink": "#1f2328", "soft": "#57606a", "v": "#006fad", "g": "#b54400", "line": "#79828c", "border": "#57606a",
         "mark": "#0072b2", "mark_g": "#d55e00", "now": "#fff7cf", "frame": "#c3c9d0", "frame_fill": "#fafbfc", "operation": "#eaf2fc",
         "input": "#f1f2f4", "constant": "#f1f2f4", "parameter": "#fdf6dc", "output": "#fbeaea",
         "gradient": "#fdefe5", "heat_v": "#0072b2", "heat_g": "#d55e00", "cell": "#ffffff"}
DARK = {"paper": "#111418", "ink": "#e6e8eb", "soft": "#a3acb7", "v": "#6cc4f5", "g": "#ffa36b", "line": "#8b95a1", "border": "#8b95a1",
        "mark": "#6cc4f5", "mark_g": "#ffa36b", "now": "#453b0d", "frame": "#3b434d", "frame_fill": "#161a1f", "operation": "#1b2837",
        "input": "#23272d", "constant": "#23272d", "parameter": "#2f2a17", "output": "#38211f",
         "gradient": "#33241a", "heat_v": "#2f86bd", "heat_g": "#b8622c", "cell": "#14181d"}
PRINT = {"paper": "#ffffff", "ink": "#000000", "soft": "#444444", "v": "#000000", "g": "#000000", "line": "#000000", "border": "#000000",
         "mark": "#000000", "mark_g": "#000000", "now": "#e8e8e8", "frame": "#999999", "frame_fill": "#ffffff", "operation": "#ffffff",
         "input": "#ececec", "constant": "#ececec", "parameter": "#f6f6f6", "output": "#ffffff",
         "gradient": "#f2f2f2", "heat_v": "#777777", "heat_g": "#777777", "cell": "#ffffff"}
PALETTES: Mapping[str, Mapping[str, str]] = MappingProxyType({"light": LIGHT, "dark": DARK, "print": PRINT})

HEAT = 0.45                               # opacity of the tint of the largest entry
