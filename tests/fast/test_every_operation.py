"""Every sample of every operation is compiled, in both types, and gives what the run gives: no operation needs the readable form."""
import numpy as np
import pytest

import backproplab as bl
from backproplab.engine.rules import OPERATIONS
from backproplab.engine.samples import sampled

SAMPLES = list(dict.fromkeys(text for op in OPERATIONS.values() for text in op.samples))


@pytest.mark.parametrize("dtype, rtol", [(np.float64, 1e-12), (np.float32, 1e-4)], ids=["float64", "float32"])
@pytest.mark.parametrize("text", SAMPLES)
def test_a_compiled_sample_gives_what_the_run_gives(text, dtype, rtol):
    f, inputs = sampled(text)
    shape = np.shape(f(**inputs))
    seed = {"cotangent": np.cos(np.arange(int(np.prod(shape)))).reshape(shape) + 1.5} if shape else {}
    run, program = bl.trace(f, **inputs, **seed), bl.compile(f, **inputs, dtype=dtype)
    for _ in range(2):                                                   # the second call finds the buffers as the first left them
        value, grads = program(**inputs, **seed)
        assert np.shape(value) == shape and np.allclose(value, run.value, rtol, rtol)
        for n, g in grads.items():
            assert np.shape(g) == np.shape(run.grads[n]) and np.allclose(g, run.grads[n], rtol, rtol * max(1, np.max(np.abs(run.grads[n]))))
            assert isinstance(g, float) or g.dtype == dtype
    assert program.refusal == "" and program.fallbacks == 0
