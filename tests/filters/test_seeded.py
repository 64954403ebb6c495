import numpy as np
import pyarrow as pa
import pytest

from massivetext.filters.seeded import derive, order

IDS = pa.array([f"{i * 0x9E3779B97F4A7C15F39CC0605CEDC834 % 2**128:032x}" for i in range(20_000)])


def test_the_same_id_has_the_same_place_whatever_surrounds_it() -> None:
    whole = order(IDS, 17, "survivor")
    assert np.array_equal(order(IDS[500:700], 17, "survivor"), whole[500:700])
    assert np.array_equal(order(IDS.take(pa.array([7, 3])), 17, "survivor"), whole[[7, 3]])


def test_the_order_never_changes_between_versions() -> None:
    """A changed hash changes every survivor and every sample: then this is an incompatible version."""
    assert order(pa.array(["0" * 32, "", "a"]), 17, "survivor").tolist() == [
        7232558157743802786,
        9178019387841543135,
        4261159598975905636,
    ]


@pytest.mark.parametrize("other", [(18, "survivor"), (17, "repeat"), (1, "7 survivor"), (-17, "survivor")])
def test_seeds_and_purposes_give_independent_uniform_orders(other: tuple[int, str]) -> None:
    first, second = order(IDS, 17, "survivor"), order(IDS, *other)
    shares = [hashes / 2.0**64 for hashes in (first, second)]
    for share in shares:
        assert np.abs(np.histogram(share, 10, (0, 1))[0] - 2000).max() < 200  # 4.7 standard deviations
    assert abs(np.corrcoef(*shares)[0, 1]) < 0.03  # 4.2 standard deviations
    assert not np.intersect1d(first, second).size


def test_ids_that_differ_in_one_character_or_in_length_differ() -> None:
    ids = (
        ["a" * n for n in range(40)] + ["a" * n + "b" for n in range(40)] + ["a\0" * n for n in range(1, 20)]
    )
    assert np.unique(order(pa.array(ids), 1, "x")).size == len(ids)


def test_no_ids() -> None:
    assert order(pa.array([], pa.string()), 1, "x").tolist() == []


def test_derived_hashes_are_distinct_uniform_and_independent_of_their_source() -> None:
    values = order(IDS, 17, "survivor")
    for purpose in ("survivor", "round 1"):
        derived = derive(values, 17, purpose)
        assert np.unique(derived).size == len(IDS)
        assert np.abs(np.histogram(derived / 2.0**64, 10, (0, 1))[0] - 2000).max() < 200
        assert abs(np.corrcoef(derived / 2.0**64, values / 2.0**64)[0, 1]) < 0.03
    assert np.array_equal(derive(values[5:9], 17, "round 1"), derived[5:9])
