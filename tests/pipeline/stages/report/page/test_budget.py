"""However many sources there are, the page stays below its size and says what it leaves out."""

from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from massivetext.pipeline.stages.report.page import page
from massivetext.pipeline.stages.report.page.budget import PAGE, ROOMS, Room, first_that_fits, fit, shortened
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.stages.report.stats_part import Excerpt


@pytest.fixture(scope="module")
def stats(finished: Path) -> Stats:
    return Stats.model_validate_json((finished / "report/stats.json").read_bytes())


def test_forty_sources_stay_below_the_size(crowd: tuple[Stats, Path]) -> None:
    many, path = crowd
    assert sum(len(one.document.text.encode()) for one in many.examples) > PAGE
    assert path.stat().st_size < PAGE
    root = html.fromstring(path.read_bytes())
    (note,) = root.xpath("//*[@class='note']")
    shown = len(root.xpath("//section[@aria-labelledby='examples']//article"))
    assert f"it shows {shown:,} of {len(many.examples):,} examples" in note.text_content()
    assert "massivetext inspect OUT --removed-by RULE --source SOURCE" in note.text_content()
    assert shown > 500
    headings = root.xpath("//section[@aria-labelledby='examples']//h3/text()")
    assert len(headings) > 300, "of every rule, many sources are shown"


def test_few_sources_are_shown_whole(stats: Stats) -> None:
    assert fit(stats, ROOMS[0]) == stats
    root = html.fromstring(page.render(stats))
    assert not root.xpath("//*[@class='note']")
    assert len(root.xpath("//section[@aria-labelledby='examples']//article")) == len(stats.examples)


def test_the_sources_that_lose_most_are_shown(stats: Stats) -> None:
    found = fit(stats, Room(1, 1, 300))
    assert 0 < len(found.examples) < len(stats.examples)
    assert set(Counter((one.rule, one.document.source, one.kind) for one in found.examples).values()) == {1}
    language = next(rule for rule in stats.rules if rule.name == "language")
    most = max(language.sources[1:], key=lambda figures: figures.broken.documents)
    assert {one.document.source for one in found.examples if one.rule == "language"} == {most.source}
    pairs = [one for pair in found.pairs for one in (pair.document, pair.survivor)]
    shown = [one.document for one in found.examples] + pairs
    assert max(len(document.text) for document in shown) == 300
    assert not fit(stats, ROOMS[-1]).examples


def test_every_figure_stays(stats: Stats) -> None:
    shows = {"examples", "audit", "largest", "pairs", "matches"}
    assert fit(stats, ROOMS[-1]).model_dump(exclude=shows) == stats.model_dump(exclude=shows)


@pytest.mark.parametrize(("at", "start"), [(100, 0), (299, 0), (300, 200), (850, 750)])
def test_what_is_marked_stays_when_a_text_is_cut(at: int, start: int) -> None:
    text = "." * at + "marked" + "." * (1000 - at - 6)
    whole = Excerpt(
        id="a", source="web", url=None, title=None, language=None, text=text, start=40, characters=2000,
        marks=[(at, at + 6), (at + 50, 1000)], failed_rules=[],
    )  # fmt: skip
    cut = shortened(whole, 600)
    assert (cut.start, cut.text) == (40 + start, text[start : start + 600])
    assert next(cut.text[a:b] for a, b in cut.marks) == "marked"
    assert all(b <= len(cut.text) for _, b in cut.marks)
    assert shortened(whole, 1000) == whole


@pytest.mark.parametrize("sign", ["a", "é", "漢", "🙂"])
def test_the_size_is_that_of_the_bytes(sign: str) -> None:
    """A page in another script than Latin has up to four times as many bytes as characters."""
    size = len(sign.encode())
    pages = dict(zip(ROOMS[:3], (sign * (PAGE // size + 1), sign * ((PAGE - 1) // size), sign), strict=True))
    assert first_that_fits(ROOMS[:3], pages.__getitem__) == pages[ROOMS[1]]
    assert first_that_fits(ROOMS[:1], pages.__getitem__) == pages[ROOMS[0]], "the last is taken as it is"
