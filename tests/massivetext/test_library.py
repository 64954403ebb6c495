"""massivetext from Python."""

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import massivetext
from massivetext.pipeline.storage import files  # noqa: F401  (the package is there under its own name)

PROSE = (
    "The library of the harbour town was to be opened again in the spring of that year, and so it was number "
)


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    folder = tmp_path_factory.mktemp("library")
    lines = "".join(f'{{"text": "{PROSE}{n}", "score": {n}}}\n' for n in range(20)) + '{"text": "short"}\n'
    (folder / "a.jsonl").write_text(lines)
    source = {"kind": "text", "paths": [str(folder / "a.jsonl")], "columns": {"keep": ["score"]}}
    return {
        "sources": {"a": source},
        "language": {"sources": []},
        "quality": {"sources": ["a"], "word_count": {"minimum": 5}},
        "repetition": {"sources": []},
        "deduplicate": {"sources": []},
    }


@pytest.fixture(scope="module")
def out(values: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> massivetext.Output:
    return massivetext.run(massivetext.configuration(values), tmp_path_factory.mktemp("out") / "first")


def test_importing_it_is_quick() -> None:
    heavy = "('apache_beam', 'pyarrow', 'numba')"
    script = f"import sys, massivetext; print([n for n in sys.modules if n.partition('.')[0] in {heavy}])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert set(massivetext.__all__) <= set(dir(massivetext))
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = massivetext.nothing


def test_what_is_kept_and_what_is_removed(out: massivetext.Output) -> None:
    kept = pa.Table.from_batches(out.kept(["score", "text"]))
    assert kept.column_names == ["id", "score", "text", "source"]
    assert sorted(kept["score"].to_pylist()) == list(range(20))
    (removed,) = pa.Table.from_batches(out.removed()).to_pylist()
    assert (removed["text"], removed["removed_by"], removed["source"]) == ("short", "word_count", "a")
    assert [batch.num_rows for batch in out.removed(by="hash_ratio")] == []


def test_tables_are_datasets_whose_folders_are_a_column(out: massivetext.Output) -> None:
    assert out.table("documents").count_rows() == out.table("verdicts").count_rows() == 21
    assert set(out.table("documents").to_table(columns=["source"])["source"].to_pylist()) == {"a"}
    assert out.finished == ["curate", "deduplicate", "decontaminate", "report"]
    assert (out.sources, out.breaches(), out.troubles()[:0]) == (["a"], [], [])
    assert Path(out.report).is_file()
    assert out.figures().funnels[0].amount("kept").documents == 20


def test_another_limit_and_what_it_changes(
    out: massivetext.Output, values: dict[str, object], tmp_path: Path
) -> None:
    stricter = massivetext.configuration(
        {**values, "quality": {"sources": ["a"], "word_count": {"minimum": 30}}}
    )
    other = massivetext.run(stricter, tmp_path / "second")
    assert list(other.kept()) == []
    found = massivetext.compare(out, other)
    assert any(one.key == "quality.word_count.minimum" for one in found.settings)
    again = massivetext.run(massivetext.configuration(values), other.path, changed=True)
    assert sum(batch.num_rows for batch in again.kept()) == 20
    assert again.export(tmp_path / "to", columns=["id", "score"])[0].documents == 20


def test_errors_say_what_is_wrong(values: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(massivetext.ConfigurationError, match="sauces: unknown key"):
        massivetext.configuration({"sauces": {}})
    with pytest.raises(massivetext.ConfigurationError, match="holds no output"):
        massivetext.Output(tmp_path)
    with pytest.raises(massivetext.ConfigurationError, match="give exactly one of parameters"):
        massivetext.plan()
    mix = {"tokens": 1e9, "sequence_length": 64}
    with pytest.raises(massivetext.RunError, match="4 epochs"):
        massivetext.run(
            massivetext.configuration({**values, "tokenizer": {"train": {"vocabulary": 512}}, "mix": mix}),
            tmp_path / "out",
        )


def test_a_plan() -> None:
    assert massivetext.plan(tokens=1e12).estimates[0].tokens == pytest.approx(1e12)
