"""The datasheet holds the run's figures, and says what a person has to answer."""

from pathlib import Path

from pipeline.report import datasheet
from pipeline.report.stats import Stats


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_figures(finished: Path) -> None:
    text = (finished / "report/datasheet.md").read_text()
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    assert text == datasheet.render(stats)
    cells = rows(text)
    for source in stats.mix.sources:
        assert any(row[0] == source.source and f"{source.tokens:,}" in row for row in cells)
    for step in stats.funnels[0].steps:
        assert any(row[:2] == [step.name, f"{step.amount.documents:,}"] for row in cells)
    licences = {group.value: group.read for group in stats.groups if group.kind == "licence"}
    assert len(licences) > 3
    assert all(any(row[:2] == [name, f"{read:,}"] for row in cells) for name, read in licences.items())
    (group,) = [group for group in stats.audit if group.name == "first_person"]
    members = sum(source.members for source in group.sources)
    removed = sum(source.rules[0].members.documents for source in group.sources if source.rules)
    assert f"{members} belong to the group, of which the rules removed {removed})" in text
    assert text.count("To be answered") + text.count("to be answered") >= 6


def test_run_of_next_to_nothing(little: Path) -> None:
    text = (little / "report/datasheet.md").read_text()
    assert "none, so that any test set may stand in the data" in text
    assert "none was looked for (`audit: groups`)" in text
    assert "| none was looked for |" in text
