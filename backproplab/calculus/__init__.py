"""Matrix calculus: the shape of any derivative in either layout, why a chain rule is ordered and turned as it is, and what a Jacobian is.

Named axes carry the reasons (`Box`, `arrange`, `reason`); `derivative_shape` and `kinds` say shapes; `local_jacobian` and `structure` say
what a Jacobian is made of, and what is computed instead; `check_rule` and `check_chain` answer whether a claim is right; `derive` does the
derivation by indices; `ways`, `step_sizes`, `symbolic` and `differentiable` compare the ways to differentiate.
"""
from .axes import Box, Joint, arrange, joint, product, reason, summed
from .chains import ChainCheck, check_chain
from .checking import RuleCheck, check_rule
from .derivatives import Derivative, derivative
from .derive import IndexDerivation, derive
from .derive_rows import DerivationRow
from .existence import Differentiable, differentiable
from .kinds import LAYOUTS, TABLE, Kind
from .layouts import converted, entry_name, flattened, index_tuples, unflattened
from .local import LocalJacobian, local_jacobian, local_jacobians
from .shapes import DerivativeShape, derivative_shape, kinds
from .steps import StepSizes, difference, step_sizes
from .structure import STRUCTURES, Structure, sized, structure
from .tables import TABLES, TableRow
from .ways import Way, Ways, costs, symbolic, ways

__all__ = [
    "LAYOUTS", "STRUCTURES", "TABLE", "TABLES", "Box", "ChainCheck", "DerivationRow", "Derivative", "DerivativeShape", "Differentiable",
    "IndexDerivation", "Joint", "Kind", "LocalJacobian", "RuleCheck", "StepSizes", "Structure", "TableRow", "Way", "Ways", "arrange",
    "check_chain", "check_rule", "converted", "costs", "derivative", "derivative_shape", "derive", "difference", "differentiable", "entry_name",
    "flattened", "index_tuples", "joint", "kinds", "local_jacobian", "local_jacobians", "product", "reason", "sized", "step_sizes", "structure",
    "summed", "symbolic", "unflattened", "ways"]
