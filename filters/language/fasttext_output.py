"""From a document's vector to its label: fastText's losses (arXiv 1607.01759, section 2)."""

import math

import numpy as np

from massivetext.filters.kernels.kernel import borrowing_kernel, inlined_kernel
from massivetext.filters.language.fasttext_model import SOFTMAX, Floats, Integers

LOWEST_SCORE = np.float32(math.log(1e-5))  # hierarchical softmax leaves less probable branches out


@inlined_kernel
def _log(probability: np.float32 | float) -> np.float32:
    return np.float32(math.log(probability + 1e-5))


@borrowing_kernel
def descend(
    children: Integers, output: Floats, hidden: Floats, scores: Floats, nodes: Integers
) -> tuple[int, np.float32]:
    """The most probable leaf of the Huffman tree and its log probability.

    Likelier branches are followed first. `scores` and `nodes` are room for one more than there are labels.
    """
    labels = len(children) + 1
    nodes[0], scores[0] = 2 * labels - 2, 0
    waiting = 1
    best, best_score = -1, LOWEST_SCORE
    while waiting:
        waiting -= 1
        node, score = nodes[waiting], scores[waiting]
        if score < best_score:
            continue
        if node < labels:
            best, best_score = node, score
            continue
        weight = np.float32(0)
        for dimension in range(len(hidden)):
            weight += output[node - labels, dimension] * hidden[dimension]
        right = np.float32(1 / (np.float32(1) + math.exp(-weight)))
        likelier = 1 if right > 0.5 else 0
        for side in (1 - likelier, likelier):
            nodes[waiting] = children[node - labels, side]
            scores[waiting] = score + _log(right if side else 1.0 - right)
            waiting += 1
    return best, best_score


@borrowing_kernel
def highest(loss: int, output: Floats, hidden: Floats, scores: Floats) -> tuple[int, np.float32]:
    """The label of the highest probability (of equals, the last) and its logarithm.

    `scores` has room for every label.
    """
    scores[:] = 0
    for dimension in range(len(hidden)):
        weight = hidden[dimension]
        for label in range(len(scores)):
            scores[label] += output[dimension, label] * weight
    if loss == SOFTMAX:
        largest = scores[0]
        for score in scores:
            largest = max(largest, score)
        total = np.float32(0)
        for label in range(len(scores)):
            scores[label] = math.exp(scores[label] - largest)
            total += scores[label]
        for label in range(len(scores)):
            scores[label] /= total
    else:
        for label in range(len(scores)):
            scores[label] = _sigmoid(scores[label])
    best, best_score = -1, np.float32(-np.inf)
    for label in range(len(scores)):
        score = _log(scores[label])
        if score >= best_score:
            best, best_score = label, score
    return best, best_score


@borrowing_kernel
def _sigmoid(x: np.float32) -> np.float32:
    """fastText's: 0 below -8, 1 above 8, and between them the value at the step of 1/32 below x."""
    if x < -8:
        return np.float32(0)
    if x > 8:
        return np.float32(1)
    step = int((x + np.float32(8)) * np.float32(32))
    return np.float32(1 / (1 + math.exp(np.float32(8) - np.float32(step / 32))))
