"""Known mistakes as data, in the order in which an answer is compared with them.

A file of this folder is one subject, a declaration one mistake. A new file is found by itself and matched after those named in `ORDER`;
a misconception of your own is one call of `misconception`, anywhere.
"""
from __future__ import annotations

import pkgutil
from importlib import import_module

from .declare import MISCONCEPTIONS, Case, Misconception, Mistake, finished, fork, forward, layout, misconception, path, rule, title_of

ORDER = ("forks_and_paths", "gates", "functions", "finished_numbers", "arrays", "forward_values")


def load() -> None:
    """Import every file of this folder: its mistakes are then known."""
    others = sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name not in ORDER)
    for name in (*ORDER, *others):
        import_module(f"{__name__}.{name}")


load()

__all__ = ["MISCONCEPTIONS", "Case", "Misconception", "Mistake", "finished", "fork", "forward", "layout", "misconception", "path", "rule", "title_of"]
