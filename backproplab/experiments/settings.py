"""The settings of an experiment: a frozen dataclass of names and numbers, and the short code that stands for it.

A code such as ``vanishing depth=30 seed=4`` holds what differs from the default. Learners paste it to each other.
"""
from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar, NamedTuple, TypeVar

from ..engine.errors import InputError, UnknownNameError, listed, near_names

S = TypeVar("S", bound="Settings")


class Limits(NamedTuple):
    """What a setting may be: a number from `least` to `most`, or one of `names`."""

    least: float = 0
    most: float = 0
    names: tuple[Any, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Settings:
    """Base of the experiments' settings. A subclass says its `title`, and the `limits` of each field.

    Raises
    ------
    InputError
        When made with a value that cannot be.
    """

    title: ClassVar[str] = ""
    limits: ClassVar[dict[str, Limits]] = {}

    def __post_init__(self) -> None:
        for field in fields(self):
            self._check(field.name, field.type, getattr(self, field.name))

    def _check(self, name: str, kind: Any, value: Any) -> None:
        limits = self.limits[name]
        attempted = f"setting up the experiment {self.title!r}"
        if limits.names:
            if value not in limits.names:
                raise InputError(attempted, f"{name}={value!r}", f"{name} is {listed(limits.names, 'or')}. {limits.why}".rstrip())
            return
        whole = kind == "int"
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)) or not limits.least <= value <= limits.most:
            raise InputError(attempted, f"{name}={value!r}",
                             f"{name} is a {'whole number' if whole else 'number'} from {limits.least:g} to {limits.most:g}. {limits.why}".rstrip())

    @property
    def code(self) -> str:
        """The settings as a short text: the title, and what differs from the default."""
        told = [f"{f.name}={str(getattr(self, f.name)).replace(' ', '_')}" for f in fields(self) if getattr(self, f.name) != f.default]
        return " ".join([self.title, *told])

    @classmethod
    def from_code(cls: type[S], code: str) -> S:
        """The settings that a code stands for.

        Parameters
        ----------
        code : str
            As `code` gives it; order and spacing do not matter.

        Returns
        -------
        Settings

        Raises
        ------
        InputError, UnknownNameError
            For a code of another experiment, an unknown name, or a value that cannot be.
        """
        words = code.split()
        if not words or words[0] != cls.title:
            raise InputError(f"reading the code {code!r}", f"it does not begin with {cls.title!r}",
                             f"Paste a code of this experiment, such as {cls().code!r}." if not words or "=" in words[0] else
                             f"It belongs to another experiment, {words[0]!r}.")
        known = {f.name: f.type for f in fields(cls)}
        given: dict[str, Any] = {}
        for word in words[1:]:
            name, equals, text = word.partition("=")
            if name not in known or not equals:
                near = near_names(name, known, 1, .6)
                raise UnknownNameError(f"reading the code {code!r}", f"{word!r} is no setting",
                                       f"Did you mean {near[0]}=...?" if near else f"There are {listed(known)}.")
            given[name] = cls._value(name, str(known[name]), text)
        return cls(**given)

    @classmethod
    def _value(cls, name: str, kind: str, text: str) -> Any:
        """A value as it stands in a code. What is no number is left as text, for the check to refuse."""
        if kind == "str":
            return text.replace("_", " ") if text.replace("_", " ") in cls.limits[name].names else text
        if kind == "bool":
            return {"True": True, "False": False}.get(text, text)
        try:
            return int(text) if kind == "int" else float(text)
        except ValueError:
            return text

    def but(self: S, **changes: Any) -> S:
        """The same settings with some changed."""
        return replace(self, **changes)

    def differences(self, other: Any) -> str:
        """What differs between two settings, in a sentence."""
        told = [f"{f.name} is {getattr(self, f.name)} in A and {getattr(other, f.name)} in B" for f in fields(self)
                if getattr(self, f.name) != getattr(other, f.name)]
        return f"{listed(told)}." if told else "A and B have the same settings."


SEED = Limits(0, 2 ** 31 - 1)
TRUTH = Limits(names=(True, False))
