"""The function that the README, the lessons and many tests work through: three forks, and every number can be followed by hand.

Whoever needs its text, for a cell of a notebook, takes it with `inspect.getsource`.
"""
import numpy as np


def example(x, z):
    a = x * z
    b = np.log(x)
    c = np.sin(b)
    d = np.exp(a)
    e = a / b
    f = c / a
    y = d + e + f
    return y
