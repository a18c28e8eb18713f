"""Solutions to the tasks of 05_build_the_engine: gates, a graph of gates, and four forms of the backward pass. For instructors' eyes."""
import numpy as np


class Add:
    def forward(self, x, y):
        return x + y

    def backward(self, dz):
        return [dz, dz]


class Multiply:
    def forward(self, x, y):
        self.x, self.y = x, y
        return x * y

    def backward(self, dz):
        return [dz * self.y, dz * self.x]


class Max:
    def forward(self, x, y):
        self.x, self.y = x, y
        return np.maximum(x, y)

    def backward(self, dz):
        return [dz * (self.x >= self.y), dz * (self.x < self.y)]


class Exp:
    def forward(self, x):
        self.out = np.exp(x)
        return self.out

    def backward(self, dz):
        return [dz * self.out]


class Log:
    def forward(self, x):
        self.x = x
        return np.log(x)

    def backward(self, dz):
        return [dz / self.x]


class Sigmoid:
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, dz):
        return [dz * self.out * (1 - self.out)]


class MatMul:
    def forward(self, X, W):
        self.X, self.W = X, W
        return X @ W

    def backward(self, dZ):
        return [dZ @ self.W.T, self.X.T @ dZ]


class ComputationalGraph:
    def __init__(self, program):
        self.program = program
        self.gates = {name: gate() for name, gate, _ in program}

    def forward(self, inputs):
        self.inputs = inputs
        values = dict(inputs)
        for name, _, names in self.program:
            values[name] = self.gates[name].forward(*[values[n] for n in names])
        self.output = name
        return values[name]

    def backward(self):
        gradients = dict.fromkeys([*self.inputs, *self.gates], 0.0)
        gradients[self.output] = 1.0
        for name, _, names in reversed(self.program):
            for n, sent in zip(names, self.gates[name].backward(gradients[name]), strict=True):
                gradients[n] += sent
        return {n: gradients[n] for n in self.inputs}


def version_a(graph):
    gradients = {graph.output: 1.0}
    for v in reversed(graph.order):
        if v != graph.output:
            gradients[v] = sum(gradients[u] * graph.local[u, v] for u in graph.children[v])
    return gradients


def version_b(graph):
    gradients = dict.fromkeys(graph.order, 0.0)
    gradients[graph.output] = 1.0
    for u in reversed(graph.order):
        for v in graph.parents[u]:
            gradients[v] += gradients[u] * graph.local[u, v]
    return gradients


def back_propagation(graph):
    grad_table = {graph.output: 1.0}
    for v in reversed(graph.order[:-1]):
        grad_table[v] = sum(grad_table[u] * graph.local[u, v] for u in graph.children[v])
    return {v: grad_table[v] for v in graph.inputs}


def over_paths(graph, name):
    if name == graph.output:
        return 1.0
    return sum(over_paths(graph, u) * graph.local[u, name] for u in graph.children[name])
