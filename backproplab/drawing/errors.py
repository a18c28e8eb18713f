"""What cannot be drawn."""
from __future__ import annotations

from ..engine.errors import BackpropError


class DrawingError(BackpropError, ValueError):
    """A picture that cannot be made as it was asked for."""
