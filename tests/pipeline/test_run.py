"""Whole runs: the same bytes however they are made, resuming, and corpora with next to nothing in them."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.storage import sealed
from tests.pipeline.runs import hashes

CONFIG = """\
sources:
  web: {{kind: {kind}, paths: ["*.{suffix}"], weight: 1}}
tokenizer: {{train: {{vocabulary: 1000}}}}
mix: {{tokens: {tokens}, sequence_length: 16}}
"""

PROSE = (
    "It was the custom of the old man to walk along the river with his dog, and to sit upon the wall that stands "
    "by the mill. He would speak of the days when the wheel still turned, of the miller and his daughters, and of "
    "the flood that carried the bridge away. Nobody else in our village remembered so much, or told it so well."
)


def test_one_process_gives_the_bytes_of_two(finished: Path, tmp_path: Path, massivetext_here):
    assert massivetext_here("demo", "--output", str(tmp_path / "out")).returncode == 0
    assert len(hashes(finished)) > 20
    assert hashes(tmp_path / "out") == hashes(finished)


def test_every_special_case_of_the_sample_shows(finished: Path):
    failed = Counter()
    for path in (finished / "failed").glob("*.parquet"):
        failed.update(row["origin_file"] for row in pq.read_table(path).to_pylist())
    assert failed == {
        "web/broken-member.warc.gz": 1,
        "web/truncated.warc.gz": 1,
        "web/picture.warc.gz": 1,
        "c4/c4-01.json": 2,
    }
    kinds = Counter()
    for path in (finished / "duplicates").glob("*.parquet"):
        kinds.update(row["kind"] for row in pq.read_table(path).to_pylist())
    assert kinds["exact"] >= 3
    assert kinds["near"] >= 4


def test_a_finished_run_is_left_alone(finished: Path, tmp_path: Path, massivetext_here):
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    done = massivetext_here("demo", "--output", str(out))
    assert done.returncode == 0
    assert done.stderr.count("is finished already") == 7


def test_a_stage_goes_on_from_its_finished_parts(finished: Path, tmp_path: Path, massivetext):
    """As after a kill: the manifest does not know the stage, one part has no record, half a file lies about."""
    out = tmp_path / "out"
    shutil.copytree(finished, out)
    manifest = sealed.read(str(out / "manifest.json"))
    for stage in ("curate", "deduplicate", "decontaminate", "tokenizer", "tokenize", "mix", "report"):
        del manifest["stages"][stage]
    (out / "manifest.json").write_bytes(sealed.sealed(manifest))
    records = sorted((out / ".work/curate").glob("part-*.json"))
    before = {record: record.stat().st_mtime_ns for record in records}
    records[1].unlink()
    (out / ".temporary").mkdir(exist_ok=True)
    (out / ".temporary" / "half").write_bytes(b"PAR1")
    assert massivetext("demo", "--output", str(out)).returncode == 0
    redone = [record for record in records if before[record] != record.stat().st_mtime_ns]
    assert redone == [records[1]]
    assert hashes(out) == hashes(finished)
    assert not (out / ".temporary").exists()


def run_small(massivetext_here, folder: Path, kind: str, suffix: str, tokens: int) -> Path:
    (folder / "c.yaml").write_text(CONFIG.format(kind=kind, suffix=suffix, tokens=tokens))
    done = massivetext_here("run", "c.yaml", "--output", "out", cwd=folder)
    assert done.returncode == 0, done.stderr
    checked = massivetext_here("verify", "out", cwd=folder)
    assert checked.returncode == 0, checked.stderr
    return folder / "out"


def reported(out: Path) -> tuple[int, int]:
    """Documents read and kept, of all sources, as the report says; its page says so too."""
    stats = json.loads((out / "report/stats.json").read_text())
    amounts = {step["name"]: step["amount"]["documents"] for step in stats["funnels"][0]["steps"]}
    assert "The funnel" in (out / "report/index.html").read_text()
    return amounts["read"], amounts["kept"]


def test_an_empty_input_is_told(tmp_path: Path, massivetext_here):
    (tmp_path / "a.jsonl").write_bytes(b"")
    (tmp_path / "c.yaml").write_text(CONFIG.format(kind="text", suffix="jsonl", tokens=100))
    done = massivetext_here("run", "c.yaml", "--output", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "sources.web: its files (1) are empty" in done.stderr
    (tmp_path / "a.jsonl").write_bytes(b"\n")
    done = massivetext_here("run", "c.yaml", "--output", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "error: web: its files hold no documents" in done.stderr
    assert "no tokens are left of web (1 of 100 tokens), so the weight cannot be met" in done.stderr


def test_one_document_works(tmp_path: Path, massivetext_here):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": PROSE}))
    out = run_small(massivetext_here, tmp_path, "text", "jsonl", 100)
    [sequence, *_] = pq.read_table(out / "shards/index.parquet").to_pylist()
    assert len(set(sequence["document_ids"])) == 1
    assert reported(out) == (1, 1)


def test_a_source_of_which_nothing_is_left_is_told(tmp_path: Path, massivetext_here):
    (tmp_path / "a.jsonl").write_text(
        "\n".join(json.dumps({"text": f"Nur wenig Text, Nummer {n}."}) for n in range(9))
    )
    (tmp_path / "c.yaml").write_text(CONFIG.format(kind="text", suffix="jsonl", tokens=100))
    done = massivetext_here("run", "c.yaml", "--output", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "warning: web: none of 9 documents is kept: language removed 9" in done.stderr
    assert "no tokens are left of web (1 of 100 tokens), so the weight cannot be met" in done.stderr
    assert [path.split("/")[0] for path in hashes(tmp_path / "out")] == ["documents", "verdicts"]


def test_too_many_epochs_is_an_error_with_the_numbers(tmp_path: Path, massivetext_here):
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": PROSE}))
    (tmp_path / "c.yaml").write_text(CONFIG.format(kind="text", suffix="jsonl", tokens=10_000))
    done = massivetext_here("run", "c.yaml", "--output", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "web: 1 of 10,000 tokens is 10,000, but it has" in done.stderr
    assert "more than mix.max_epochs 4" in done.stderr
    assert "Lower mix.tokens to at most" in done.stderr


def test_the_sample_needs_no_other_folder(tmp_path: Path, sample: Path, massivetext_here):
    """Ids do not depend on where the configuration stands."""
    shutil.copytree(sample, tmp_path / "elsewhere")
    config = str(tmp_path / "elsewhere/massivetext.yaml")
    done = massivetext_here("curate", config, "--output", str(tmp_path / "out"))
    assert done.returncode == 0
    [path] = (tmp_path / "out/documents/source=news").iterdir()
    table = pq.read_table(path, partitioning=None)
    assert table.num_rows > 30
    assert all(name.startswith("news/") for name in table.column("origin_file").to_pylist())


@pytest.mark.parametrize("limit", ["record_bytes: 100, failed: 1", "record_bytes: 200, failed: 1"])
def test_a_record_over_the_limit_fails_alone(tmp_path: Path, limit: str, massivetext_here):
    lines = [{"text": "short one"}, {"text": "long " * 100}, {"text": "short two"}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, lines)))
    text = (
        CONFIG.format(kind="text", suffix="jsonl", tokens=10)
        + f"limits: {{{limit}}}\nlanguage: {{sources: []}}\n"
    )
    (tmp_path / "c.yaml").write_text(text)
    done = massivetext_here("curate", "c.yaml", "--output", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(tmp_path / "out/documents", partitioning=None).num_rows == 2
    [failure] = pq.read_table(tmp_path / "out/failed").to_pylist()
    assert (failure["origin_file"], failure["origin_offset"]) == ("a.jsonl", 22)
