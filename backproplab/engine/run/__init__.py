"""What bl.trace gives: `run` holds a traced function with all its numbers and steps, `trace` makes it."""
from ..steps import Step
from .run import Run
from .trace import as_run, source, trace

__all__ = ["Run", "Step", "as_run", "source", "trace"]
