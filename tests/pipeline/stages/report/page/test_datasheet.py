"""The datasheet holds the run's figures, and says what a person has to answer."""

from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.dataset as ds

from massivetext.pipeline.stages.report.page import datasheet
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.stages.report.stats_mix import HeldOut


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
    licence = ds.dataset(finished / "documents").to_table(["id", "licence"])
    verdict = ds.dataset(finished / "verdicts").to_table(["id", "removed_by"])
    of_kept = licence.join(verdict, "id").filter(pc.field("removed_by").is_null())
    kept = Counter(of_kept.column("licence").to_pylist())
    ledger = {row[0]: row[3] for row in cells if row[0] in licences and len(row) == 4}
    assert ledger == {name: f"{kept[name]:,}" for name in licences}
    (group,) = [group for group in stats.audit if group.name == "first_person"]
    members = sum(source.members for source in group.sources)
    removed = sum(source.rules[0].members.documents for source in group.sources if source.rules)
    assert f"{members} belong to the group, of which the rules removed {removed})" in text
    assert text.count("To be answered") + text.count("to be answered") >= 6


def test_run_of_next_to_nothing(little: Path) -> None:
    text = (little / "report/datasheet.md").read_text()
    assert "none, so the data may hold any test set" in text
    assert "none was looked for (`audit: groups`)" in text
    assert "| none was looked for |" in text


def test_what_the_configuration_did_is_said(finished: Path) -> None:
    stats = Stats.model_validate_json((finished / "report/stats.json").read_bytes())
    text = datasheet.render(stats)
    assert "Nothing was done to find or remove such data" in text
    assert "recommended splits?** No." in text
    configuration = {
        **stats.configuration,
        "mask": {"sources": ["web"], "kinds": ["email", "ip"]},
        "text": {"normalise": "nfc", "mojibake": False},
    }
    held_out = [HeldOut(source="web", documents=7, tokens=1234, sequences=3)]
    planning = stats.planning.model_copy(update={"validation": 0.01, "held_out": held_out})
    text = datasheet.render(stats.model_copy(update={"configuration": configuration, "planning": planning}))
    assert "email, ip were looked for and replaced" in text
    assert "Nothing was done" not in text
    assert "normalised (nfc)" in text
    assert "Yes: 1 % of the documents are held out for validation" in text
    assert "7 documents, 1,234 tokens" in text
