"""The engine: an ordinary NumPy function in, its graph, gradients, steps and printed program out. It loads NumPy and nothing else.

To read it, begin with `walk`, which is backpropagation, and an operation of `vocabulary`. Then by what happens in turn:

declare     `vocabulary`: every operation with its derivative. `rules`: what a declaration means; `rule`: one function of it;
            `marks`: helpers that rules may call; `registration`: a learner's declaration checked; `samples`: what operations are
            tried on.
record      `tracing`: run the author's function; `recording`: an operation becomes a node; `node`, `graph`: what is recorded;
            `operators`: + and np.exp on a node; `naming`: the author's names, from the bytecode.
derive      `walk`: reverse and forward mode; `seeds`: where it starts; `transposing`: forward mode of one operation.
call        `calling`, `containers`: from arguments to named inputs; `outputs`: from what came back to one output;
            `transforms`, `jacobian`: grad, vjp, jvp and their like.
print       `expressions`: mathematics as trees; `reading`: from a rule to expressions; `printer`, `program`: from a graph to
            NumPy code; `sources`: definitions above it; `fast`: the same program made fast.
show        `run`: what bl.trace gives; `folding`, `variables`: a box for each variable of the author's; `steps`, `textbook`,
            `forward`: the passes step by step; `forms`: folded and opened; `explaining`, `counting`.
check       `differences`: derivatives by their definition; `check`: tables of right and wrong gradients.
say         `errors`, `refusals`, `mismatch`, `alarms`: what went wrong; `wording`, `values`: how things are called there.
agree       `settings`: the session's choices; `hooks`: what a lower room needs of a higher one.
"""
from .check import GradientCheck, check_gradients
from .errors import (
    BackpropError,
    InputError,
    NotScalarError,
    NumericalWarning,
    RuleError,
    ShapeError,
    TraceError,
    UnknownNameError,
)
from .jacobian import jacobian
from .marks import static
from .refusals import operations
from .rules import operation
from .run import Run, source, trace
from .steps import Step
from .transforms import grad, jvp, value_and_grad, vjp
from .vocabulary import (
    binary_cross_entropy_with_logits,
    leaky_relu,
    log_softmax,
    logsumexp,
    one_hot,
    relu,
    sigmoid,
    softmax,
    softmax_cross_entropy,
    softplus,
    squared_error,
    stop_gradient,
)

__all__ = ["BackpropError", "GradientCheck", "InputError", "NotScalarError", "NumericalWarning", "RuleError", "Run", "ShapeError", "Step",
           "TraceError", "UnknownNameError", "binary_cross_entropy_with_logits", "check_gradients", "grad", "jacobian", "jvp", "leaky_relu",
           "log_softmax", "logsumexp", "one_hot", "operation", "operations", "relu", "sigmoid", "softmax", "softmax_cross_entropy", "softplus",
           "source", "squared_error", "static", "stop_gradient", "trace", "value_and_grad", "vjp"]
