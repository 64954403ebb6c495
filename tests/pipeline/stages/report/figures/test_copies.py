"""The domains of duplicates beside those of their survivors."""

from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.dataset as ds
import pytest

from massivetext.pipeline.stages.report.figures import duplicates
from massivetext.pipeline.stages.report.figures.copies import copies
from massivetext.pipeline.stages.report.stats import Stats

Origin = tuple[str, str | None]


@pytest.fixture(scope="module")
def stats(finished: Path) -> Stats:
    return Stats.model_validate_json((finished / "report/stats.json").read_bytes())


def origins(out: Path) -> dict[str, Origin]:
    """The source and the domain of each document, read without the code under test."""
    found = {}
    for folder in sorted((out / "documents").iterdir()):
        source = folder.name.removeprefix("source=")
        for row in ds.dataset(folder, format="parquet").to_table(["id", "url"]).to_pylist():
            found[row["id"]] = source, urlsplit(row["url"]).hostname if row["url"] else None
    return found


def test_few_duplicates_are_counted_whole(finished: Path, stats: Stats):
    origin = origins(finished)
    rows = ds.dataset(finished / "duplicates", format="parquet").to_table().to_pylist()
    counts = Counter((*origin[row["id"]], *origin[row["survivor_id"]]) for row in rows)
    assert stats.copies.sampled == stats.copies.duplicates == len(rows) > 0
    assert {
        (row.source, row.domain, row.survivor_source, row.survivor_domain): row.documents
        for row in stats.copies.most
    } == counts
    assert [row.documents for row in stats.copies.most] == sorted(counts.values(), reverse=True)


def test_of_many_a_sample_is_counted(finished: Path, stats: Stats, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(duplicates, "SAMPLED", 3)
    sources = [funnel.source for funnel in stats.funnels[1:]]
    found = duplicates.look(str(finished), sources, stats.seed)
    places = duplicates.places(str(finished), sources, found)
    sampled = copies(str(finished), places, found.sample, found.beside)
    assert (sampled.sampled, sampled.duplicates) == (3, stats.copies.duplicates)
    assert sum(row.documents for row in sampled.most) == 3


def test_the_page_shows_both_sides(finished: Path, stats: Stats):
    page = (finished / "report/index.html").read_text()
    assert "Whose copies they are" in page
    for row in stats.copies.most:
        assert f'<th scope="row">{row.domain or row.source}</th>' in page
