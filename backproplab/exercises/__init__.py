"""Engines that a learner builds, checked at once against ours: gates, a graph of gates, and the backward pass in its textbook forms.

Every check runs the learner's code on public cases and answers with a `Report`: what is right, and in plain words what is not.
"""
from .algorithms import check_grad_table, check_path_recursion, check_version_a, check_version_b
from .checking import check
from .gates import check_gate, gate
from .graphs import check_graph, gate_program
from .local_graph import LocalGraph, local_graph
from .report import Report

__all__ = ["LocalGraph", "Report", "check", "check_gate", "check_grad_table", "check_graph", "check_path_recursion", "check_version_a",
           "check_version_b", "gate", "gate_program", "local_graph"]
