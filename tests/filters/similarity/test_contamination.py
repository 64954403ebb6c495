import pickle

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.similarity.contamination import TestSetIndex, match
from massivetext.filters.similarity.shingle import Shingle

# Few words, so that items and documents share runs by chance.
TEXTS = st.lists(st.lists(st.sampled_from("abc"), max_size=25).map(" ".join), max_size=6)


def batch(*texts: str) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array(texts, pa.string())})


def index(*texts: str, n: int = 13) -> TestSetIndex:
    return TestSetIndex.build(
        [("set", str(position), text) for position, text in enumerate(texts)], Shingle(n)
    )


def grams(text: str, n: int) -> list[tuple[str, ...]]:
    words = text.split()
    n = min(n, len(words))
    return [tuple(words[at : at + n]) for at in range(len(words) - n + 1)] if words else []


def expected(documents: list[str], items: list[str], n: int) -> list[dict[str, float]]:
    rows = []
    for document, text in enumerate(documents):
        for item, item_text in enumerate(items):
            found, wanted = grams(text, n), set(grams(item_text, n))
            shared = len(set(found) & wanted)
            if not shared:
                continue
            run = longest = 0
            for gram in found:
                run = run + 1 if gram in wanted else 0
                longest = max(longest, run)
            rows.append(
                {
                    "document": document,
                    "item": item,
                    "shared": shared,
                    "jaccard": shared / len(set(found) | wanted),
                    "containment": shared / len(wanted),
                    "longest_run": longest - 1 + len(found[0]),
                }
            )
    return rows


@settings(deadline=None)  # the first call compiles
@given(TEXTS, TEXTS, st.integers(1, 6))
def test_matches_against_python_sets(documents: list[str], items: list[str], n: int) -> None:
    assert match(batch(*documents), index(*items, n=n)).to_pylist() == expected(documents, items, n)


def test_many_documents_and_items() -> None:
    """Enough matches and shingles for every array to grow."""
    documents = [" ".join(f"w{(start + at) % 211}" for at in range(start % 60)) for start in range(120)]
    items = [" ".join(f"w{(start + at) % 211}" for at in range(40)) for start in range(0, 200, 3)]
    rows = match(batch(*documents), index(*items)).to_pylist()
    assert len(rows) > 1000
    assert rows == expected(documents, items, 13)


def test_the_index_keeps_names_and_sizes_and_survives_pickling() -> None:
    built = TestSetIndex.build(
        [("lambada", "7", "one two three"), ("mmlu", "a", ""), ("mmlu", "b", "x " * 50)]
    )
    assert (built.test_sets, built.items) == (["lambada", "mmlu", "mmlu"], ["7", "a", "b"])
    assert built.sizes.tolist() == [1, 0, 1]
    documents = batch("One two (three)!", "one two three four", "x " * 13)
    found = match(documents, built)
    assert found.select(["document", "item", "jaccard"]).to_pylist() == [
        {"document": 0, "item": 0, "jaccard": 1.0},
        {"document": 2, "item": 2, "jaccard": 1.0},
    ]
    assert match(documents, pickle.loads(pickle.dumps(built))).equals(found)


def test_an_item_inside_a_long_document() -> None:
    item = " ".join(f"item{at}" for at in range(30))
    text = (
        " ".join(f"before{at}" for at in range(500))
        + f" {item} "
        + " ".join(f"after{at}" for at in range(500))
    )
    (row,) = match(batch("none of it", text), index("another item", item)).to_pylist()
    assert (row["document"], row["item"], row["shared"], row["containment"]) == (1, 1, 18, 1.0)
    assert row["jaccard"] == 18 / (1030 - 12)
    assert row["longest_run"] == 30


def test_nothing_to_match() -> None:
    assert match(batch("a b c"), index()).num_rows == 0
    assert match(batch(), index("a b c")).num_rows == 0
    assert match(batch("", "..."), index("", "...")).num_rows == 0
