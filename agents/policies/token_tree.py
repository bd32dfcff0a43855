"""Sequences of tokens as a tree in which shared beginnings stand once, so that a model reads each of them once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

__all__ = ["TokenTree", "token_tree"]


class TokenTree(NamedTuple):
    """The tree of A sequences, none of which begins another.

    Node 0 is the root, the prompt; nodes 1 to M are the tokens that have something after them, a parent before its
    children. An edge leads from a node to a possible next token; those to last tokens lead to no node, since nothing
    needs to be read after them.

    Attributes:
        tokens: int64 (M,), the tokens of nodes 1 to M.
        depths: int64 (M,), tokens between the root and the node.
        sees: bool (M, M), whether a node is itself or lies below another: what it may attend to besides the prompt.
        edge_from: int64 (E,), the node that an edge leaves.
        edge_token: int64 (E,), the token that it adds.
        paths: int64 (A, L), the edges of each sequence, padded with E.
        lengths: int64 (A,), tokens of each sequence.
    """

    tokens: np.ndarray
    depths: np.ndarray
    sees: np.ndarray
    edge_from: np.ndarray
    edge_token: np.ndarray
    paths: np.ndarray
    lengths: np.ndarray


@lru_cache(maxsize=4096)
def token_tree(sequences: tuple[tuple[int, ...], ...]) -> TokenTree:
    """Return the tree of sequences of token ids. Equal sequences share a path.

    Raises:
        ValueError: a sequence is empty or begins another; end each with a token that stands nowhere else.
    """
    edges: dict[tuple[int, int], int] = {}
    nodes: dict[int, int] = {}  # the edge that leads to a node, and the node
    node_edges: list[int] = []
    paths: list[list[int]] = []
    for sequence in sequences:
        at, path = 0, []
        for i, token in enumerate(sequence):
            edge = edges.setdefault((at, token), len(edges))
            path.append(edge)
            if i + 1 < len(sequence):
                if edge not in nodes:
                    node_edges.append(edge)
                    nodes[edge] = len(node_edges)
                at = nodes[edge]
        paths.append(path)
    if not all(paths) or any(path[-1] in nodes for path in paths):
        raise ValueError("a sequence of tokens is empty or begins another one: end each with a token of its own")
    return _arrays(list(edges), node_edges, paths)


def _arrays(edges: Sequence[tuple[int, int]], node_edges: Sequence[int], paths: Sequence[Sequence[int]]) -> TokenTree:
    size, longest = len(node_edges), max(map(len, paths))
    sees, depths = np.eye(size, dtype=bool), np.zeros(size, dtype=np.int64)
    for i, edge in enumerate(node_edges):
        parent = edges[edge][0]
        if parent:
            sees[i] |= sees[parent - 1]
            depths[i] = depths[parent - 1] + 1
    padded = np.full((len(paths), longest), len(edges), dtype=np.int64)
    for row, path in zip(padded, paths, strict=True):
        row[: len(path)] = path
    source, token = (np.array(column, dtype=np.int64) for column in zip(*edges, strict=True))
    lengths = np.array([len(path) for path in paths], dtype=np.int64)
    return TokenTree(token[list(node_edges)], depths, sees, source, token, padded, lengths)
