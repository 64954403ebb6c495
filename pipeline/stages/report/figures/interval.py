"""Confidence intervals of shares that were counted on few documents."""

import math

from massivetext.pipeline.stages.report.stats_audit import Share

Z = 1.959964  # the quantile of the normal distribution for an interval of 95 %


def wilson(count: int, of: int) -> Share:
    """A share with its 95 % score interval (Wilson 1927), which holds for few documents, too. `of` must be above 0."""
    share, spread = count / of, Z * Z / of
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    low = 0.0 if count == 0 else max(0.0, centre - half)
    return Share(documents=count, share=share, low=low, high=1.0 if count == of else min(1.0, centre + half))
