"""What stands in square brackets behind a name: whole numbers, slices, names, None, dots."""
from __future__ import annotations

from typing import Any

from ..engine.expressions import Constant, Expression, Symbol
from .cursor import Cursor


class Indices(Cursor):
    """One method for an index, one for its parts, one for the axis under a sum."""

    def axis(self) -> Expression | None:
        """The index of Σ_{axis 0}."""
        if not (self.sign("_") and self.after.text == "{"):
            return None
        self.take()
        self.take()
        if self.take().text not in ("axis", "axes"):
            self.fail("an index stands under a function", "Write sum(x, axis=0).")
        return Constant(self.indices("}"))

    def indices(self, closing: str) -> Any:
        """One index, or several with commas, up to the closing bracket."""
        parts = [self.index_part()]
        comma = False
        while self.sign(","):
            comma = True
            self.take()
            if not self.sign(closing):
                parts.append(self.index_part())
        if not self.sign(closing):                                       # x[x > 0] would be a mask
            self.fail("an index is computed", "An index is a number or a slice, as in x[0] or x[1:3]; a mask is (x > 0).")
        self.take()
        if comma and any(isinstance(p, Expression) for p in parts):      # X[0:3, y]: y holds whole numbers
            return self.call("tuple", *[p if isinstance(p, Expression) else Constant(p) for p in parts])
        return tuple(parts) if comma else parts[0]

    def index_part(self) -> Any:
        """A whole number, a slice, None, dots, or a name."""
        if self.now.kind == "name" and self.now.text in self.names:
            return Symbol(self.names[self.take().text])
        ends: list[int | None] = [None]
        colon = False
        while True:
            if self.sign(":"):
                self.take()
                colon = True
                ends.append(None)
            elif self.now.kind == "number" or self.sign("-") and self.after.kind == "number":
                minus = self.sign("-") and bool(self.take())
                text = self.take().text
                if not text.isdigit() or len(text) > 9:
                    self.fail(f"{text} is an index", "An index is a whole number.")
                ends[-1] = -int(text) if minus else int(text)
            elif self.now.text in ("None", "newaxis", "np") and not colon:
                if self.take().text == "np":
                    self.take()
                    self.take()
                return None
            elif self.sign("…") or self.sign("."):
                while self.sign(".", "…"):
                    self.take()
                return ...
            else:
                break
        if not colon and ends[0] is None:
            self.fail(f"an index is missing or computed{self.where()}", "An index is a number or a slice, as in x[0] or x[1:3]; a mask is (x > 0).")
        return slice(*ends) if colon else ends[0]
