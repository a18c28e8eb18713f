"""Networks and their training, small and classical: layers as functions, losses, penalties, optimisers as pure steps, seeded data.

    data, test = nn.two_moons(400, seed=1).split()
    net = nn.Network((2, 16, 16, 1), "relu")
    trained = nn.train(net.objective("logistic"), net.start("he", seed=1), data, steps=500, optimiser=nn.Adam(0.01), test=test)
    net.accuracy(trained.params, *test)

The gradients are the engine's. `algorithms` and `layer_interface` hold what the lectures print, under the lectures' names.
"""
from . import algorithms, initialisers, layer_interface
from .algorithms import algorithm_6_3, algorithm_6_4, nn_backward, nn_forward, sgd
from .datasets import DATASETS, Data, blobs, circles, dataset, digits, line, spirals, two_moons, xor
from .functions import leaky_relu, relu, sigmoid, softmax, softplus
from .gradients import compiled
from .history import History, Trained
from .initialisers import INITIALISERS, Initialiser, he, initialiser, normal, scaled, xavier, zeros
from .layers import ACTIVATIONS, activation, batch_norm, linear, linear_column, residual_block
from .losses import LOSSES, Loss, as_printed, half_squared_error, loss
from .network import Layer, Network
from .optimisers import SGD, Adam, Momentum, Optimiser
from .penalties import L1, L2
from .statistics import activation_statistics, gradient_norms
from .training import train
from .trees import leaves, mapped

__all__ = [
    "ACTIVATIONS", "DATASETS", "INITIALISERS", "L1", "L2", "LOSSES", "SGD", "Adam", "Data", "History", "Initialiser", "Layer", "Loss",
    "Momentum", "Network", "Optimiser", "Trained", "activation", "activation_statistics", "algorithm_6_3", "algorithm_6_4", "algorithms",
    "as_printed", "batch_norm", "blobs", "circles", "compiled", "dataset", "digits", "gradient_norms", "half_squared_error", "he",
    "initialiser", "initialisers", "layer_interface", "leaky_relu", "leaves", "line", "linear", "linear_column", "loss", "mapped",
    "nn_backward", "nn_forward", "normal", "relu", "residual_block", "scaled", "sgd", "sigmoid", "softmax", "softplus", "spirals", "train",
    "two_moons", "xavier", "xor", "zeros"]
