import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from massivetext.filters.measure.characters import measure_characters


def counts(*texts: str | None) -> list[tuple[int, int]]:
    measured = measure_characters(pa.record_batch({"text": pa.array(texts, pa.string())}))
    assert measured.column("mojibake_count").null_count == len(texts)
    return list(zip(measured.column(0).to_pylist(), measured.column(1).to_pylist(), strict=True))


def test_what_counts() -> None:
    texts = (
        "a\tb\r\nc",
        "\0\x01\x1f\x7f",
        "\x80\x9f\x85\xa0",
        "\ufffd\ufffda\ufffc\ufffe",
        "Â\x80é",
        "",
        None,
    )
    assert counts(*texts) == [(0, 0), (4, 0), (3, 0), (0, 2), (1, 0), (0, 0), (0, 0)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text()))
def test_every_character_counts_once(texts: list[str]) -> None:
    controls = [sum((c < " " and c not in "\t\n\r") or "\x7f" <= c < "\xa0" for c in text) for text in texts]
    assert counts(*texts) == [(c, t.count("\ufffd")) for c, t in zip(controls, texts, strict=True)]


def test_slices() -> None:
    batch = pa.record_batch({"text": ["\0", "\x01\x02", "a"]}).slice(1)
    assert measure_characters(batch).column(0).to_pylist() == [2, 0]


def test_mojibake_is_measured_where_asked() -> None:
    pytest.importorskip("ftfy", reason="an optional extra")
    texts = ["naïve café", "naÃ¯ve cafÃ©"]
    measured = measure_characters(pa.record_batch({"text": texts}), mojibake=True)
    assert measured.column("mojibake_count").to_pylist() == [0, 2]
