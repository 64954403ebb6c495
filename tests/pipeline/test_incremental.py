"""A new dump against an earlier run, and the guard against over-deletion, as a user meets them."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from massivetext.pipeline.cli import main
from massivetext.pipeline.stages.deduplicate import signatures
from massivetext.pipeline.verify.verify import verify

CONFIG = """\
sources:
  news: {{kind: news, paths: ["{dump}.jsonl"], weight: 1}}
language: {{sources: []}}
deduplicate: {{{options}}}
tokenizer: {{train: {{vocabulary: 512}}}}
mix: {{tokens: 300, sequence_length: 16}}
"""
WORDS = [
    f"{syllable}{number}" for number in range(10) for syllable in ("ka", "lo", "mi", "nu", "re", "sta", "ve")
]


def story(number: int, ending: str) -> str:
    """A text of 70 words in an order of its own, then an ending."""
    step = [1, 3, 9, 11, 13, 17, 19, 23][number]
    return " ".join([*(WORDS[at * step % 70] for at in range(70)), ending])


def command(folder: Path, name: str, dump: str, options: str, *arguments: str) -> Result:
    (folder / f"{dump}.yaml").write_text(CONFIG.format(dump=dump, options=options))
    where = ("--output", str(folder / dump), "--direct_running_mode=in_memory")
    return CliRunner().invoke(main, [name, str(folder / f"{dump}.yaml"), *where, *arguments])


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dumps: of the second's five stories, one is new, one is twice there, three are the first's."""
    folder = tmp_path_factory.mktemp("dumps")
    dumps = {
        "old": [story(0, "the end"), story(1, "the end"), story(1, "or not"), story(2, "the end")],
        "new": [
            story(0, "the end"),
            story(1, "at last"),
            story(2, "so be it"),
            story(3, "the end"),
            story(3, "!"),
        ],
    }
    for dump, texts in dumps.items():
        lines = [json.dumps({"text": text, "date": "2026-01-01"}) for text in texts]
        (folder / f"{dump}.jsonl").write_text("\n".join(lines) + "\n")
    assert command(folder, "run", "old", "").exit_code == 0
    return folder


def test_a_new_dump_loses_what_the_old_one_holds(dumps: Path):
    done = command(dumps, "run", "new", "against: [old]")
    assert done.exit_code == 0, done.output
    assert "60% of" not in done.output
    duplicates = pq.read_table(dumps / "new/duplicates").to_pylist()
    assert sorted((row["kind"], row["survivor_output"] or "") for row in duplicates) == [
        ("exact", "old"),
        ("near", ""),
        ("near", "old"),
        ("near", "old"),
    ]
    assert verify(str(dumps / "new")) == []
    again = command(dumps, "run", "new", "against: [old]")
    assert "deduplicate is finished already" in again.output


def test_an_old_run_of_another_version_is_refused_before_any_work(dumps: Path):
    probe = dumps / "old" / signatures.PROBE
    before = probe.read_bytes()
    try:
        probe.write_text("of another version")
        (dumps / "newer.jsonl").write_bytes((dumps / "new.jsonl").read_bytes())
        refused = command(dumps, "run", "newer", "against: [old]")
        assert refused.exit_code == 2
        assert (
            "old was made by a version of massivetext whose signatures cannot be compared" in refused.output
        )
        assert not (dumps / "newer").exists()
    finally:
        probe.write_bytes(before)


def test_verify_looks_into_the_old_output(dumps: Path):
    """Where a survivor that it is said to hold is none of its documents, that is a breach."""
    assert command(dumps, "run", "new", "against: [old]").exit_code == 0
    [path] = (dumps / "old/documents/source=news").glob("*.parquet")
    before = path.read_bytes()
    try:
        table = pq.read_table(path)
        ids = pa.array([f"{number:032x}" for number in range(table.num_rows)])
        pq.write_table(table.set_column(table.column_names.index("id"), "id", ids), path)
        breaches = verify(str(dumps / "new"))
        assert len(breaches) == 1
        assert "survives in old, but is no document, and 2 others" in breaches[0]
    finally:
        path.write_bytes(before)


def test_strict_fails_where_a_source_is_all_but_emptied(dumps: Path):
    (dumps / "alike.jsonl").write_text(
        "".join(json.dumps({"text": story(0, f"number {n}"), "date": "2026-01-01"}) + "\n" for n in range(5))
    )
    assert command(dumps, "curate", "alike", "").exit_code == 0
    lenient = command(dumps, "deduplicate", "alike", "")
    assert lenient.exit_code == 0
    assert "80% of 5 documents were removed as near duplicates" in lenient.output
    strict = command(dumps, "deduplicate", "alike", "", "--strict")
    assert strict.exit_code == 1
    assert "80% of 5 documents were removed as near duplicates" in strict.output
    assert command(dumps, "deduplicate", "alike", "most_removed: 0.9", "--changed", "--strict").exit_code == 0
