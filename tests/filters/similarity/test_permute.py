import numpy as np
import pytest

from massivetext.filters.kernels.widths import PERMUTED
from massivetext.filters.similarity.permute import narrow, permute

RANDOM = np.random.RandomState(3)


def test_narrow_takes_the_upper_half() -> None:
    assert int(narrow(np.uint64(0x89ABCDEF_01234567))) == 0x89ABCDEF


@pytest.mark.parametrize("count", [*range(10), 1001])
@pytest.mark.parametrize("permutations", [PERMUTED, 3 * PERMUTED])
def test_permute_against_plain_integers(count: int, permutations: int) -> None:
    shingles = RANDOM.randint(0, 2**64, count, np.uint64)
    multipliers, addends, least = RANDOM.randint(0, 2**32, (3, permutations), np.uint32)
    least //= np.uint32(count + 1)  # so that some are the least already
    expected = least.tolist()
    for value in (shingles >> np.uint64(32)).tolist():
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
            value = (value ^ value >> shift) * factor % 2**32
        value ^= value >> 16
        for k in range(permutations):
            expected[k] = min(expected[k], (int(multipliers[k]) * value + int(addends[k])) % 2**32)
    permute(shingles, multipliers, addends, least)
    assert least.tolist() == expected
