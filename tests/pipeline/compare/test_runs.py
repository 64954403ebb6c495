"""Two runs of the same files, one of which removes by rules and the other does not."""

import json
import shutil
from pathlib import Path

import pytest
from lxml import html

from massivetext.filters.families import FAMILIES
from massivetext.pipeline.compare.runs import Comparison, against, compare, render
from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.stages.report.page.budget import PAGE
from massivetext.pipeline.stages.report.stats import VERSION
from massivetext.pipeline.stages.report.stats_part import Amount


@pytest.fixture(scope="module")
def comparison(little: Path, lenient: Path) -> Comparison:
    return compare(str(little), str(lenient))


def test_settings_that_differ(comparison: Comparison) -> None:
    (setting,) = comparison.settings
    assert (setting.key, setting.here, setting.there) == ("quality.sources", ["gone"], [])


def test_documents_that_changed_side(comparison: Comparison) -> None:
    """Of the three copies that one run removes as too short, the other keeps one: two are its duplicates."""
    (moved,) = comparison.moved
    assert (moved.source, moved.kept_here, moved.reason, moved.documents) == ("gone", False, "word_count", 1)
    assert "window.wasRun" in moved.examples[0].text
    assert comparison.kept_by_both == 1


def test_each_way_tells_the_same(comparison: Comparison, little: Path, lenient: Path) -> None:
    back = compare(str(lenient), str(little))
    assert [(row.name, row.there, row.here) for row in back.funnels] == [
        (row.name, row.here, row.there) for row in comparison.funnels
    ]
    (moved,) = back.moved
    assert moved.kept_here
    assert moved.examples == comparison.moved[0].examples


def test_figures_of_both_runs(comparison: Comparison) -> None:
    differing = {
        row.name: (row.here, row.there) for row in comparison.funnels if not row.same and row.source == "gone"
    }
    quality, nothing = differing["quality"]
    assert (quality.documents, nothing) == (3, Amount())
    assert differing["kept"][1].documents == 1
    assert sum(there.documents for name, (_, there) in differing.items() if name in ("exact", "near")) == 2


def test_every_figure_that_differs_is_listed(comparison: Comparison, little: Path, lenient: Path) -> None:
    ours, theirs = (json.loads((out / "report/stats.json").read_bytes()) for out in (little, lenient))
    listed = {(row.section, row.about, row.figure): (row.here, row.there) for row in comparison.figures}
    for source in ("all", "nothing", "single", "gone"):
        funnels = [
            next(f["steps"] for f in run["funnels"] if f["source"] == source) for run in (ours, theirs)
        ]
        for mine, other in zip(*funnels, strict=True):
            for unit in ("documents", "bytes"):
                pair = mine["amount"][unit], other["amount"][unit]
                key = "funnels", f"{source}, {mine['name']}", unit
                assert listed.get(key) == (pair if pair[0] != pair[1] else None)
    # the rules judge `gone` in one run alone
    assert listed["rules", "word_count, gone", "judged documents"] == (3, None)
    assert listed["mix", "gone", "tokens"][0] == 0
    assert listed["mix", "gone", "tokens"][1] == theirs["mix"]["sources"][2]["tokens"] > 0
    # two captures of one text are duplicates where no rule removes them
    near = [
        next(d for d in run["deduplication"]["sources"] if d["source"] == "gone") for run in (ours, theirs)
    ]
    removed = [one["near"]["documents"] + one["exact"]["documents"] for one in near]
    assert removed == [0, 2]


def test_warnings_of_one_run_alone(comparison: Comparison) -> None:
    one_sided = {(row.is_here, row.warning.code, row.warning.subject) for row in comparison.warnings}
    assert (True, "emptied", "gone") in one_sided
    assert not any(code == "empty" for _, code, _ in one_sided), "both read nothing of `nothing`"


def test_many_documents_that_changed_side_fit(comparison: Comparison) -> None:
    (moved,) = comparison.moved
    long = moved.examples[0].model_copy(update={"text": "本" * 1200, "characters": 9_000})
    rows = [
        moved.model_copy(update={"source": f"crawl_{n}", "reason": reason, "examples": [long] * 3})
        for n in range(80)
        for reason in FAMILIES["quality"].limits
    ]
    page = render(comparison.model_copy(update={"moved": rows}))
    assert len(page.encode()) < PAGE
    root = html.fromstring(page)
    assert "against.json" in root.xpath("//*[@class='note']")[0].text_content()
    assert len(root.xpath("//section[@aria-labelledby='moved']/details")) == len(rows)
    assert len(root.xpath("//article")) >= len(rows)


def test_a_run_against_itself_differs_in_nothing(little: Path) -> None:
    same = compare(str(little), str(little))
    assert (same.settings, same.rules, same.moved) == ([], [], [])
    assert (same.figures, same.warnings) == ([], [])
    assert all(row.same for row in same.funnels)
    assert same.kept_by_both == 1


def test_page(little: Path, lenient: Path, tmp_path: Path) -> None:
    page = Path(against(str(little), str(lenient))[1])
    root = html.fromstring(page.read_bytes())
    assert not root.xpath("//script | //img | //@onerror")
    assert "gone: 1 kept there, here removed: word count" in root.text_content()
    with pytest.raises(ConfigError, match="holds no report"):
        against(str(little), str(tmp_path))


def test_figures_of_another_version(little: Path, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    shutil.copy(little / "manifest.json", tmp_path)
    (tmp_path / "report/stats.json").write_text('{"version": 1}')
    with pytest.raises(ConfigError, match=f"version 1, these have {VERSION}: run `massivetext report`"):
        compare(str(little), str(tmp_path))
