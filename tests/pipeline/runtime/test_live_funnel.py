"""The live funnel adds up what parts counted."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from massivetext.pipeline.runtime.live_funnel import FunnelProgress, LiveFunnel
from massivetext.pipeline.runtime.parts import records
from massivetext.pipeline.runtime.tally import Row
from massivetext.pipeline.stages.report.stats import Stats


def added_up(out: Path, step: str) -> str:
    funnel = LiveFunnel()
    for record in records(str(out), step):
        funnel.add(record.rows)
    return funnel.describe()


def counts(line: str) -> dict[str, int]:
    return {
        name: int(count.replace(",", ""))
        for name, count in (part.rsplit(" ", 1) for part in line.split(", "))
    }


def test_in_the_end_it_is_the_reports(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    expected = {step.name: step.amount.documents for step in stats.funnels[0].steps}
    whole, _, rest = added_up(finished, "curate/**").partition(" read: ")
    assert whole == f"of {expected['read']:,}"
    shown = counts(rest)
    assert sum(shown.values()) == expected["read"]
    for name in ("failed", "language", "quality", "repetition", "licence"):
        assert shown[name] == expected[name]
    assert counts(added_up(finished, "deduplicate"))["near"] == expected["near"]
    assert counts(added_up(finished, "decontaminate"))["kept"] == expected["kept"]


def test_a_step_that_decides_nothing_says_nothing() -> None:
    funnel = LiveFunnel()
    funnel.add([Row("web", "histogram", "word_count:3", 5, 0, 0)])
    assert funnel.describe() == ""


@pytest.mark.parametrize("width", [40, 120])
def test_it_stands_below_the_bar(width: int) -> None:
    funnel = LiveFunnel()
    funnel.add([Row("web", "read", "", 1200, 0, 0), Row("web", "kept", "", 1100, 0, 0)])
    console = Console(file=io.StringIO(), width=width, force_terminal=True)
    with FunnelProgress(funnel, console=console) as progress:
        progress.add_task("curate", total=2)
        funnel.add([Row("web", "read", "", 5, 0, 0), Row("web", "removed", "word_count", 5, 0, 0)])
    assert isinstance(console.file, io.StringIO)
    assert "of 1,205 read: quality 5, kept 1,100" in console.file.getvalue()
