"""The questions that come with the package. A file is a subject, a call one question; a new file in this folder is found by itself."""
from __future__ import annotations

import pkgutil
from importlib import import_module


def load() -> None:
    """Import every file of this folder, in alphabetical order: their questions are then known."""
    for name in sorted(m.name for m in pkgutil.iter_modules(__path__)):
        import_module(f"{__name__}.{name}")


load()
