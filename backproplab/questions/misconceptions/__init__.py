"""Known mistakes as data, in the order in which an answer is compared with them.

A file of this folder is one subject, a declaration one mistake. A misconception of your own is one call of `misconception`, anywhere.
"""
from . import forks_and_paths, gates, functions, finished_numbers, arrays, forward_values  # noqa: F401, I001  (their order is the order of matching)
from .declare import MISCONCEPTIONS, Case, Misconception, Mistake, finished, fork, forward, layout, misconception, path, rule

__all__ = ["MISCONCEPTIONS", "Case", "Misconception", "Mistake", "finished", "fork", "forward", "layout", "misconception", "path", "rule"]
