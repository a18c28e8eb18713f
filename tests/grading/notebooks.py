"""Notebooks for the tests: right answers to the bank of `bank.py`, changed as a case wants them."""
from __future__ import annotations

import json
from pathlib import Path

from backproplab.exercises.banks import load_bank

BANK_FILE = Path(__file__).with_name("bank.py")
BANK = load_bank(BANK_FILE)
POINTS = {"linear": 3.0, "product": 2.0, "gate": 2.0, "pick": 1.0}
FULL = sum(POINTS.values())
NUMPY = "import numpy as np\n"
RIGHT = {
    "linear": NUMPY + "def linear_backward(X, W, g):\n    return g @ W.T, X.T @ g\n",
    "product": NUMPY + ("def product_gradients(x, z):\n    a = x * z\n    g_a = np.sin(a) + a * np.cos(a)\n"
                        "    return {'x': g_a * z, 'z': g_a * x}\n"),
    "gate": ("class Gate:\n    def forward(self, x, y):\n        self.x, self.y = x, y\n        return x * y\n"
             "    def backward(self, g):\n        return g * self.y, g * self.x\n"),
    "pick": "answer = 'A'",
    "typed": "answer = 10.2",
}
WRONG_LINEAR = NUMPY + "def linear_backward(X, W, g):\n    return 0 * X, 0 * W\n"


def cell(id: str, source: object, **more: object) -> dict:
    return {"cell_type": "code", "id": id, "metadata": {}, "execution_count": None, "outputs": [], "source": source} | more


def tree(cells: list, **metadata: object) -> dict:
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook(changes: dict[str, str] | None = None, before: str = "", **metadata: object) -> bytes:
    """Right answers with some of them changed, after a cell of setting up."""
    sources = ({"setup": before} if before else {}) | RIGHT | (changes or {})
    return json.dumps(tree([cell(id, source) for id, source in sources.items()], **metadata)).encode()
