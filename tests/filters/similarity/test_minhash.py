import json
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import zstandard
from datasketch import MinHash

from massivetext.filters.similarity.jaccard import jaccards
from massivetext.filters.similarity.minhash import band_parameters, bands, candidate_probability, signatures
from massivetext.filters.similarity.permute import narrow
from massivetext.filters.similarity.shingle import Shingle
from massivetext.filters.similarity.shingles import shingles
from tests.paths import SHARED

NEAR_DUPLICATES = SHARED / "neardups"
RANDOM = np.random.RandomState(5)
TEXTS = [
    " ".join(f"w{word}" for word in RANDOM.randint(0, 50, count)) for count in (1, 12, 13, 14, 200, 3000)
]


def batch(*texts: str) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array(texts, pa.string())})


def matrix(lists: pa.FixedSizeListArray) -> np.ndarray:
    return lists.flatten().to_numpy().reshape(-1, lists.type.list_size)


@pytest.mark.parametrize(("permutations", "seed", "n"), [(128, 1, 13), (256, 42, 13), (1, 7, 13), (37, 1, 5)])
def test_signatures_are_datasketchs_bit_for_bit(permutations: int, seed: int, n: int) -> None:
    documents = batch(*TEXTS)
    offsets, values = shingles(documents, Shingle(n))
    found = matrix(signatures(documents, permutations, seed, Shingle(n)))
    for row, (start, end) in enumerate(pairwise(offsets)):
        peer = MinHash(permutations, seed, scheme="affine32", hashfunc=int)
        peer.update_batch(narrow(value) for value in values[start:end])
        assert found[row].tolist() == peer.hashvalues.tolist()


def test_signatures_never_change_between_versions() -> None:
    """Stored signatures of earlier runs are compared with new ones: a change here breaks that."""
    assert matrix(signatures(batch("To be, or not to be: that is the question."), 4)).tolist() == [
        [42511047, 4023926641, 3164479843, 4096927325]
    ]


def test_a_document_without_words_has_no_signature_and_no_band() -> None:
    found = signatures(batch("a b", "", "c d", "..."), 8)
    assert found.is_valid().to_pylist() == [True, False, True, False]
    assert bands(found, 2, 4).is_valid().to_pylist() == [True, False, True, False]
    assert len(bands(found, 2, 4).flatten()) == 2 * 2
    assert len(signatures(batch(), 8)) == len(bands(signatures(batch(), 8), 2, 4)) == 0


def test_bands_are_equal_where_all_their_rows_are() -> None:
    values = RANDOM.randint(0, 2, (500, 6), dtype=np.uint32)
    found = matrix(bands(pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), 6), 2, 3))
    expected = [(band, *row[3 * band : 3 * band + 3].tolist()) for row in values for band in range(2)]
    assert len(set(expected)) == 16  # of 500: so equal ones occur, and both bands hold equal rows
    assert (
        len(set(zip(expected, found.ravel().tolist(), strict=True))) == len(set(found.ravel().tolist())) == 16
    )


def test_bands_follow_slices() -> None:
    found = signatures(batch(*TEXTS[:2], "", *TEXTS[2:]), 12)
    assert bands(found[1:5], 3, 4).equals(bands(found, 3, 4)[1:5])


def test_bands_need_permutations_enough() -> None:
    with pytest.raises(ValueError, match="12 permutations, not 8"):
        bands(signatures(batch("a"), 8), 3, 4)


@pytest.mark.parametrize("jaccard", [0.5, 0.8, 0.9])
def test_candidates_are_found_as_often_as_predicted(jaccard: float) -> None:
    """2,000 pairs of sets of 90 words, or so, with exactly this Jaccard; deterministic, so no flake."""
    pairs, union = 2000, 100
    shared = round(jaccard * union)
    own = (union - shared) // 2
    names = [f"p{pair}w{word}" for pair in range(pairs) for word in range(union)]
    texts = []
    for first in range(0, pairs * union, union):
        common = names[first : first + shared]
        rest = names[first + shared : first + union]
        texts += [" ".join(common + rest[:own]), " ".join(common + rest[own:])]
    band_count, rows = band_parameters(0.8, 256)
    found = matrix(bands(signatures(batch(*texts), 256, shingle=Shingle(1)), band_count, rows)).reshape(
        pairs, 2, band_count
    )
    share = np.mean(np.any(found[:, 0] == found[:, 1], axis=1))
    expected = candidate_probability(jaccard, band_count, rows)
    # 4.5 standard deviations; at 0.9 next to nothing is missed.
    assert abs(share - expected) < 4.5 * (expected * (1 - expected) / pairs) ** 0.5 + 1e-3


@pytest.mark.parametrize("permutations", [64, 128, 256])
@pytest.mark.parametrize("threshold", [0.5, 0.8, 0.95])
def test_band_parameters_are_the_most_rows_then_the_fewest_bands(threshold: float, permutations: int) -> None:
    reach = [
        (band_count, rows)
        for rows in range(1, permutations + 1)
        for band_count in range(1, permutations // rows + 1)
        if candidate_probability(threshold, band_count, rows) >= 0.99
    ]
    most = max(rows for _, rows in reach)
    assert band_parameters(threshold, permutations, 0.99) == min(pair for pair in reach if pair[1] == most)


def test_known_band_parameters() -> None:
    assert band_parameters(0.8, 128) == (16, 6)
    assert band_parameters(0.8, 256) == (26, 8)
    assert band_parameters(1.0, 128) == (1, 128)


def test_an_unreachable_recall_is_an_error() -> None:
    with pytest.raises(ValueError, match="8 permutations cannot find pairs"):
        band_parameters(0.1, 8)


@pytest.mark.skipif(not NEAR_DUPLICATES.exists(), reason="no ../shared/data/neardups")
def test_near_duplicates_among_revisions_of_real_posts_are_candidates() -> None:
    with zstandard.open(NEAR_DUPLICATES / "18f-docs.jsonl.zst", "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    rows = {document["id"]: row for row, document in enumerate(documents)}
    listed = [json.loads(line) for line in (NEAR_DUPLICATES / "18f-pairs.jsonl").read_text().splitlines()]
    left, right = (np.array([rows[pair[side]] for pair in listed]) for side in "ab")
    posts = batch(*(document["text"] for document in documents))
    exact = jaccards(*shingles(posts), left, right)
    # Published for words with their punctuation and case, so close to ours, not equal.
    published = np.array([pair["jaccard13"] for pair in listed])
    assert np.corrcoef(exact, published)[0, 1] > 0.97
    found = bands(signatures(posts, 128), *band_parameters(0.8, 128))
    hashes = found.values.to_numpy().reshape(len(posts), -1)
    candidates = np.any(hashes[left] == hashes[right], axis=1)
    near = exact > 0.8
    assert near.sum() > 1000
    assert candidates[near].mean() >= 0.99
