"""Build hook: the wheel carries the lessons as backproplab/_lessons, with their outputs cleared, and the exercises as backproplab/_exercises.

The repository and the sdist hold the executed originals, which the tests compare number by number; a learner must not see them. An
editable install reads the originals, and `backproplab lab` clears its copies with the same function.
"""
from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ClearedLessons(BuildHookInterface):
    """Writes the cleared copies to a temporary folder and has the wheel include them from there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        lessons = _lessons_module(root)
        found = lessons.lesson_files(root / "notebooks" / "lessons")
        if not found:
            raise RuntimeError("There are no lessons in notebooks/lessons, and a wheel without them is of no use to a learner.")
        self._folder = tempfile.TemporaryDirectory(prefix="backproplab-lessons-")
        for place, notebooks in {"_lessons": found, "_exercises": lessons.lesson_files(root / "notebooks" / "exercises")}.items():
            (Path(self._folder.name) / place).mkdir()
            for notebook in notebooks:
                copy = Path(self._folder.name) / place / notebook.name
                copy.write_bytes(lessons.cleared_bytes(notebook))
                build_data["force_include"][str(copy)] = f"backproplab/{place}/{notebook.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()


def _lessons_module(root: Path) -> ModuleType:
    """backproplab/lessons.py on its own: importing the package would ask for NumPy, which a build environment lacks."""
    spec = importlib.util.spec_from_file_location("backproplab_lessons", root / "backproplab" / "lessons.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module     # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
