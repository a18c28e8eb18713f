"""Mistakes made with the finished gradient, or in place of one."""
from .declare import Case, finished, misconception

CHAIN = Case("a = x * z; b = np.sin(a); y = b * w", {"x": 1.3, "z": 0.7, "w": 2.5}, "a")      # 2.5 cos 0.91 = 1.534367

misconception(
    "sign", finished(lambda a: -a.right),
    reason="{subject} is right except for its sign.",
    action="Follow the minus signs from the result down to {node}.",
    recognises=Case("a = x - z; b = 3 * a; y = np.exp(b)", {"x": 1.3, "z": 0.7}, "a", -18.148942), refuses=CHAIN.with_answer(0.91))

misconception(
    "value-for-grad", finished(lambda a: a.value),
    title="a value stands in place of the gradient",
    reason="{subject} is the value of {node}, from the forward pass.",
    action="Asked is how fast the result changes when {node} does.",
    recognises=CHAIN.with_answer(0.91), refuses=CHAIN.with_answer(3.068734))

misconception(
    "accumulate", finished(lambda a: 2 * a.right),
    title="the gradient is doubled, as by two backward passes without clearing",
    reason="{subject} is twice the gradient, as if the backward pass had run twice without clearing.",
    action="Start each pass from zero, and check for a contribution counted twice.",
    recognises=CHAIN.with_answer(3.068734), refuses=CHAIN.with_answer(0.91))

misconception(
    "fwd-mode", finished(lambda a: a.tangents),
    title="forward mode where reverse mode is asked",
    reason="{subject} says how {node} changes with an input; asked is how the result changes with {node}.",
    action="Start at the result and go back to {node}.",
    recognises=CHAIN.with_answer(0.7), refuses=CHAIN.with_answer(0.91))
