"""Which files share a part."""

from dataclasses import replace

from massivetext.pipeline.stages.curate.parts import PART_FILES, group
from massivetext.pipeline.storage.origin import Origin

SMALL = Origin("a", "/nowhere/a", 10)


def parts(count: int, part_bytes: int = 1 << 20, size: int = 10) -> list[int]:
    """How many files each part takes."""
    origins = [replace(SMALL, name=str(number), bytes=size) for number in range(count)]
    items = group("web", "web", origins, part_bytes, 5)
    assert [item.part for item in items] == list(range(5, 5 + len(items)))
    assert [origin.name for item in items for origin in item.origins] == [
        str(number) for number in range(count)
    ]
    return [len(item.origins) for item in items]


def test_a_part_takes_no_more_than_1000_files() -> None:
    assert PART_FILES == 1000
    assert parts(1000) == [1000]
    assert parts(1001) == [1000, 1]
    assert parts(2001) == [1000, 1000, 1]


def test_a_part_takes_no_more_bytes_than_configured() -> None:
    assert parts(5, part_bytes=25) == [2, 2, 1]
    assert parts(5, part_bytes=30) == [3, 2]
    assert parts(0) == []
    assert parts(3, part_bytes=9, size=9) == [1, 1, 1]
