import numpy as np

from massivetext.filters.kernels.avalanche import avalanche


def test_avalanche_is_murmurhash3s_finaliser() -> None:
    """Checked against plain integers: the kernel's arithmetic is unsigned and wraps."""
    for value in (0, 1, 2**63, 2**64 - 1, 0x0123456789ABCDEF):
        expected = value
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            expected = (expected ^ expected >> 33) * factor % 2**64
        expected ^= expected >> 33
        assert int(avalanche(np.uint64(value))) == expected
