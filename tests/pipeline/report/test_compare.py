"""Two runs of the same files, one of which removes by rules and the other does not."""

from pathlib import Path

import pytest
from lxml import html

from pipeline.load import ConfigError
from pipeline.report.compare import Comparison, against, compare
from pipeline.report.stats import VERSION, Amount


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


def test_a_run_against_itself_differs_in_nothing(little: Path) -> None:
    same = compare(str(little), str(little))
    assert (same.settings, same.rules, same.moved) == ([], [], [])
    assert all(row.same for row in same.funnels)
    assert same.kept_by_both == 1


def test_page(little: Path, lenient: Path, tmp_path: Path) -> None:
    page = Path(against(str(little), str(lenient)))
    root = html.fromstring(page.read_bytes())
    assert not root.xpath("//script | //img | //@onerror")
    assert "gone: 1 kept there, here removed: word count" in root.text_content()
    with pytest.raises(ConfigError, match="holds no report"):
        against(str(little), str(tmp_path))


def test_figures_of_another_version(little: Path, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report/stats.json").write_text('{"version": 1}')
    with pytest.raises(ConfigError, match=f"version 1, these have {VERSION}: run `massivetext report`"):
        compare(str(little), str(tmp_path))
