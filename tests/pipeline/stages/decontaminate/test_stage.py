"""Decontamination as a stage: what it writes, counts and warns of."""

import io
import json
from pathlib import Path

import pyarrow.parquet as pq
from rich.console import Console

from massivetext.pipeline.config.load import Loaded
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime.engine import Engine
from massivetext.pipeline.runtime.progress import Display
from massivetext.pipeline.runtime.stage import Run
from massivetext.pipeline.stages.decontaminate import stage as decontaminate
from massivetext.pipeline.storage import layout
from tests.pipeline.documents import write_documents

ITEM = " ".join(f"word{number}" for number in range(40))
TEXTS = {
    "whole": ITEM,
    "passage": f"before {' '.join(ITEM.split()[5:25])} after it comes other text",
    "short": " ".join(ITEM.split()[:12]),
    "other": "nothing to see here",
}


def decontaminated(folder: Path, **test_sets: str) -> tuple[dict[str, dict], str]:
    """Run the stage on TEXTS; returns contaminated/ by id, and what the command line said."""
    rows = [{"id": id_, "text": text, "origin_file": "f", "origin_offset": 0} for id_, text in TEXTS.items()]
    write_documents(folder / "out", "web", 0, rows)
    for name, content in test_sets.items():
        (folder / f"{name}.jsonl").write_text(content)
    config = Config.model_validate(
        {
            "sources": {"web": {"kind": "web", "paths": ["f"], "weight": 1}},
            "decontaminate": {"test_sets": {name: f"{name}.jsonl" for name in test_sets}},
            "mix": {"tokens": 1000},
        }
    )
    console = Console(file=io.StringIO(), width=1000)
    run = Run(Loaded(config, str(folder / "c"), None), str(folder / "out"), Engine([]), Display(console))
    run.keys["decontaminate"] = "key"
    decontaminate.run(run)
    found = folder / "out" / layout.contaminated(0)
    table = pq.read_table(found).to_pylist() if found.exists() else []
    assert isinstance(console.file, io.StringIO)
    return {row["id"]: row for row in table}, console.file.getvalue()


def test_matches_are_written_with_their_measurements(tmp_path: Path):
    found, said = decontaminated(tmp_path, quiz=json.dumps({"text": ITEM}))
    assert found == {
        "whole": {
            "id": "whole",
            "test_set": "quiz",
            "item": "0",
            "jaccard": 1.0,
            "containment": 1.0,
            "longest_run": 40,
            "removed": True,
        },
        "passage": {
            "id": "passage",
            "test_set": "quiz",
            "item": "0",
            "jaccard": 8 / (8 + 20 + 6),
            "containment": 8 / 28,
            "longest_run": 20,
            "removed": False,
        },
    }
    assert "warning" not in said


def test_a_test_set_that_matches_nothing_is_a_warning(tmp_path: Path):
    _, said = decontaminated(
        tmp_path, quiz=json.dumps({"text": ITEM}), empty="", foreign=json.dumps({"text": "of no use"})
    )
    warnings = [line for line in said.splitlines() if "warning" in line]
    assert len(warnings) == 2
    assert "test set empty: it holds no items" in warnings[0]
    assert "test set foreign: no document shares a 13-gram with its 1 items" in warnings[1]
