"""Pictures of a run: laid out once, in a model that every renderer and every check reads.

A layered layout puts each variable in a layer and each edge on a way that keeps clear of all boxes; a style says what a node shows.
"""
from .conventions import CONVENTIONS, check_convention
from .errors import DrawingError
from .grids import grid, shape_text
from .groups import repeats
from .layered import layered_layout
from .model import Box, Drawing, Edge
from .network import network
from .output import draw, draw_network, save, svg
from .paths import Path, count_paths, paths
from .styles import drawing

__all__ = ["CONVENTIONS", "Box", "Drawing", "DrawingError", "Edge", "Path", "check_convention", "count_paths", "draw", "draw_network", "drawing",
           "grid", "layered_layout", "network", "paths", "repeats", "save", "shape_text", "svg"]
