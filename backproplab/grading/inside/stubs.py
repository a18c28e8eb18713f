"""What honest notebooks expect around them, made harmless: plots, other packages, files that are written, input, pauses.

Nothing here protects anything: it only lets cells run that have nothing to do with the answers.
"""
from __future__ import annotations

import builtins
import dis
import importlib.machinery
import io
import sys
import time
import types
from typing import Any

UNPACK = {dis.opmap["UNPACK_SEQUENCE"], dis.opmap["UNPACK_EX"]}
OPERATORS = ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "floordiv", "rfloordiv", "mod", "rmod", "pow", "rpow", "matmul",
             "rmatmul", "and", "rand", "or", "ror", "xor", "neg", "pos", "abs", "invert", "lt", "le", "gt", "ge", "iadd", "isub", "imul")


class Inert:
    """Stands in for anything that is not here: whatever is done with it gives another one."""

    made = 0                                                         # how many there were: whoever counts knows whether one was used

    def __init__(self, *args: Any, **named: Any) -> None:
        Inert.made += 1

    def __call__(self, *args: Any, **named: Any) -> Any:
        # A decorator gives its function back.
        return args[0] if len(args) == 1 and not named and isinstance(args[0], (types.FunctionType, type)) else Inert()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):                                    # NumPy and copy look for what is not there
            raise AttributeError(name)
        return Inert()

    def __setattr__(self, name: str, value: Any) -> None:
        pass

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __getitem__(self, key: Any) -> Any:
        return Inert()

    def __iter__(self) -> Any:
        # `fig, ax = plt.subplots()` wants two: the instruction that unpacks says how many.
        frame = sys._getframe(1)
        code, at = frame.f_code.co_code, frame.f_lasti
        return iter([Inert() for _ in range(code[at + 1] if code[at] in UNPACK else 0)])

    def __array__(self, *args: Any, **named: Any) -> Any:
        raise TypeError("it is not available here, so it is no array")

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *said: Any) -> None:
        return None

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return ()

    def __repr__(self) -> str:
        return "<not available here>"

    def __round__(self, places: Any = None) -> Any:
        return Inert()

    def __format__(self, how: str) -> str:
        return repr(self)


for _name in OPERATORS:
    setattr(Inert, f"__{_name}__", lambda self, *other: Inert())


class Bar(list):
    """A progress bar is what it goes through."""

    def __init__(self, over: Any = (), *args: Any, **named: Any) -> None:
        super().__init__(over if over is not None else ())

    def __getattr__(self, name: str) -> Any:
        return Inert()

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *said: Any) -> None:
        return None


class Absent(types.ModuleType):
    """A module that is not here."""

    __path__: list[str] = []
    __all__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if self.__name__.partition(".")[0] == "tqdm" and name in ("tqdm", "tqdm_notebook", "trange"):
            return (lambda *a, **n: Bar(range(*a))) if name == "trange" else Bar
        return Inert()


class Finder:
    """The last to be asked: a module that nobody found is one that is absent. The standard library's and NumPy's own are not invented."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        root = name.partition(".")[0]
        if root in sys.stdlib_module_names or root == "numpy" or root.startswith("_"):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> Any:
        return Absent(spec.name)

    def exec_module(self, module: Any) -> None:
        pass


class Captured(io.TextIOBase):
    """What is printed: its beginning is kept, all of it is counted."""

    def __init__(self, most: int) -> None:
        self.most, self.count = most, 0
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        left = self.most - self.count
        if left > 0:
            self.parts.append(text[:left])
        self.count += len(text)
        return len(text)


_open = builtins.open


def opened(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
    """A file that is to be written goes nowhere."""
    if isinstance(mode, str) and set(mode) & set("wax+"):
        return io.BytesIO() if "b" in mode else io.StringIO()
    return _open(file, mode, *args, **named)


def install() -> None:
    """Put the stand-ins where cells look for them."""
    sys.meta_path.append(Finder())                                   # without a base class: that would load a third of the standard library
    time.sleep = lambda seconds: None
    builtins.open = opened
    builtins.input = lambda prompt="": ""
    for name in ("exit", "quit"):
        setattr(builtins, name, lambda code=None: None)


def namespace() -> dict[str, Any]:
    """The names that a notebook has before its first cell."""
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__dict__.update(get_ipython=Inert, display=lambda *shown, **named: None, In=[], Out={}, _="")
    return module.__dict__
