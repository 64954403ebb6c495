"""StarCoder's limits on source files (arXiv 2305.06161); StarCoder2's on encoded data (arXiv 2402.19173).

They are off by default.
"""

import numpy as np

from massivetext.filters.edges import COUNTS
from massivetext.filters.families.family import Family, Limit

FAMILY = Family(
    name="code_quality",
    place=60,
    meaning="source files that are data: long lines, few letters, encoded data",
    limits={
        "maximum_line_length": Limit(maximum=1000),
        "mean_line_length": Limit(maximum=100),
        "alphanumeric_fraction": Limit(minimum=0.25),
        "encoded_data_fraction": Limit(maximum=0.5),
        "longest_encoded_run": Limit(maximum=1024),
    },
    meanings={
        "maximum_line_length": "characters in the longest line",
        "mean_line_length": "characters in lines / lines",
        "alphanumeric_fraction": "share of the characters that are letters or digits",
        "encoded_data_fraction": "share of the characters in encoded data, such as base64",
        "longest_encoded_run": "characters in the longest run of encoded data",
    },
    edges={
        "maximum_line_length": COUNTS,
        "mean_line_length": np.linspace(0, 200, 41),
        "longest_encoded_run": COUNTS,
    },
    is_always_shown=False,
)
