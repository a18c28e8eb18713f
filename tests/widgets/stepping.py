"""What the browser tests of the stepper share: functions to step through, and how to find one's way in the widget."""

import inspect

import numpy as np

import backproplab as bl
from tests.worked_example import example

SETUP = f"import numpy as np\nimport backproplab as bl\n\n{inspect.getsource(example)}"
STEPPER = SETUP + "\nbl.stepper(example, x=2.0, z=3.0)"


def layer(X, W, b):
    Z = X @ W + b
    H = np.maximum(0, Z)
    loss = np.sum(H * H) / 2
    return loss


def chain(x):
    h = x
    for _ in range(20):
        h = np.sin(h) * 1.1
    return h


def two_layers(x, w, v):
    a = np.tanh(w * x)
    b = a * a
    c = np.tanh(v * b)
    y = c * a
    return y


NEURON = f"""import numpy as np
import backproplab as bl

{inspect.getsource(layer)}
bl.stepper(layer, X=np.array([[1., -2.], [.5, 1.], [2., 0.]]), W=np.array([[.3, -.2], [.1, .4]]), b=np.array([.1, -.1]))
"""
GROUPS = {"first": ["a", "b"], "second": ["c", "y"]}
POINT = {"x": 0.5, "w": 2.0, "v": -1.0}
ARRAYS = {"X": np.array([[1., -2.], [.5, 1.], [2., 0.]]), "W": np.array([[.3, -.2], [.1, .4]]), "b": np.array([.1, -.1])}
MADE = {"example": lambda: bl.stepper(example, x=2.0, z=3.0), "predict": lambda: bl.stepper(example, x=2.0, z=3.0, predict=True),
        "every sum": lambda: bl.stepper(example, x=2.0, z=3.0, predict="sum"), "arrays": lambda: bl.stepper(layer, **ARRAYS),
        "groups": lambda: bl.stepper(two_layers, groups=GROUPS, **POINT), "chain": lambda: bl.stepper(chain, x=0.5),
        "three groups": lambda: bl.stepper(example, x=2.0, z=3.0, groups={n: [n] for n in "bcd"})}


def counter(stepper):
    return stepper.locator(".bp-counter").inner_text()


def title(stepper):
    return stepper.locator(".bp-panel h2").evaluate("h => [...h.childNodes].map(n => n.textContent || n.getAttribute('aria-label')).join('')")


def at(stepper, name):
    """The two numbers that stand at a box."""
    box = stepper.locator(f'.bp-node[data-node="{name}"]')
    return box.locator(".bp-value").text_content(), box.locator(".bp-grad").text_content()


def go(stepper, name):
    """To a variable's backward step, by the table."""
    stepper.get_by_role("button", name="Last step").click()
    stepper.locator(f'.bp-name[title="Go to {name}"]').click()


def choose(stepper, label, value):
    """Choose in the View card."""
    stepper.get_by_role("button", name="View").click()
    stepper.locator(f".bp-options .bp-option:has(> span:text-is('{label}')) select").select_option(value)
    stepper.page.keyboard.press("Escape")
