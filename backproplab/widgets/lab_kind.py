"""What tells the labs apart: which settings a lab has, how they are presented, and which of the experiments' models it asks."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..engine.errors import InputError, listed
from ..experiments.settings import Settings
from .lab_controls import Control

Result = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """Long work that is done when it is asked for: what its button says, what it is doing, and what does it."""

    button: str
    doing: str
    make: Callable[..., Any]


@dataclass(frozen=True)
class Kind:
    """What makes a lab.

    Attributes
    ----------
    function : str
        The function that opens it.
    title, lead : str
        What its page says first.
    settings : type
        Its class of settings.
    presets : dict of str to Settings
    controls : tuple of Control
    first : callable
        (settings) -> result: quick enough for a slider. Its ``ask["right"]`` is None where only `later` can tell.
    later : callable
        (settings, result, progress, cancel) -> what to add to the result, with `words`; it may take its time.
    doing : str
        What it does then: "Training".
    tasks : dict of str to Task
        Long work on demand; its outcome is added to the result under the task's name.
    other : callable
        (settings) -> what to compare them with at first.
    at_once : bool
        `later` is quick enough to be done for all presets when a lab is made.
    page : tuple of Settings
        What a saved page shows beside the presets.
    """

    function: str
    title: str
    lead: str
    settings: type[Settings]
    presets: Mapping[str, Settings]
    controls: tuple[Control, ...]
    first: Callable[[Any], Result]
    later: Callable[..., Result]
    doing: str
    tasks: Mapping[str, Task]
    other: Callable[[Any], Settings]
    at_once: bool = True
    page: tuple[Settings, ...] = field(default=())

    def read(self, given: Any, **changes: Any) -> Settings:
        """Settings from a record of them, a code, the name of a preset, or nothing; then with changes.

        Raises
        ------
        InputError, UnknownNameError
            For what is none of these, and for values that cannot be.
        """
        if isinstance(given, str):
            given = given.replace("−", "-")                                      # a button shows a minus sign: what it says can be typed
        if isinstance(given, str) and given in self.presets:
            made = self.presets[given]
        elif isinstance(given, str):
            if given.strip() and given.split()[0] != self.settings.title and "=" not in given:
                raise InputError(f"opening {self.function}({given!r})", "that is neither a preset nor a code",
                                 f"The presets are {listed(map(repr, self.presets))}; a code looks like "
                                 f"{next(iter(self.presets.values())).code!r}.")
            made = self.settings.from_code(given)
        elif given is None:
            made = next(iter(self.presets.values()))
        elif isinstance(given, self.settings):
            made = given
        else:
            raise InputError(f"opening {self.function}({type(given).__name__})", "that is neither a preset nor a code nor settings",
                             f"Write {self.function}({next(iter(self.presets))!r}).")
        known = [f.name for f in fields(self.settings)]
        for name in changes:
            if name not in known:
                raise InputError(f"opening {self.function}", f"{name}={changes[name]!r} is no setting", f"The settings are {listed(known)}.")
        return made.but(**self.cast(changes))

    def cast(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as they come from a page, where 1 and 1.0 are the same."""
        kinds = {f.name: f.type for f in fields(self.settings)}
        return {n: float(v) if kinds.get(n) == "float" and isinstance(v, int) and not isinstance(v, bool) else
                int(v) if kinds.get(n) == "int" and isinstance(v, float) and v.is_integer() else v for n, v in values.items()}
