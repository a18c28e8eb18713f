"""What stands by itself in a formula: names, numbers, brackets, functions, and what hangs on them behind: indices, .T, methods."""
from __future__ import annotations

import difflib
from typing import Any

from ..engine.errors import listed
from ..engine.expressions import COMPARISONS, Call, Constant, Expression, Symbol
from .cursor import Cursor
from .indices import Indices
from .tokens import Token
from .typed import BARE, COMMON, FIXED, FUNCTIONS, KEYWORDS, METHODS, arity, head_of

MANY = 12                                 # names that a message lists
EULER = Call("np.exp", (Constant(1),))


class Operands(Indices):
    """One method for each kind of operand. The levels of binding above them are the reader's."""

    def comparison(self) -> Expression:
        raise NotImplementedError

    def product(self) -> Expression:
        raise NotImplementedError

    def factor(self) -> Expression:
        raise NotImplementedError

    def exponent(self) -> Expression:
        raise NotImplementedError

    def opens(self) -> bool:
        raise NotImplementedError

    # ---- what stands by itself ---------------------------------------------------------------------------------------------

    def primary(self) -> Expression:
        token = self.take()
        if token.kind == "number":
            return self.behind(_number(token.text))
        if token.kind == "name":
            return self.name(token)
        if token.kind == "text":
            return self.fail(f"{token.text!r} stands in quotes", "Names and numbers are written without them.")
        if token.text == "(":
            return self.behind(self.bracketed())
        if token.text == "[":
            return self.behind(self.square())
        if token.text == "√":
            return self.call("np.sqrt", self.behind(self.primary()))
        if token.text == "Σ":
            return self.summed("np.sum")
        if token.text == "|":
            self.bars += 1
            inner = self.comparison()
            if not self.sign("|"):
                self.fail("a bar | has no partner", "Write |x| or abs(x).")
            self.take()
            self.bars -= 1
            return self.behind(self.call("np.abs", inner))
        self.place -= token.kind != "end"
        if token.kind == "end":
            return self.fail("it ends where something must follow", "Finish it, or take the last sign away.")
        return self.fail(f"{token.text!r} stands{self.where().split(',')[0]}, where a name or a number must stand", "Check the signs there.")

    def bracketed(self) -> Expression:
        """What stands after (: an expression, or a tuple."""
        bars, self.bars = self.bars, 0
        if self.sign(")"):
            self.fail("a pair of brackets is empty", "Write something between them.")
        items = [self.comparison()]
        comma = False
        while self.sign(","):
            comma = True
            self.take()
            if not self.sign(")"):
                items.append(self.comparison())
        self.expect(")", "(")
        self.bars = bars
        return self.call("tuple", *items) if comma else items[0]

    def square(self) -> Expression:
        """What stands after [, by itself: [x > 0], which is 1 where it holds, or an array."""
        bars, self.bars = self.bars, 0
        items = [] if self.sign("]") else [self.comparison()]
        while self.sign(","):
            self.take()
            if not self.sign("]"):
                items.append(self.comparison())
        self.expect("]", "[")
        self.bars = bars
        if len(items) == 1 and isinstance(items[0], Call) and items[0].head in COMPARISONS:
            return self.call("np.where", items[0], Constant(1), Constant(0))
        return self.call("list", *items)

    def name(self, token: Token) -> Expression:
        text = token.text
        if text in self.names:
            return self.behind(Symbol(self.names[text]))
        if text in ("np", "numpy") and self.sign("."):
            self.take()
            function = self.take()
            if function.text in ("pi", "e", "inf", "nan", "newaxis"):
                return self.behind(Constant({"pi": 3.141592653589793, "e": 2.718281828459045, "inf": float("inf"), "nan": float("nan"),
                                             "newaxis": None}[function.text]))
            return self.function(function)
        if text == "unit" and self.sign("["):
            return self.unit()
        if text == "scatter" and self.sign("_"):
            return self.scatter()
        if head_of(text):
            return self.function(token)
        if text in ("True", "False", "None"):
            return Constant({"True": True, "False": False, "None": None}[text])
        if text in ("pi", "π"):
            return self.behind(Constant(3.141592653589793))
        if text in ("e", "ℯ"):
            return self.behind(EULER) if self.sign("**") else self.behind(Constant(2.718281828459045))
        parts = self.split(text)
        if parts:
            for k in range(len(parts) - 1, 0, -1):                       # xz is x z
                self.tokens.insert(self.place, Token("name", parts[k], token.at))
            return self.behind(Symbol(self.names[parts[0]]))
        return self.unknown(text)

    def split(self, text: str) -> list[str]:
        """The names that a word is put together from, where there is one way only."""
        found: list[list[str]] = []

        def search(rest: str, taken: list[str]) -> None:
            if not rest:
                found.append(taken)
            for n in self.names:
                if n and rest.startswith(n) and len(found) < 2:
                    search(rest[len(n):], [*taken, n])
        if len(text) <= 8:
            search(text, [])
        return found[0] if len(found) == 1 else []

    def unknown(self, text: str) -> Any:
        near = difflib.get_close_matches(text, [*self.names, *FUNCTIONS], 1, .6)
        own = [n for n, symbol in self.names.items() if n == symbol]
        some = listed(own if len(own) <= MANY else [*own[:MANY], "others"]) or "none"
        close = f"Did you mean {near[0]}?" if near else f"The names here are {some}; functions are written as exp(x)."
        return self.fail(f"{text} is not a name here", close)

    def function(self, token: Token) -> Expression:
        """A function, with its arguments in brackets or, where that is clear, without."""
        head = head_of(token.text)
        if head is None:
            return self.fail(f"np.{token.text} is not on the list of functions", f"Functions here are {', '.join(COMMON)} and their like.")
        axis = self.axis()
        power = None
        if self.sign("**") and head in BARE:                             # sin^2 x
            self.take()
            power = self.exponent()
        if self.sign("("):
            args, keywords = self.arguments()
            if not args:
                self.fail(f"{token.text} has no argument", "Write what it is applied to between the brackets.")
            made = self.applied(head, args[0], tuple(args[1:]), axis, tuple(keywords))
        elif head in ("np.sum",):
            return self.summed(head, axis)
        elif head in BARE and self.opens():
            made = self.applied(head, self.bare(token), (), axis)
        else:
            return self.fail(f"{token.text} has no argument", f"Write {token.text}(...), with what it is applied to in brackets.")
        return self.behind(self.call("**", made, power) if power is not None else made)

    def bare(self, token: Token) -> Expression:
        """The one letter after sin, with its index or power."""
        if self.now.kind == "name" and self.now.text not in self.names and self.now.text in FUNCTIONS:
            return self.fail(f"{token.text} {self.now.text} has no brackets", f"Write {token.text}({self.now.text}(...)).")
        e = self.factor()
        function = self.sign("Σ") or self.now.kind == "name" and self.now.text not in self.names and head_of(self.now.text)
        if self.opens() and not function:
            self.fail(f"it can be read in two ways{self.where()}: is that inside {token.text} or a factor beside it?",
                      f"Write {token.text}(...) with brackets.")
        return e

    def summed(self, head: str, axis: Expression | None = None) -> Expression:
        """Σ: everything up to the next + or −."""
        axis = self.axis() if axis is None else axis
        return self.applied(head, self.product(), (), axis)

    def arguments(self) -> tuple[list[Expression], list[tuple[str, Expression]]]:
        """What stands between the brackets of a call."""
        self.take()
        bars, self.bars = self.bars, 0
        args: list[Expression] = []
        keywords: list[tuple[str, Expression]] = []
        while not self.sign(")"):
            if self.now.kind == "name" and self.after.text == "=":
                key = self.take().text
                self.take()
                keywords.append((key, Constant(_plain(self.comparison(), self))))
            else:
                args.append(self.comparison())
            if not self.sign(","):
                break
            self.take()
        self.expect(")", "(")
        self.bars = bars
        return args, keywords

    def applied(self, head: str, first: Expression, rest: tuple[Expression, ...], axis: Expression | None,
                keywords: tuple[tuple[str, Expression], ...] = ()) -> Expression:
        if axis is not None:
            keywords = (*keywords, ("axis", axis))
        if head in ("np.max", "np.min") and rest and not (_is_constant(rest[0]) and self.setting.ndim(first)):
            head = {"np.max": "np.maximum", "np.min": "np.minimum"}[head]            # max(x, 0)
        if head in ("np.dot", "np.matmul") and len(rest) == 1:
            return self.call("@", first, rest[0])
        if head == "np.negative":
            return self.call("neg", first)
        said, wanted = head.removeprefix("np."), arity(head)
        strange = [k for k, _ in keywords if k not in KEYWORDS]
        if strange:
            return self.fail(f"{said} was given {strange[0]}=", f"Only {listed([f'{k}=' for k in KEYWORDS], 'or')} may be given by name.")
        if 1 + len(rest) not in (wanted, wanted + len(FIXED.get(head, ()))) and not (head in FIXED and 1 + len(rest) <= wanted + len(FIXED[head])):
            many = 1 + len(rest)
            return self.fail(f"{said} was given {many} argument{'s' * (many > 1)}", f"It takes {wanted}.")
        if head in FIXED and rest:
            keywords = (*zip(FIXED[head], [Constant(_plain(r, self)) for r in rest], strict=False), *keywords)
            rest = ()
        return self.call(head, first, *rest, keywords=keywords)

    # ---- what stands behind ------------------------------------------------------------------------------------------------

    def behind(self, e: Expression) -> Expression:
        """Indices, .T and methods."""
        while True:
            if self.sign("[") and not self.now.gap:
                e = self.index(e)
            elif self.sign(".") and self.after.kind == "name":
                self.take()
                e = self.method(e, self.take().text)
            elif self.now.kind == "name" and self.now.text == "_" and self.after.text == "{":
                return self.fail("an index stands in braces", "Write x[0] for an entry of x.")
            else:
                return e

    def method(self, e: Expression, name: str) -> Expression:
        if name == "T":
            return self.call(".T", e)
        if name not in METHODS:
            return self.fail(f".{name} is not on the list of what follows a point",
                             f"After a point stand T, {listed([f'{m}()' for m in METHODS], 'or')}.")
        if not self.sign("("):
            return self.fail(f".{name} has no brackets", f"Write .{name}().")
        args, keywords = self.arguments()
        if name == "reshape" and len(args) > 1:
            args = [self.call("tuple", *args)]
        return self.applied(METHODS[name], e, tuple(args), None, tuple(keywords))

    def index(self, e: Expression) -> Expression:
        self.take()
        at = self.indices("]")
        return self.call("index", e, at if isinstance(at, Expression) else Constant(at))

    def unit(self) -> Expression:
        """unit[k]: 1 at k, 0 elsewhere."""
        self.take()
        return self.placed(Constant(1.0), self.indices("]"))

    def scatter(self) -> Expression:
        """scatter_{k}(x): x at k, 0 elsewhere."""
        self.take()
        self.take()
        at = self.indices("}")
        if not self.sign("("):
            self.fail("scatter has no argument", "Write scatter_{0}(x).")
        self.take()
        return self.placed(self.bracketed(), at)

    def placed(self, e: Expression, at: Any) -> Expression:
        if self.shape is None:
            return self.fail("a unit vector stands in it, and how long it is cannot be known", "Write np.array([0, 1, 0]) instead.")
        return self.call("scatter", e, keywords=(("key", Constant(at)), ("shape", Constant(self.shape))))


def _number(text: str) -> Constant:
    return Constant(int(text)) if text.isdigit() and len(text) < 16 else Constant(float(text))


def _is_constant(e: Expression) -> bool:
    return isinstance(e, Constant) or isinstance(e, Call) and e.head in ("neg", "tuple") and all(map(_is_constant, e.args))


def _plain(e: Expression, cursor: Cursor) -> Any:
    """The constant that an axis or a shape is."""
    if isinstance(e, Constant):
        return e.value
    if isinstance(e, Call) and e.head == "neg" and isinstance(e.args[0], Constant) and type(e.args[0].value) in (int, float):
        return -e.args[0].value
    if isinstance(e, Call) and e.head in ("tuple", "list"):
        return tuple(_plain(a, cursor) for a in e.args)
    return cursor.fail(f"`{e}` stands where a number is needed", "An axis or a shape is written out, as in axis=0.")
