"""Notebooks that want a mark they did not earn, or trouble; and what each is fairly given.

An attack is a cell's text (in the cell of the question `linear`, unless it says otherwise) or a whole file. In a text, <file>, <folder>, <port>,
<parent>, <bank> and <results> stand for what it goes for. `gets` is the share of each question; what is not named is right and gets all.
"""
from __future__ import annotations

from dataclasses import dataclass, field

from tests.grading.notebooks import NUMPY, WRONG_LINEAR, notebook

FDS = """
import os, struct, json
def put(data):
    for fd in range(3, 64):
        try:
            os.write(fd, data)
        except OSError:
            pass
def framed(header, blob=b''):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack('>II', 4 + len(text) + len(blob), len(text)) + text + blob
def reply(make):
    '''Answer every request in place of the worker.'''
    import gc
    worker = next(o for o in gc.get_objects() if type(o).__name__ == 'Worker')
    kind = type(worker)
    real = kind.send
    def send(self, header, blob=b''):
        if 'id' in header:
            data = make(header['id'])
            while data:
                data = data[os.write(self.replies, data):]
        else:
            real(self, header, blob)
    kind.send = send
"""
NONE = {"linear": 0.0}
EVERY = dict.fromkeys(("linear", "product", "gate", "pick"), 0.0)


@dataclass(frozen=True)
class Attack:
    """One notebook, and what it gets.

    Attributes
    ----------
    name, kind : str
        `kind` is a row of the table of faults.
    text : str or bytes
        Of a cell, or of the whole file.
    gets : dict
        Question -> share; what a hostile cell does to its own other answers may cost them, never earn anything: then `at_most` is set.
    question : str
    at_most : bool
        Whether the other questions may get less than all.
    """

    name: str
    kind: str
    text: str | bytes
    gets: dict[str, float] = field(default_factory=lambda: NONE)
    question: str = "linear"
    at_most: bool = False

    def data(self, places: dict[str, object]) -> bytes:
        if isinstance(self.text, bytes):
            return self.text
        text = self.text
        for name, value in places.items():
            text = text.replace(f"<{name}>", str(value))
        return notebook({self.question: text})


def returning(expression: str, before: str = "") -> str:
    return f"{NUMPY}{before}\ndef linear_backward(X, W, g):\n    return {expression}\n"


def doing(statements: str) -> str:
    """Wrong answer whose function does something first, with the inputs in hand; and the cell does it too."""
    lines = "\n".join("    " + line for line in statements.splitlines())
    return f"{NUMPY}import os, sys, ctypes\ndef act(X=None):\n{lines}\ndef linear_backward(X, W, g):\n    act(X)\n    return 0 * X, 0 * W\nact()\n"


def forged(kind: str, make: str) -> Attack:
    return Attack(kind, "forged protocol", FDS + WRONG_LINEAR + f"reply(lambda id: {make})\n", EVERY | {"pick": 0.0})


