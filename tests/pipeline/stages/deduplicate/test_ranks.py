"""Documents that always stay, of exempt sources and of earlier runs, against brute force; and the guard."""

import io
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from rich.console import Console

from massivetext.filters.similarity import minhash
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.deduplicate import rounds, signatures
from massivetext.pipeline.storage import layout
from tests.pipeline.stages.deduplicate.corpus import agree, corpus, find, one_by_one, write


def halves(seed: int, documents: int = 1200) -> tuple[list[str], list[str]]:
    """A corpus in two, with families on both sides."""
    texts = list(dict.fromkeys(corpus(documents, seed)))
    chosen = np.random.default_rng(seed).random(len(texts)) < 0.5
    sides: tuple[list[str], list[str]] = ([], [])
    for text, is_left in zip(texts, chosen, strict=True):
        sides[int(is_left)].append(text)
    return sides


def test_exempt_documents_stay_and_others_are_duplicates_of_them(tmp_path: Path):
    left, right = halves(2)
    table = write(tmp_path / "out", [left[:200], left[200:]])
    exempt = write(tmp_path / "out", [right[:100], right[100:]], source="wiki", first=2)
    found = find(tmp_path / "out", survivors_only=["wiki"])
    exempt_ids = exempt.column("id").to_pylist()
    expected = one_by_one(pa.concat_tables([table, exempt]), first=exempt_ids)
    assert agree(found, expected)
    assert not set(found) & set(exempt_ids)
    assert sum(one.survivor in exempt_ids for one in found.values()) > 50
    alone = one_by_one(table)
    assert len(found) > len(alone) + 50


@pytest.mark.parametrize("leaders", [2, 8])
def test_many_exempt_documents_in_one_bucket(tmp_path: Path, leaders: int, monkeypatch: pytest.MonkeyPatch):
    """Each of a chain of 40 is a duplicate of its next ones only: each has to be compared, in few rounds."""
    monkeypatch.setattr(rounds, "LEADERS", leaders)
    base = [f"w{number}" for number in range(150)]

    def edited(count: int, at: int, by: str) -> str:
        words = base[:]
        words[:count] = [f"e{number}" for number in range(count)]
        words[at] = by
        return " ".join(words)

    table = write(tmp_path / "out", [[edited(number, 149, "mine") for number in range(40)]])
    exempt = write(
        tmp_path / "out", [[edited(number, 148, "theirs") for number in range(40)]], source="wiki", first=1
    )
    found = find(tmp_path / "out", survivors_only=["wiki"])
    expected = one_by_one(pa.concat_tables([table, exempt]), first=exempt.column("id").to_pylist())
    assert agree(found, expected)
    assert len({one.survivor for one in found.values()}) > 3


@pytest.fixture(scope="module")
def incremental(tmp_path_factory: pytest.TempPathFactory):
    """An earlier run, a new one against it, and what the new one found."""
    folder = tmp_path_factory.mktemp("incremental")
    left, right = halves(3)
    old, new = write(folder / "old", [left[:250], left[250:]]), write(folder / "new", [right])
    gone = find(folder / "old")
    return folder, old, gone, new, find(folder / "new", against=["old"])


def test_incremental_equals_the_full_run_in_which_the_old_has_priority(incremental):
    _, old, gone, new, found = incremental
    both = pa.concat_tables([old, new])
    staying = set(old.column("id").to_pylist()) - set(gone)
    full = {**one_by_one(old), **one_by_one(both, first=staying)}
    expected = {id_: survivor for id_, survivor in full.items() if id_ in set(new.column("id").to_pylist())}
    assert agree(found, expected)
    assert len(gone) > 50


def test_survivors_of_an_earlier_run_are_named_with_it(incremental):
    _, old, gone, _, found = incremental
    staying = set(old.column("id").to_pylist()) - set(gone)
    outputs = {one.output for one in found.values()}
    assert outputs == {None, "old"}
    for one in found.values():
        assert (one.survivor in staying) == (one.output == "old")


def test_old_text_is_read_for_candidates_alone(incremental):
    """The run holds shingles of a part of the old documents: of those that share a bucket with a new one."""
    folder, old, _, _, found = incremental
    stored = 0
    for path in (folder / "new" / layout.work("deduplicate/shingles", "")).glob("index-*.u64"):
        if path.name != "index-00000.u64":
            stored += np.fromfile(path, np.int64).size // 2 - 1
    named = {one.survivor for one in found.values() if one.output and one.kind == "near"}
    assert 0 < len(named) <= stored < old.num_rows / 2


def test_an_earlier_run_must_be_finished_and_comparable(tmp_path: Path):
    texts, _ = halves(4, 60)
    write(tmp_path / "old", [texts])
    write(tmp_path / "new", [texts])
    with pytest.raises(ConfigError, match="holds no run of massivetext with a finished stage deduplicate"):
        find(tmp_path / "new", against=["old"])
    find(tmp_path / "old", permutations=256)
    with pytest.raises(ConfigError, match=r"made with deduplicate\.permutations 256, not 128"):
        find(tmp_path / "new", against=["old"])
    find(tmp_path / "old", shingle={"characters": 5})
    with pytest.raises(ConfigError, match=r"made with deduplicate\.shingle characters=5, not 13"):
        find(tmp_path / "new", against=["old"])
    with pytest.raises(ConfigError, match="this run's own output"):
        find(tmp_path / "new", against=["new"])


def test_an_earlier_run_with_other_signatures_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As of another version, here one that permutes with another seed; and of one that left no probe."""
    texts, _ = halves(4, 60)
    for name in ("other", "old", "new"):
        write(tmp_path / name, [texts])
    with monkeypatch.context() as other_version:
        other_version.setattr(signatures, "signatures", partial(minhash.signatures, seed=2))
        find(tmp_path / "other")
    find(tmp_path / "old")
    with pytest.raises(ConfigError, match=r"against\.1: other was made by .* cannot be compared"):
        find(tmp_path / "new", against=["old", "other"])
    (tmp_path / "other" / signatures.PROBE).unlink()
    with pytest.raises(ConfigError, match="cannot be compared"):
        find(tmp_path / "new", against=["old", "other"])
    assert find(tmp_path / "new", against=["old"])


def test_a_source_that_is_all_but_emptied_is_a_warning(tmp_path: Path):
    base = [f"w{number}" for number in range(300)]
    texts = [" ".join([*base, f"v{number}"]) for number in range(7)] + ["one", "two", "three"]
    write(tmp_path / "out", [texts])
    for most_removed, is_warned in ((0.5, True), (0.6, False)):
        console = Console(file=io.StringIO(), width=1000)
        assert len(find(tmp_path / "out", console, most_removed=most_removed)) == 6
        assert isinstance(console.file, io.StringIO)
        said = console.file.getvalue()
        assert ("source web: 60% of 10 documents were removed as near duplicates" in said) == is_warned
