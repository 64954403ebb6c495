"""What the report says at its top of a source that near duplicates all but emptied."""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from lxml import html

from massivetext.filters.similarity.minhash import candidate_probability
from massivetext.pipeline.stages.report.figures import largest
from massivetext.pipeline.stages.report.figures.duplicates import batches
from massivetext.pipeline.stages.report.stats import Stats
from tests.pipeline.conftest import Run

CONFIGURATION = """
sources:
  copied: {{kind: text, paths: [copied.jsonl], weight: 0.5}}
  fine:   {{kind: text, paths: [fine.jsonl],   weight: 0.5}}
language:  {{sources: []}}
tokenizer: {{model: {model}}}
mix:       {{tokens: 20, sequence_length: 16}}
"""


def template(name: str, number: int) -> str:
    return " ".join([*(f"{name}{word}" for word in range(120)), f"end{number}"])


@pytest.fixture(scope="module")
def emptied(finished: Path, tmp_path_factory: pytest.TempPathFactory, run_here: Run) -> Path:
    """Two templates, of 9 copies and of 5, make up nearly all of one source."""
    folder = tmp_path_factory.mktemp("emptied")
    copied = [template("small", number) for number in range(5)] + [template("large", n) for n in range(9)]
    for name, texts in {"copied": [*copied, "and one of its own"], "fine": ["another", "one more"]}.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return run_here(folder / "out", CONFIGURATION.format(model=finished / "tokenizer/tokenizer.model"))


@pytest.fixture(scope="module")
def stats(emptied: Path) -> Stats:
    return Stats.model_validate_json((emptied / "report/stats.json").read_bytes())


def test_the_largest_groups_are_told_with_their_texts(emptied: Path, stats: Stats):
    assert [warning.subject for warning in stats.warnings if warning.code == "over_deletion"] == ["copied"]
    assert [(group.source, group.documents) for group in stats.largest] == [("copied", 8), ("copied", 4)]
    duplicates = ds.dataset(emptied / "duplicates", format="parquet").to_table().to_pylist()
    for group, name in zip(stats.largest, ("large", "small"), strict=True):
        assert group.survivor is not None
        assert group.survivor.id == group.survivor_id
        assert group.document.id in {d["id"] for d in duplicates if d["survivor_id"] == group.survivor_id}
        assert f"{name}118 {name}119" in group.document.text
        assert f"{name}118 {name}119" in group.survivor.text


def test_they_stand_at_the_top_of_the_page(emptied: Path):
    root = html.fromstring((emptied / "report/index.html").read_bytes())
    [header] = root.xpath("//header")
    shown = header.text_content()
    assert "were removed as near duplicates" in shown
    assert (
        shown.index("8 near duplicates of")
        < shown.index("large118 large119")
        < shown.index("4 near duplicates of")
    )


def test_a_run_without_such_a_source_shows_none(finished: Path):
    assert Stats.model_validate_json((finished / "report/stats.json").read_bytes()).largest == []


def test_few_counters_find_what_is_frequent(emptied: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(largest, "COUNTERS", 1)
    [(_, batch)] = batches(str(emptied), "duplicates", ["copied"])
    most, _ = Counter(batch.column("survivor_id").to_pylist()).most_common(1)[0]
    one_by_one = (pa.Table.from_batches([batch.slice(row, 1)]) for row in range(len(batch)))
    assert largest._frequent(one_by_one) == [most]


def test_expected_recall_is_that_of_the_bands(stats: Stats):
    found = stats.deduplication
    assert len(found.recall) == len(found.jaccard_edges)
    assert found.recall[80] == candidate_probability(0.8, found.bands, found.rows) > 0.99
    assert (found.recall[0], found.recall[100]) == (0, 1)
