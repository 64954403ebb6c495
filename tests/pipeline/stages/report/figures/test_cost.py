"""What each source cost."""

from pathlib import Path

import pytest

from massivetext.pipeline.runtime.parts import Record, write_record
from massivetext.pipeline.runtime.tally import Figure, Row
from massivetext.pipeline.stages.report.figures.cost import by_source
from massivetext.pipeline.stages.report.stats import Stats


def record(part: int, sources: list[str], seconds: float) -> Record:
    rows = [Row(source, Figure.READ, "", 1, 1, 0) for source in sources]
    return Record(part, "key", None, [], rows, seconds)


def test_parts_of_one_source_are_added_up(tmp_path: Path):
    for step, part, sources, seconds in [
        ("curate/read", 0, ["web", "web"], 1.0),
        ("curate/read", 1, ["books"], 2.0),
        ("curate/judge", 0, ["web"], 0.5),
        ("tokenize", 0, ["web"], 4.0),
        ("mix/shards", 0, ["web", "books"], 8.0),
        ("mix/plan", 0, [], 16.0),
    ]:
        write_record(str(tmp_path), step, record(part, sources, seconds))
    assert by_source(str(tmp_path), ["curate", "tokenize", "mix"]) == {
        "web": {"curate": pytest.approx(1.5), "tokenize": 4.0},
        "books": {"curate": 2.0},
    }


def test_the_sample_tells_every_source(finished: Path):
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    assert stats.facts.sources.keys() == {funnel.source for funnel in stats.funnels[1:]}
    for stage in ("curate", "tokenize"):
        spent = sum(of_source[stage] for of_source in stats.facts.sources.values())
        assert 0 < spent <= stats.facts.stages[stage]["cpu_seconds"]
    assert all(stage["seconds"] > 0 for stage in stats.facts.stages.values())
    page = (finished / "report/index.html").read_text()
    assert "CPU seconds by source" in page
