"""Which files share a part, and the numbers of parts."""

from dataclasses import replace
from pathlib import Path

import pytest

from massivetext.pipeline.stages.curate.parts import PART_FILES, bytes_of_parts, group, parts
from massivetext.pipeline.storage.origin import Origin

SMALL = Origin("a", "/nowhere/a", 10)


def origins(count: int, size: int = 10) -> list[Origin]:
    return [replace(SMALL, name=f"{number:05d}", bytes=size) for number in range(count)]


def names(of: list[tuple[Origin, ...]]) -> list[list[str]]:
    return [[origin.name for origin in part] for part in of]


def test_a_part_takes_no_more_than_1000_files() -> None:
    assert PART_FILES == 1000
    for count in (1000, 1001, 2001):
        found = group(origins(count, size=0), 1 << 20)  # files of no bytes end no part by their names
        assert [len(part) for part in found] == [1000] * (count // 1000) + [count % 1000] * bool(count % 1000)


@pytest.mark.parametrize(("size", "part_bytes"), [(10, 25), (10, 1000), (9, 9), (30, 20)])
def test_parts_hold_all_files_in_order_and_no_more_bytes_than_configured(size: int, part_bytes: int) -> None:
    given = origins(500, size)
    found = group(given, part_bytes)
    assert [origin for part in found for origin in part] == given
    assert all(len(part) * size <= part_bytes or len(part) == 1 for part in found)
    assert group([], part_bytes) == []


def test_one_more_file_changes_the_parts_around_it_and_none_behind() -> None:
    given = origins(2000)
    more = [*given[:1000], replace(SMALL, name="00999-and-a-half"), *given[1000:]]
    before, after = names(group(given, 1000)), names(group(more, 1000))
    changed = [part for part in after if part not in before]
    assert 1 <= len(changed) <= 4
    assert before[:5] == after[:5]
    assert before[-5:] == after[-5:]


def test_numbers_follow_from_the_files_names_alone() -> None:
    sources = [("web", "web", origins(300)), ("news", "news", origins(300))]
    found = parts(sources, 1000)
    assert len({part.part for part in found}) == len(found)
    there = {(part.source, part.origins[0].name): part.part for part in found}
    other = {(part.source, part.origins[0].name): part.part for part in parts(sources[::-1], 1000)}
    assert there == other


@pytest.mark.parametrize(
    ("total", "part_bytes"),
    [(0, 4 << 20), (64 << 20, 4 << 20), (255 << 20, 4 << 20), (1 << 30, 32 << 20), (1 << 40, 64 << 20)],
)
def test_parts_of_small_sources_are_smaller(total: int, part_bytes: int) -> None:
    assert bytes_of_parts(total, 64 << 20) == part_bytes
    assert bytes_of_parts(total, 1000) == 1000


@pytest.mark.parametrize("sizes", [[64], [31, 31], [1] * 64])
def test_64_megabytes_keep_eight_cores_busy(tmp_path: Path, sizes: list[int]) -> None:
    given = []
    for number, size in enumerate(sizes):
        path = tmp_path / f"{number}.jsonl"
        with path.open("wb") as file:
            file.write(b'{"text": "a"}\n')
            file.truncate(size << 20)
        given.append(Origin(path.name, str(path), size << 20))
    found = parts([("text", "text", given)], 64 << 20)
    largest = max(sum(origin.work for origin in part.origins) for part in found)
    assert largest <= sum(sizes) << 17  # an eighth
