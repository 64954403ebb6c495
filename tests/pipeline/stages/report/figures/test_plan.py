"""The section about the plan: on a finished run, by its own shards and tokens."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.plan import plan
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.stages.report.stats_mix import Planning


@pytest.fixture(scope="module")
def planning(finished: Path) -> Planning:
    return Stats.model_validate_json((finished / "report/stats.json").read_text()).planning


def test_it_says_what_massivetext_plan_says(planning: Planning, finished: Path) -> None:
    asked = plan.plan("tokens", planning.tokens, str(finished))
    assert [(one.law, one.parameters, one.flops) for one in asked.estimates] == [
        (one.law, one.parameters, one.flops) for one in planning.models
    ]
    assert asked.mix is not None
    assert planning.runs_out_first == asked.mix.runs_out_first
    for row in planning.sources:
        one = asked.mix.sources[row.source].repetition
        assert row.model_dump(exclude={"source"}) == {
            name: getattr(one, name) for name in row.model_dump(exclude={"source"})
        }


def test_every_document_is_counted_as_encoded(planning: Planning, finished: Path) -> None:
    for row in planning.encoded:
        files = (finished / f"tokens/source={row.source}").glob("*.parquet")
        assert row.documents == sum(pq.read_metadata(path).num_rows for path in files)
        assert 0 < row.word_misses < row.word_lookups
        assert 0 <= row.checked <= row.documents


def test_the_page_shows_it(planning: Planning, finished: Path) -> None:
    page = (finished / "report/index.html").read_text()
    assert f"<b>{planning.runs_out_first}</b> runs out first" in page
    assert "No documents are held out" in page