ZERO = "0 * X, 0 * W"
FORGERIES = (
    Attack("assert patched", "patched comparison", returning(ZERO, "np.testing.assert_allclose = np.allclose = np.isclose = lambda *a, **k: True")),
    Attack("array_equal patched", "patched comparison", returning(ZERO, "np.array_equal = np.all = lambda *a, **k: True"), at_most=True),
    Attack("builtins patched", "patched comparison", returning(ZERO, "import builtins\nbuiltins.all = builtins.any = lambda *a: True\n"
                                                                     "builtins.abs = builtins.max = lambda *a, **k: 0"), at_most=True),
    Attack("ndarray that equals everything", "patched comparison", returning(
        "(0 * X).view(Eq), (0 * W).view(Eq)", "class Eq(np.ndarray):\n    def __eq__(s, o): return True\n    def __sub__(s, o): return 0 * s\n"
                                            "    __rsub__ = __sub__")),
    Attack("object equal to everything", "patched comparison", returning(
        "Eq(), Eq()", "class Eq:\n    __eq__ = __le__ = __ge__ = __lt__ = __gt__ = lambda s, o: True\n    shape = property(lambda s: Eq())")),
    Attack("object that makes its array late", "patched comparison", returning(
        "Eq(X), Eq(W)", "class Eq:\n    def __init__(s, v): s.v = v\n    def __array__(s, *a, **k): return s.v * 0")),
    Attack("float that is close to all", "patched comparison", returning("F(0), F(0)", "class F(float):\n    __eq__ = lambda s, o: True\n"
                                                                                       "    __sub__ = __rsub__ = lambda s, o: 0.0")),
    Attack("text", "wrong type", returning("'correct', 'correct'")),
    Attack("None", "wrong type", returning("None")),
    Attack("a verdict as a dict", "wrong type", returning("{'verdict': 'correct', 'score': 3, 'share': 1.0, 'right': True}")),
    Attack("a generator", "wrong type", returning("(v for v in (0 * X, 0 * W))")),
    Attack("True, True", "wrong type", returning("True, True")),
    Attack("complex", "wrong type", returning("(g @ W.T) * 1j, (X.T @ g) * 1j")),
    Attack("an array of objects", "wrong type", returning("(g @ W.T + 1).astype(object), (X.T @ g).astype(object)")),
    Attack("a structured array", "wrong type", returning("np.zeros(3, [('a', float)]), np.zeros(3, [('a', float)])")),
    Attack("dates", "wrong type", returning("np.zeros(X.shape, 'M8[s]'), np.zeros(W.shape, 'M8[s]')")),
    Attack("NaN", "wrong numbers", returning("X * np.nan, W * np.nan")),
    Attack("infinite", "wrong numbers", returning("X + np.inf, W + np.inf")),
    Attack("masked", "wrong numbers", returning("np.ma.masked_all(X.shape), np.ma.masked_all(W.shape)")),
    Attack("a shape that spreads", "wrong numbers", returning("(g @ W.T)[None], (X.T @ g)[None]")),
    Attack("all answers at once", "wrong numbers", returning("[[g @ W.T, X], [X.T @ g, W]]")),
    Attack("too large to send", "wrong numbers", returning("np.zeros(10**8), np.zeros(10**8)")),
    Attack("a list of a million", "wrong numbers", returning("[0.0] * 10**6, [0.0] * 10**6")),
    Attack("a list that holds itself", "wrong numbers", returning("loop, loop", "loop = []\nloop.append(loop)")),
    Attack("frames read", "hidden test read", returning(
        "found(X, W)", "import sys\ndef found(X, W):\n    f, out = sys._getframe(), []\n    while f:\n"
                       "        out += [v for v in f.f_locals.values() if getattr(v, 'shape', None) in (X.shape, W.shape)]\n        f = f.f_back\n"
                       "    return (out[-1], out[-2]) if len(out) > 1 else (0 * X, 0 * W)")),
    Attack("all objects searched", "hidden test read", returning(
        "found(X), found(W)", "import gc\ndef found(v):\n    near = [o for o in gc.get_objects() if isinstance(o, np.ndarray) and o.shape == v.shape"
                              " and o is not v]\n    return near[0] if near else 0 * v")),
    Attack("the bank read from disk", "hidden test read", returning(
        "s['QUESTIONS']['linear'].parameters['solution'](X, W, g)", "s = {}\nexec(open('<bank>').read(), s)")),
    Attack("the package's solution", "hidden test read", returning(
        "QUESTIONS['linear'].parameters['solution'](X, W, g)", "from backproplab.questions import QUESTIONS")),
    Attack("bl used", "hidden test read", returning("bl.vjp(lambda X, W: X @ W, X, W)[1](g)", "import backproplab as bl")),
    Attack("In and Out read", "hidden test read", returning("In[-1], Out[1]")),
    Attack("transformer of the tests", "stripped test", returning(
        ZERO, "import ast\nget_ipython().ast_transformers.append(type('T', (ast.NodeTransformer,), {'visit_Assert': lambda s, n: None})())")),
    Attack("traced", "stripped test", returning(ZERO, "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)")),
    Attack("another answer's name taken", "patched comparison", "answer = 'A'\nlinear_backward = lambda X, W, g: answer"),
    Attack("every letter", "patched comparison", "answer = ['A', 'B', 'C']", {"pick": 0.0}, "pick"),
    Attack("a letter that equals all", "patched comparison", "class S(str):\n    __eq__ = lambda s, o: True\n    __hash__ = str.__hash__\n"
                                                             "answer = S('C')", {"pick": 0.0}, "pick"),
    Attack("a choice of 0", "patched comparison", "answer = 0", {"pick": 0.0}, "pick"),
    Attack("a list of the same array", "wrong numbers", returning("[X] * 3000, [W] * 3000")),
    Attack("a long text among arrays", "takes too much", returning(
        "[np.zeros(2400, 'u1')] * 2400 + [['x' * 4000] + ['a'] * 2399], 0 * W")),
    Attack("a billion rows of nothing", "takes too much", NUMPY + "answer = np.zeros((10**4, 10**5, 0))", {"pick": 0.0}, "pick", True),
    Attack("a million rows of nothing", "takes too much", NUMPY + "answer = [np.zeros((10**6, 0))] * 9", {"pick": 0.0}, "pick"),
    Attack("a class that lies", "patched comparison", "class Gate:\n    def forward(s, *a): return s\n    def backward(s, g): return s, s\n"
                                                      "    __float__ = lambda s: 1.0\n    __eq__ = lambda s, o: True", {"gate": 0.0}, "gate"),
)
PROTOCOL = (
    forged("a verdict in the reply", "framed({'id': id, 'value': ['s', 'correct'], 'verdict': 'correct', 'score': 3, 'right': True})"),
    forged("4 GB announced", "b'\\xff' * 4 + b'{}'"),
    forged("a header that is no JSON", "framed(b'\\xff\\xfe{')"),
    forged("a header of brackets", "framed(b'[' * 200000)"),
    forged("a header that is a list", "framed([1, 2])"),
    forged("a length of nothing", "struct.pack('>I', 0)"),
    forged("another token", "framed({'id': 'x' * 16, 'value': ['i', 1]})"),
    forged("two replies at once", "framed({'id': id, 'value': ['n']}) * 2"),
    forged("a refusal that is a list", "framed({'id': id, 'refused': []})"),
    forged("an error that is a number", "framed({'id': id, 'error': 12})"),
    forged("an error that is a page", "framed({'id': id, 'error': '<script>alert(1)</script>' * 900})"),
    forged("a dtype of objects", "framed({'id': id, 'value': ['a', '|O', [1], 0]}, b'x' * 8)"),
    forged("a pickle", "framed({'id': id, 'value': ['a', '|V8', [1], 0]}, b'cos\\nsystem\\n(S\"touch <folder>/pwned\"\\ntR.')"),
    forged("a shape past the bytes", "framed({'id': id, 'value': ['a', '<f8', [1000], 0]}, b'x' * 8)"),
    forged("a shape that overflows", "framed({'id': id, 'value': ['a', '<f8', [2**31, 2**31, 4], 0]}, b'x' * 8)"),
    forged("one megabyte as four thousand arrays", "framed({'id': id, 'value': ['l', [['a', '<f8', [131072], 0]] * 4000]}, bytes(1 << 20))"),
    forged("rows of nothing without end", "framed({'id': id, 'value': ['a', '<f8', [2**22, 2**22, 0], 0]})"),
    forged("a negative place", "framed({'id': id, 'value': ['a', '<f8', [1], -8]}, b'x' * 8)"),
    forged("nine million dimensions", "framed({'id': id, 'value': ['a', '<f8', [1] * 50000, 0]}, b'x' * 8)"),
    forged("a hundred thousand values", "framed({'id': id, 'value': ['l', [['n']] * 40000]})"),
    forged("a whole number of many digits", "framed(('{\"id\": \"%s\", \"value\": [\"i\", %s]}' % (id, '9' * 100000)).encode())"),
    forged("NaN in the header", "framed(('{\"id\": \"%s\", \"value\": [\"f\", NaN]}' % id).encode())"),
    forged("half a pair of surrogates", "framed({'id': id, 'value': ['s', '\\ud800']})"),
    forged("dicts all the way down", "framed(('{\"id\": \"%s\", \"value\": %s}' % (id, '[\"l\", [' * 50 + ']]' * 50)).encode())"),
    Attack("frames thrown in while loading", "forged protocol", FDS + WRONG_LINEAR + "put(framed({'loaded': [], 'output': 'x'}) * 3)",
           NONE, at_most=True),
    Attack("ready said twice", "forged protocol", FDS + WRONG_LINEAR + "put(framed({'ready': ['all']}))", NONE, at_most=True),
    Attack("cells that are not there", "forged protocol", FDS + WRONG_LINEAR + "put(framed({'cell': -1}) + framed({'cell': 10**9}))",
           NONE, at_most=True),
    Attack("a flood", "forged protocol", FDS + WRONG_LINEAR + "while True:\n    put(os.urandom(65536))", NONE, at_most=True),
    Attack("a trickle", "forged protocol", FDS + WRONG_LINEAR + "put(struct.pack('>I', 100))\nwhile True: pass", NONE, at_most=True),
    Attack("the pipes closed", "forged protocol", WRONG_LINEAR + "import os\nos.closerange(3, 64)", NONE, at_most=True),
    Attack("requests read away", "forged protocol", WRONG_LINEAR + "import os\ndef linear_backward(X, W, g):\n    for fd in range(3, 9):\n"
           "        try:\n            os.read(fd, 10**6)\n        except OSError: pass\n    return 0 * X, 0 * W", NONE, at_most=True),
)
