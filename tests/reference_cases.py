"""The worked examples of five lectures as functions, for every room's tests: data/reference_cases.json, and how a case is read.

A case holds its inputs, its steps as text, and the numbers that were verified elsewhere.
"""
import json
from pathlib import Path

import numpy as np

from backproplab.engine.rules import OPERATIONS

CASES = json.loads((Path(__file__).parent / "data" / "reference_cases.json").read_text(encoding="utf-8"))["cases"]
NAMES = {n: getattr(np, n) for n in ("exp", "log", "sin", "cos", "tanh", "sqrt", "maximum", "sum", "mean", "reshape", "transpose", "stack", "outer")}
NAMES |= {"amax": np.max, "concat": np.concatenate, "np": np, "const": lambda x: np.array(x, float) if isinstance(x, (list, tuple)) else float(x)}
NAMES |= {n: OPERATIONS[n] for n in ("sigmoid", "relu", "softmax", "log_softmax", "logsumexp")}


def written(case):
    """(the case as the function a learner would write, its inputs by name)."""
    text = f"def f({', '.join(case['inputs'])}):\n" + "".join(f"    {n} = {x}\n" for n, x in case["steps"]) + f"    return {case['output']}\n"
    scope = dict(NAMES)
    exec(text, scope)
    return scope["f"], {k: np.array(v, float)[()] for k, v in case["inputs"].items()}
