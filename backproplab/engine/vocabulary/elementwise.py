"""Arithmetic and functions that treat every entry by itself, broadcasting their inputs."""
import numpy as np

from ..marks import literal
from ..rules import operation


@literal
def always_zero(x):
    """Is x the number 0 in the author's code, as in x ** 0?"""
    return type(x) in (int, float) and x == 0


@operation(np.add)
class add:
    """x + y: the gradient distributor. Each input receives the incoming gradient unchanged."""
    samples = "M + v", "M + a", "[1., 2., 3., 4.] + M", "v + v"
    def forward(x, y): return x + y
    def backward(g, out, x, y): return g, g


@operation(np.subtract)
class subtract:
    """x - y: passes the gradient on to x, and with its sign turned to y."""
    samples = "M - M[:, :1]", "3 - v", "M - v"
    def forward(x, y): return x - y
    def backward(g, out, x, y): return g, -g

    def caution(x, y):
        a, b = sorted([np.shape(x), np.shape(y)], key=len)
        if len(a) == 1 and len(b) == 2 and b == (a[0], 1) and a[0] > 1:
            return (f"{{0}} has shape {np.shape(x)} and {{1}} has shape {np.shape(y)}, so the difference has shape {(a[0], a[0])}: every "
                    f"entry of one minus every entry of the other. If a difference entry by entry is meant, give both one shape, with "
                    f"np.squeeze or [:, None].")
        return None


@operation(np.multiply)
class multiply:
    """x * y: the gradient switcher. Each input receives the gradient times the other input."""
    samples = "a * M", "M * v", "M * M", "-2.5 * v", "np.ones(4) * a"
    def forward(x, y): return x * y
    def backward(g, out, x, y): return g * y, g * x


@operation(np.divide)
class divide:
    """x / y; by the quotient rule, -x / y**2 for the divisor."""
    samples = "M / P", "2 / P", "M / a"
    def forward(x, y): return x / y
    def backward(g, out, x, y): return g / y, -g * x / y**2


@operation(np.negative)
class negative:
    """-x."""
    samples = "-M",
    def forward(x): return -x
    def backward(g, out, x): return -g


@operation(np.positive, np.conjugate)
class positive:
    """+x, which is x."""
    samples = "np.positive(M)",
    def forward(x): return x
    def backward(g, out, x): return g


@operation(np.power)
class power:
    """x ** y. The gradient of the exponent exists for x > 0; x ** 0 is 1 everywhere, at 0 as well."""
    samples = "P ** 3", "P ** -2", "P ** 0.5", "P ** M", "2.0 ** M", "M ** 2", "M ** 1", "(M ** 0 + M) ** 2"
    hint = {"invalid value": "A power of a negative number exists for whole exponents only: for a root of odd order write "
            "np.sign(x) * np.abs(x) ** (1 / 3)."}
    def forward(x, y): return x ** y

    def backward(g, out, x, y):
        if always_zero(y):
            return g * 0, None
        return g * y * x ** (y - 1), g * out * np.log(x)


@operation(np.square)
class square:
    """x squared."""
    samples = "np.square(M)",
    def forward(x): return np.square(x)
    def backward(g, out, x): return g * 2 * x


@operation(np.sqrt)
class sqrt:
    """The square root; its derivative 1 / (2 sqrt(x)) is infinite at 0."""
    samples = "np.sqrt(P)",
    hint = {"invalid value": "The square root of a negative number is not real."}
    def forward(x): return np.sqrt(x)
    def backward(g, out, x): return g / (2 * out)


@operation(np.exp)
class exp:
    """e to the power x: its own derivative."""
    samples = "np.exp(M)",
    hint = {"overflow": "In a softmax or a sigmoid use bl.softmax or bl.sigmoid, which do not overflow."}
    def forward(x): return np.exp(x)
    def backward(g, out, x): return g * out


@operation(np.expm1)
class expm1:
    """e to the power x, less 1; exact for small x."""
    samples = "np.expm1(M)",
    def forward(x): return np.expm1(x)
    def backward(g, out, x): return g * (out + 1)


@operation(np.log)
class log:
    """The natural logarithm."""
    samples = "np.log(P)",
    hint = {"divide by zero": "In a loss use bl.log_softmax, or a cross-entropy that takes logits: they never take the logarithm of 0."}
    def forward(x): return np.log(x)
    def backward(g, out, x): return g / x


@operation(np.log1p)
class log1p:
    """The natural logarithm of 1 + x; exact for small x."""
    samples = "np.log1p(P)",
    def forward(x): return np.log1p(x)
    def backward(g, out, x): return g / (1 + x)


@operation(np.sin)
class sin:
    """The sine of x in radians."""
    samples = "np.sin(M)",
    def forward(x): return np.sin(x)
    def backward(g, out, x): return g * np.cos(x)


@operation(np.cos)
class cos:
    """The cosine of x in radians."""
    samples = "np.cos(M)",
    def forward(x): return np.cos(x)
    def backward(g, out, x): return -g * np.sin(x)


@operation(np.tan)
class tan:
    """The tangent of x in radians; by its output, the derivative is 1 + out**2."""
    samples = "np.tan(P / 2)",
    def forward(x): return np.tan(x)
    def backward(g, out, x): return g * (1 + out**2)


@operation(np.tanh)
class tanh:
    """The hyperbolic tangent; by its output, the derivative is 1 - out**2."""
    samples = "np.tanh(M)",
    def forward(x): return np.tanh(x)
    def backward(g, out, x): return g * (1 - out**2)
