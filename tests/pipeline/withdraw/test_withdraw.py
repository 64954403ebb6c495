"""Documents are taken out of shards: of several epochs, of two shards, of validation; all else keeps its bytes."""

import json
import random
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.verify.verify import verify
from massivetext.pipeline.withdraw.asked import Asked
from massivetext.pipeline.withdraw.shard import rewrite
from massivetext.pipeline.withdraw.withdraw import withdraw

LENGTH = 64
CONFIG = """
sources:
  few:  {kind: text, paths: [few.jsonl], weight: 0.6}
  many: {kind: text, paths: [many.jsonl], weight: 0.4}
quality: {sources: []}
repetition: {sources: []}
language: {sources: []}
deduplicate: {sources: []}
tokenizer: {train: {vocabulary: 512}}
mix: {tokens: 30000, sequence_length: 64, max_epochs: 4, validation: 0.1, formats: [megatron, parquet],
      shard_tokens: 8000}
"""
FORMAT = "megatron"


def lines(count: int, name: str) -> str:
    chance = random.Random(name)
    words = [f"{name}{number}" for number in range(90)]
    rows = [
        {"text": " ".join(chance.choices(words, k=60)), "url": f"https://{name}{number % 7}.example/{number}"}
        for number in range(count)
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("withdraw")
    (folder / "few.jsonl").write_text(lines(50, "few"))
    (folder / "many.jsonl").write_text(lines(300, "many"))
    (folder / "c.yaml").write_text(CONFIG)
    arguments = [str(folder / "c.yaml"), "--output", str(folder / "out"), "--direct_running_mode=in_memory"]
    done = CliRunner().invoke(main, ["run", *arguments])
    assert done.exit_code == 0, done.output
    return folder / "out"


@pytest.fixture
def out(ran: Path, tmp_path: Path) -> Path:
    shutil.copytree(ran, tmp_path / "out")
    return tmp_path / "out"


def index(out: Path, folder: str = "shards") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(out / folder / "index.parquet").to_pylist()
    return rows


def sequences(out: Path, form: str = FORMAT) -> dict[tuple[str, int, int], bytes]:
    found = {}
    for folder in ("shards", "shards/validation"):
        for number in {row["shard"] for row in index(out, folder)}:
            read = FORMATS[form].read(str(out / folder / form / f"shard-{number:05d}")).reshape(-1, LENGTH)
            found |= {(folder, number, at): tokens.tobytes() for at, tokens in enumerate(read)}
    return found


def taken(out: Path, ids: list[str], tmp_path: Path) -> list[dict[str, Any]]:
    (tmp_path / "ids").write_text("# asked for\n" + "\n".join(ids) + "\n")
    withdraw(str(out), Asked(None, None, str(tmp_path / "ids")), "A. Person", "2026-11-28T00:00:00+00:00")
    return [json.loads(line) for line in (out / "withdrawn.jsonl").read_text().splitlines()]


def test_a_document_of_several_epochs_and_shards(ran: Path, out: Path, tmp_path: Path) -> None:
    held = Counter(id_ for row in index(out) for id_ in row["document_ids"])
    shards = {id_: {row["shard"] for row in index(out) if id_ in row["document_ids"]} for id_ in held}
    chosen = next(id_ for id_, count in held.most_common() if count >= 3 and len(shards[id_]) >= 2)
    copies = {
        c
        for row in index(out)
        for i, c in zip(row["document_ids"], row["copies"], strict=True)
        if i == chosen
    }
    assert len(copies) >= 3
    before = sequences(out)
    (record,) = taken(out, [chosen], tmp_path)
    places = {(place["folder"], place["shard"], place["sequence"]) for place in record["places"]}
    assert len({shard for _, shard, _ in places}) >= 2
    after = sequences(out)
    assert before.keys() == after.keys()
    assert {place for place in before if before[place] != after[place]} == places
    assert after == sequences(out, "parquet")
    assert chosen not in {id_ for row in index(out) for id_ in row["document_ids"]}
    assert verify(str(ran)) == []
    assert verify(str(out)) == []


def test_one_that_was_stopped_between_shards_is_carried_out_by_the_next(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Counter(id_ for row in index(out) for id_ in row["document_ids"])
    shards = {id_: {row["shard"] for row in index(out) if id_ in row["document_ids"]} for id_ in held}
    first, second = [id_ for id_, _ in held.most_common() if len(shards[id_]) >= 2][:2]
    where = [(row["shard"], row["sequence"]) for row in index(out) if first in row["document_ids"]]
    calls = []

    def stopping(*given: Any) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        rewrite(*given)

    monkeypatch.setattr("massivetext.pipeline.withdraw.withdraw.rewrite", stopping)
    with pytest.raises(KeyboardInterrupt):
        taken(out, [first], tmp_path)
    assert not (out / "withdrawn.jsonl").exists()
    assert verify(str(out))  # the index names a document that a shard no longer holds
    monkeypatch.undo()
    one, other = taken(out, [second], tmp_path)
    assert (one["ids"], other["ids"]) == ([first], [second])
    assert [(place["shard"], place["sequence"]) for place in one["places"]] == where
    assert not {first, second} & {id_ for row in index(out) for id_ in row["document_ids"]}
    assert verify(str(out)) == []


def test_sequences_keep_their_tokens_and_sources(ran: Path, out: Path, tmp_path: Path) -> None:
    chosen = [row["document_ids"][0] for row in index(out)[:5]]
    taken(out, chosen, tmp_path)
    for old, new in zip(index(ran), index(out), strict=True):
        assert [new[name] for name in ("shard", "sequence", "source", "tokens")] == [
            old[name] for name in ("shard", "sequence", "source", "tokens")
        ]
        assert sum(new["lengths"]) == new["tokens"]


def test_a_document_held_out_for_validation(out: Path, tmp_path: Path) -> None:
    chosen = index(out, "shards/validation")[0]["document_ids"][0]
    (record,) = taken(out, [chosen], tmp_path)
    assert {place["folder"] for place in record["places"]} == {"shards/validation"}
    assert verify(str(out)) == []


def test_by_domain_and_by_url_and_a_record_without_text(out: Path, tmp_path: Path) -> None:
    (tmp_path / "domains").write_text("many3.example\n")
    (tmp_path / "urls").write_text("http://few1.example/1/\n")
    done = CliRunner().invoke(
        main,
        [
            "withdraw",
            str(out),
            "--urls",
            str(tmp_path / "urls"),
            "--domains",
            str(tmp_path / "domains"),
            "--by",
            "me",
        ],
    )
    assert done.exit_code == 0, done.output
    assert "documents withdrawn" in done.output
    (record,) = [json.loads(line) for line in (out / "withdrawn.jsonl").read_text().splitlines()]
    assert record["documents"] == {"few": 1, "many": 43}
    assert (record["by"], set(record["lists"])) == ("me", {"urls", "domains"})
    text = (out / "withdrawn.jsonl").read_text()
    assert "example" not in text
    assert verify(str(out)) == []


def test_a_second_withdrawal_does_not_bring_the_first_back(out: Path, tmp_path: Path) -> None:
    first, second = index(out)[0]["document_ids"][0], index(out)[-1]["document_ids"][0]
    taken(out, [first], tmp_path)
    records = taken(out, [second], tmp_path)
    assert [record["ids"] for record in records] == [[first], [second]]
    assert {first, second}.isdisjoint(id_ for row in index(out) for id_ in row["document_ids"])
    assert verify(str(out)) == []


def test_verify_says_when_a_withdrawn_document_is_back(ran: Path, out: Path, tmp_path: Path) -> None:
    chosen = index(out)[0]["document_ids"][0]
    taken(out, [chosen], tmp_path)
    shutil.rmtree(out / "shards")
    shutil.copytree(ran / "shards", out / "shards")
    shutil.rmtree(out / ".work")
    shutil.copytree(ran / ".work", out / ".work")
    assert [
        f"{chosen} was withdrawn, but is in a sequence again" in breach for breach in verify(str(out))
    ] == [True]


def test_the_datasheet_says_how_many(out: Path, tmp_path: Path) -> None:
    taken(out, [index(out)[0]["document_ids"][0]], tmp_path)
    records = taken(out, [index(out)[1]["document_ids"][0]], tmp_path)
    said = (out / "report/datasheet.md").read_text()
    assert said.count("## Withdrawn") == 1
    assert "2 documents" in said
    assert records[0]["ids"][0] not in said


def test_what_cannot_be_withdrawn_is_an_error(out: Path, tmp_path: Path) -> None:
    (tmp_path / "ids").write_text("0" * 32)
    before = sequences(out)
    with pytest.raises(ConfigError, match="none of its documents is on the lists"):
        withdraw(str(out), Asked(None, None, str(tmp_path / "ids")), "", "now")
    with pytest.raises(ConfigError, match="holds no run of massivetext"):
        withdraw(str(tmp_path), Asked(None, None, str(tmp_path / "ids")), "", "now")
    assert CliRunner().invoke(main, ["withdraw", str(out)]).exit_code == 2
    assert before == sequences(out)


def test_the_report_says_what_was_withdrawn(out: Path, tmp_path: Path) -> None:
    before = Stats.model_validate_json((out / "report/stats.json").read_bytes())
    assert before.withdrawn == []
    row = next(row for row in index(out) if row["source"] == "few")
    (tmp_path / "ids").write_text(row["document_ids"][0])
    withdraw(str(out), Asked(None, None, str(tmp_path / "ids")), "the office", "2026-01-02T03:04:05+00:00")
    after = Stats.model_validate_json((out / "report/stats.json").read_bytes())
    (withdrawn,) = after.withdrawn
    assert (withdrawn.by, withdrawn.documents) == ("the office", {"few": 1})
    assert withdrawn.sequences > 0
    assert after.model_copy(update={"withdrawn": []}) == before
    page = (out / "report/index.html").read_text()
    assert "Withdrawn since" in page
    assert "the office" in page
    assert verify(str(out)) == []
