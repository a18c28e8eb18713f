"""Pictures of a run: laid out once, in a model that every renderer and every check reads.

A layered layout puts each variable in a layer and each edge on a way that keeps clear of all boxes; a style says what a node shows.
"""
from .errors import DrawingError
from .grids import grid, shape_text
from .layered import layered_layout
from .model import Box, Drawing, Edge
from .output import draw, save, svg
from .styles import drawing

__all__ = ["Box", "Drawing", "DrawingError", "Edge", "draw", "drawing", "grid", "layered_layout", "save", "shape_text", "svg"]
