"""Operations that treat every entry by itself, broadcasting their inputs."""
import numpy as np

from ..rules import operation


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


@operation(np.multiply)
class multiply:
    """x * y: the gradient switcher. Each input receives the gradient times the other input."""
    samples = "a * M", "M * v", "M * M", "-2.5 * v"
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


@operation(np.power)
class power:
    """x ** y. The gradient of the exponent exists for x > 0."""
    samples = "P ** 3", "P ** -2", "P ** 0.5", "P ** M", "2.0 ** M", "M ** 2"
    def forward(x, y): return x ** y
    def backward(g, out, x, y): return g * y * x ** (y - 1), g * out * np.log(x)


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
    def forward(x): return np.sqrt(x)
    def backward(g, out, x): return g / (2 * out)


@operation(np.exp)
class exp:
    """e to the power x: its own derivative."""
    samples = "np.exp(M)",
    def forward(x): return np.exp(x)
    def backward(g, out, x): return g * out


@operation(np.log)
class log:
    """The natural logarithm."""
    samples = "np.log(P)",
    def forward(x): return np.log(x)
    def backward(g, out, x): return g / x


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


@operation(np.tanh)
class tanh:
    """The hyperbolic tangent; by its output, the derivative is 1 - out**2."""
    samples = "np.tanh(M)",
    def forward(x): return np.tanh(x)
    def backward(g, out, x): return g * (1 - out**2)


@operation(np.abs)
class absolute:
    """|x|; the derivative at 0 is chosen to be 0."""
    samples = "np.abs(M)", "abs(v)"
    def forward(x): return np.abs(x)
    def backward(g, out, x): return g * np.sign(x)


@operation(np.maximum)
class maximum:
    """The larger of x and y, entry by entry: the gradient router. A tie goes to the first."""
    samples = "np.maximum(M, v)", "np.maximum(0, M)"
    def forward(x, y): return np.maximum(x, y)
    def backward(g, out, x, y): return np.where(x >= y, g, 0), np.where(x >= y, 0, g)


@operation(np.minimum)
class minimum:
    """The smaller of x and y, entry by entry. A tie goes to the first."""
    samples = "np.minimum(M, v)",
    def forward(x, y): return np.minimum(x, y)
    def backward(g, out, x, y): return np.where(x <= y, g, 0), np.where(x <= y, 0, g)


@operation(np.where)
class where:
    """x where the mask holds, y elsewhere; the mask gets no gradient."""
    samples = "np.where(M > v, M * v, v)",
    def forward(mask, x, y): return np.where(mask, x, y)
    def backward(g, out, mask, x, y): return None, np.where(mask, g, 0), np.where(mask, 0, g)


@operation(np.sign)
class sign:
    """-1, 0 or 1: constant almost everywhere, so no gradient."""
    def forward(x): return np.sign(x)


@operation(np.greater)
class greater:
    """x > y, a mask."""
    def forward(x, y): return x > y


@operation(np.less)
class less:
    """x < y, a mask."""
    def forward(x, y): return x < y


@operation(np.greater_equal)
class greater_equal:
    """x >= y, a mask."""
    def forward(x, y): return x >= y


@operation(np.less_equal)
class less_equal:
    """x <= y, a mask."""
    def forward(x, y): return x <= y


@operation(np.equal)
class equal:
    """x == y, a mask."""
    def forward(x, y): return x == y


@operation(np.not_equal)
class not_equal:
    """x != y, a mask."""
    def forward(x, y): return x != y
