"""Scaling laws: compute the best model and number of tokens for a budget, and what repeated tokens are worth.

Sources: Hoffmann et al. 2022, "Training Compute-Optimal Large Language Models" (Chinchilla, arXiv 2203.15556);
Besiroglu et al. 2024, "Chinchilla Scaling: A replication attempt" (arXiv 2404.10102); Muennighoff et al. 2023,
"Scaling Data-Constrained Language Models" (arXiv 2305.16264). All take C = 6ND: FLOPs of training N parameters
on D tokens.
"""

import math
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Optimum:
    """A model and the tokens to train it on, such that no other pair gives a lower loss for its FLOPs."""

    parameters: float
    tokens: float

    @property
    def flops(self) -> float:
        return 6 * self.parameters * self.tokens


@dataclass(frozen=True)
class Law:
    """N = coefficient * (C / 6) ^ exponent parameters are best for C FLOPs, with D = C / 6N tokens.

    Any of N, D and C gives the other two. All are positive.
    """

    name: str
    source: str
    coefficient: float
    exponent: float
    interval: str = ""  # of the exponent, as its source gives it

    @classmethod
    def parametric(
        cls, name: str, source: str, *, a: float, b: float, alpha: float, beta: float, interval: str = ""
    ) -> Self:
        """The law that minimises L = E + A / N^alpha + B / D^beta for given FLOPs, whatever E.

        N = G (C / 6)^(beta / (alpha + beta)), G = (alpha A / beta B)^(1 / (alpha + beta)) (arXiv 2203.15556,
        equation 4).
        """
        total = alpha + beta
        return cls(name, source, (alpha * a / (beta * b)) ** (1 / total), beta / total, interval)

    def of_flops(self, flops: float) -> Optimum:
        parameters = self.coefficient * (flops / 6) ** self.exponent
        return Optimum(parameters, flops / 6 / parameters)

    def of_parameters(self, parameters: float) -> Optimum:
        return Optimum(parameters, (parameters / self.coefficient) ** (1 / self.exponent) / parameters)

    def of_tokens(self, tokens: float) -> Optimum:
        """Solves D = (C / 6)^(1 - exponent) / coefficient for C."""
        return self.of_flops(6 * (tokens * self.coefficient) ** (1 / (1 - self.exponent)))


APPROACH_1 = Law(
    "Chinchilla, approach 1",
    "fitted to arXiv 2203.15556, Table 3",
    coefficient=0.24252,
    exponent=0.498092,
    interval="0.488 to 0.502 (80 % of bootstraps)",
)
"""The paper prints only N proportional to C^0.50. These constants are the least-squares line through the
logarithms of Table 3's parameters and FLOPs, but for its row of 67B parameters, where C is not 6ND (its 1.5T
tokens would take 6.03e23 FLOPs, not 5.76e23). They give each other row's FLOPs and tokens within 0.9 %."""

APPROACH_3 = Law.parametric(
    "Chinchilla, approach 3",
    "arXiv 2203.15556, the TeX's digits",
    a=406.4,
    b=410.7,
    alpha=0.3392,
    beta=0.2849,
    interval="0.454 to 0.455 (80 % of bootstraps)",
)
"""Exponents unrounded: with the printed 0.34 and 0.28 a budget of 5.76e23 would give 32B parameters, not the
text's 40B. The paper's Table A3 follows other constants: it has 2 to 16 % fewer FLOPs and tokens."""

BESIROGLU = Law.parametric(
    "Besiroglu et al. 2024",
    "arXiv 2404.10102",
    a=482.01,
    b=2085.43,
    alpha=0.3478,
    beta=0.3658,
    interval="0.47 to 0.55 (two standard errors)",
)
"""Approach 3 fitted again to the points of the paper's figure, after two defects of the first fit."""

LAWS = (APPROACH_1, APPROACH_3, BESIROGLU)

DECAY = 15.387756
"""R*: repetitions after which a repeated token is worth 1 / e of a new one (arXiv 2305.16264)."""


def effective_tokens(unique: float, epochs: float) -> float:
    """Returns D', the new tokens that `epochs` passes over `unique` tokens are worth: U + U R* (1 - exp(-R / R*)).

    R = epochs - 1 (arXiv 2305.16264, equation 5; fitted on 1 to 500 epochs of C4, models up to 9B). Less than
    one epoch repeats nothing.
    """
    if epochs <= 1:
        return unique * epochs
    return unique * (1 - DECAY * math.expm1(-(epochs - 1) / DECAY))


def marginal_value(epochs: float) -> float:
    """Returns the worth of the last token of `epochs`, as a share of that of a new token: the derivative of D'."""
    return math.exp(-max(0.0, epochs - 1) / DECAY)
