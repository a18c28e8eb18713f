"""What is raced in programs.py, row by row."""
from __future__ import annotations

import numpy as np
from array_models import convolution, deep, digits, recurrent, residual
from number_models import chain, classic, logistic, scalar_network, scattered
from row import Row


def rows() -> list[Row]:
    return [classic(), scalar_network(), chain(1000), chain(10_000), scattered(1000), scattered(10_000), chain(100_000), scattered(100_000),
            chain(100_000, straight_line=True), scattered(100_000, straight_line=True), digits(1), digits(32), digits(256), digits(1, np.float32),
            digits(32, np.float32), digits(256, np.float32), deep(), logistic(), residual(), recurrent(), convolution()]
