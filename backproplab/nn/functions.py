"""The engine's activations and losses, as what they are: functions.

They are declared in the form of classes, and a type checker takes them for classes; here they are seen as the callables that they are.
"""
from __future__ import annotations

from typing import Any

from .. import engine

sigmoid: Any = engine.sigmoid
relu: Any = engine.relu
leaky_relu: Any = engine.leaky_relu
softplus: Any = engine.softplus
softmax: Any = engine.softmax
log_softmax: Any = engine.log_softmax
squared_error: Any = engine.squared_error
binary_cross_entropy_with_logits: Any = engine.binary_cross_entropy_with_logits
softmax_cross_entropy: Any = engine.softmax_cross_entropy
