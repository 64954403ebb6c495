"""Shingles of characters: scattered small edits leave a near duplicate."""

import random
from pathlib import Path

import pytest

from massivetext.pipeline.config.deduplicate import Deduplicate
from tests.pipeline.stages.deduplicate.corpus import find, write


def pages() -> list[str]:
    """Forty pages of Chinese characters, each followed by a copy in which thirty of a thousand are changed."""
    chance = random.Random(3)
    signs = [chr(point) for point in range(0x4E00, 0x5600)]
    found = []
    for _ in range(40):
        page = chance.choices(signs, k=1000)
        copy = list(page)
        for place in chance.sample(range(1000), 30):
            copy[place] = chance.choice(signs)
        found += ["".join(page), "".join(copy)]
    return found


def test_copies_with_scattered_edits_are_removed_by_characters_alone(tmp_path: Path) -> None:
    table = write(tmp_path / "out", [pages()])
    pair_of = {id_: at // 2 for at, id_ in enumerate(table.column("id").to_pylist())}
    assert find(tmp_path / "out") == {}
    assert find(tmp_path / "out", shingle={"characters": 5}, threshold=0.9) == {}
    found = find(tmp_path / "out", shingle={"characters": 5}, threshold=0.7)
    assert len(found) == 40
    text_of = dict(zip(*(table.column(name).to_pylist() for name in ("id", "text")), strict=True))
    for id_, one in found.items():
        assert pair_of[id_] == pair_of[one.survivor]
        left, right = (
            {text[at : at + 5] for at in range(996)} for text in (text_of[id_], text_of[one.survivor])
        )
        assert one.jaccard == pytest.approx(len(left & right) / len(left | right))


def test_what_a_shingle_is_in_the_configuration() -> None:
    assert str(Deduplicate().shingles) == "13 words"
    assert str(Deduplicate.model_validate({"shingle": 7}).shingles) == "7 words"
    assert str(Deduplicate.model_validate({"shingle": {"characters": 5}}).shingles) == "5 characters"
    for wrong in (0, {"characters": 0}, {"words": 5}, {}, "five"):
        with pytest.raises(ValueError, match="shingle"):
            Deduplicate.model_validate({"shingle": wrong})
