import hashlib

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from massivetext.filters.similarity.fingerprint import fingerprints

WHITE_SPACE = "\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
# Neighbours of white space, by code point and by byte, are none; nor are \x1c to \x1f, which str.split takes.
LOOKALIKES = (
    "\x08\x0e\x1c\x1f!\x84\x86\xa1é\u167f\u1681\u1fff\u200b\u2027\u202a\u202e"
    "\u2060\u2fff\u3001\ufeff\U0001f600"
)


def hashes(*texts: str) -> list[bytes]:
    found: list[bytes] = fingerprints(pa.record_batch({"text": pa.array(texts, pa.string())})).to_pylist()
    return found


def expected(text: str) -> bytes:
    parts = text.translate(dict.fromkeys(map(ord, WHITE_SPACE), " ")).split(" ")
    return hashlib.blake2b(" ".join(filter(None, parts)).encode(), digest_size=16).digest()


@settings(deadline=None)  # the first call compiles
@given(
    st.lists(
        st.text(st.sampled_from(WHITE_SPACE + LOOKALIKES + "ab") | st.characters(exclude_categories=["Cs"]))
    )
)
@example([WHITE_SPACE, LOOKALIKES, LOOKALIKES.join(WHITE_SPACE), " a", "a ", ""])
def test_the_hash_of_the_words_joined_by_single_spaces(texts: list[str]) -> None:
    assert hashes(*texts) == [expected(text) for text in texts]


def test_only_white_space_is_normalised() -> None:
    assert len(set(hashes("a b", " a\n\nb ", "a\u3000b"))) == 1
    assert len(set(hashes("a b", "ab", "A b", "a, b", "b a", "", "a\u200bb"))) == 7


def test_slices() -> None:
    batch = pa.record_batch({"text": ["a", "b  c", "d", " "]})
    assert fingerprints(batch.slice(1, 2)).equals(fingerprints(batch)[1:3])
    assert fingerprints(batch.slice(0, 0)).type == pa.binary(16)
