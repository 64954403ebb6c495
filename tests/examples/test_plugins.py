"""The example plugins: each rule against a plain computation of the same definition, and all in one run."""

import hashlib
import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from massivetext.pipeline.cli import main
from massivetext.pipeline.config.load import load
from massivetext.pipeline.plugins.find import opened
from massivetext.pipeline.plugins.use import NONE, use
from massivetext.pipeline.read.record import Failure, Input
from massivetext.pipeline.stages.report.stats import Stats
from massivetext.pipeline.verify.verify import verify
from tests.paths import ROOT, SAMPLE
from tests.pipeline.documents import judged

FOLDER = ROOT / "examples/plugins"


@pytest.fixture(autouse=True)
def _none() -> Iterator[None]:
    yield
    use(NONE)


def plugin(name: str) -> Any:
    """What one of the plugins declares, as attributes."""
    return type(
        name,
        (),
        {
            key: staticmethod(value) if callable(value) else value
            for key, value in opened(str(FOLDER / f"{name}.py")).values().items()
        },
    )


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Real texts, and some that are hard."""
    lines = (SAMPLE / "c4/c4-01.json").read_bytes().splitlines()
    found = [json.loads(line)["text"] for line in lines if _has_text(line)]
    assert len(found) > 90
    return [
        *found,
        "",
        "\n",
        " \n \n",
        "a\na\na",
        "One two three four five.\n" * 3,
        "{",
        "Lorem Ipsum",
        "é…\n" * 4,
    ]


def _has_text(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line)["text"], str)
    except (ValueError, KeyError, TypeError):
        return False


def c4_line(line: str) -> str | None:
    line = re.sub(r"\[\d*\]|\[edit\]|\[citation needed\]", "", line).strip()
    if not line.rstrip("\"'").endswith((".", "!", "?")) or line.endswith("..."):
        return None
    words = line.split()
    if len(words) < 5 or any(len(word) > 1000 for word in words):
        return None
    policies = (
        "javascript",
        "terms of use",
        "privacy policy",
        "cookie policy",
        "uses cookies",
        "use of cookies",
        "use cookies",
    )
    return None if any(each in line.lower() for each in policies) else line


def test_c4_keeps_the_lines_of_its_definition(texts: list[str]) -> None:
    got = plugin("c4").rewrite(pa.record_batch({"text": texts})).to_pylist()
    for text, found in zip(texts, got, strict=True):
        if "\xa0" in text or "\u3000" in text:
            continue  # RE2's white space is ASCII's
        expected = [
            line for line in map(c4_line, text.split("\n")) if line is not None and not line.endswith("\"'")
        ]
        assert found.split("\n") == (expected or [""])


def test_fineweb_measures_its_definition(texts: list[str]) -> None:
    batch = pa.record_batch({"text": texts})
    found = {one.name: one.column(batch).to_pylist() for one in plugin("fineweb").MEASUREMENTS}
    for row, text in enumerate(texts):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        count, size = max(len(lines), 1), max(sum(map(len, lines)), 1)
        seen: set[str] = set()
        copies = 0
        for line in lines:
            copies += len(line) * (line in seen)
            seen.add(line)
        expected = [
            sum(line.endswith(tuple(".!?。！？…\"'”")) for line in lines) / count,
            sum(len(line) <= 30 for line in lines) / count,
            copies / size,
            text.count("\n") / max(len(re.findall(r"[^\t\n\f\r ]+", text)), 1),
        ]
        assert [column[row] for column in found.values()] == pytest.approx(expected), text


def test_threads_are_read_as_questions_with_their_answers() -> None:
    posts = [
        {
            "id": 7,
            "title": "Why?",
            "body": "<p>It is &lt;so&gt;.</p><p>Is it?</p>",
            "score": 4,
            "tags": ["a"],
        },
        {"id": 8, "parent": 7, "body": "<p>No.</p>", "score": 1},
        {"id": 9, "parent": 7, "body": "<p>Yes.</p>", "score": 2},
        {"id": 10, "parent": 7, "body": "<p>Spam.</p>", "score": -1},
        {"id": 11, "parent": 3, "body": "lost"},
        {"id": 12, "title": "And?", "body": "b"},
    ]
    lines = [json.dumps(post).encode() + b"\n" for post in posts]
    lines.insert(5, b"no json\n")
    whole = b"".join(lines)
    first, second, *failures = sorted(
        plugin("threads").THREADS.read(Input("a.jsonl", BytesIO(whole))),
        key=lambda one: isinstance(one, Failure),
    )
    assert (first.offset, first.text) == (0, "Why?\n\nIt is <so>.\nIs it?\n\nYes.\n\nNo.")
    assert first.kept == {"score": 4, "answers": 3, "tags": ["a"]}
    assert (second.offset, second.text) == (whole.index(b'{"id": 12'), "And?\n\nb")
    assert [one.error.split(":")[0] for one in failures] == [
        "an answer to the post 3, which does not stand before it",
        "no post",
    ]
    assert all(whole[one.offset :].startswith((b'{"id": 11', b"no json")) for one in failures)


def test_a_score_is_the_expected_grade() -> None:
    grades = plugin("score").grades
    batch = pa.record_batch({"text": ["a", "b"], "education": ["[0, 0, 0.5, 0.5, 0, 0]", None]})
    assert grades(batch) == [2.5, None]
    assert grades(pa.record_batch({"text": ["a"]})) == [None]


PROSE = (
    "The library of the harbour town was to be opened again in the spring of that year, and so it was number "
)
CONFIGURATION = """
plugins: [c4.py, fineweb.py, score.py, threads.py, byt5.py, npy.py]
sources:
  web: {kind: text, paths: [web.jsonl]}
  questions: {kind: threads, paths: [posts.jsonl], columns: {keep: [score]}, limits: {score: {minimum: 3}}}
  graded: {kind: text, paths: [graded.jsonl], columns: {keep: [education]}}
c4: {sources: [web]}
fineweb: {sources: [web]}
score: {sources: [graded], education_grade: {minimum: 3}}
language: {sources: []}
deduplicate: {sources: []}
tokenizer: {model: special.txt, kind: byt5}
mix: {tokens: 3000, sequence_length: 64, formats: [parquet, npy]}
"""


def corpus(folder: Path) -> Path:
    """A configuration that uses all plugins, with its files; the path of the configuration."""
    for path in FOLDER.glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    page = "Home | About\n{0}1.\nWe use cookies on this site, as you know.\n{0}2.\n{0}3."
    pages = [page.format(f"{n} {PROSE}") for n in range(10)]
    pages += ["Home\n" * 20, f"{PROSE}one. " * 4 + "{", "\n".join(f"{PROSE}{n}." for n in (1, 2, 2, 3))]
    graded = [{"text": f"{PROSE}{n}", "education": [n == grade for grade in range(6)]} for n in range(6)]
    posts: list[dict[str, object]] = []
    for n in range(6):
        posts.append({"id": 10 * n, "title": f"Q{n}", "body": f"<p>{PROSE}{n}</p>", "score": n})
        posts.append({"id": 10 * n + 1, "parent": 10 * n, "body": f"<p>{PROSE}{n}</p>", "score": 1})
    write(folder / "web.jsonl", [{"text": page} for page in pages])
    write(folder / "graded.jsonl", graded)
    write(folder / "posts.jsonl", posts)
    (folder / "special.txt").write_text("<pad>\n</s>\n<unk>\n")
    (folder / "run.yaml").write_text(CONFIGURATION)
    return folder / "run.yaml"


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def run(path: Path, out: Path, *options: str) -> None:
    done = CliRunner().invoke(main, ["run", str(path), "--output", str(out), *options])
    assert done.exit_code == 0, done.output


def bytes_of(out: Path) -> str:
    digest = hashlib.sha256()
    for folder in ("documents", "verdicts", "failed", "tokens", "shards"):
        for path in sorted((out / folder).rglob("*.*")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plugins")
    run(corpus(folder), folder / "out", "--direct_running_mode=in_memory")
    use(NONE)
    return folder / "out"


def test_the_rules_of_plugins_remove(out: Path) -> None:
    table = judged(out)
    reasons: dict[str, list[str | None]] = {}
    for row in table.sort_by("origin_offset").to_pylist():
        reasons.setdefault(row["source"], []).append(row["removed_by"])
    assert reasons["web"] == [
        *[None] * 10,
        "c4_sentence_count",
        "c4_sentence_count",
        "fineweb_repeated_line_character_fraction",
    ]
    assert reasons["graded"] == [*["education_grade"] * 3, *[None] * 3]
    assert reasons["questions"] == [*["score"] * 3, *[None] * 3]


def test_documents_become_bytes_and_shards_arrays(out: Path) -> None:
    texts = {row["id"]: row["text"] for row in judged(out).to_pylist()}
    tokens = pq.read_table(out / "tokens").to_pylist()
    assert len(tokens) == sum(row["removed_by"] is None for row in judged(out).to_pylist())
    for row in tokens:
        assert row["tokens"] == [*(byte + 3 for byte in texts[row["id"]].encode()), 1]
    array = np.load(out / "shards/npy/shard-00000.npy", mmap_mode="r")
    same = pq.read_table(out / "shards/parquet/shard-00000.parquet")["input_ids"].to_pylist()
    assert array.dtype == np.uint16
    assert array.tolist() == same


def test_lines_are_removed_and_counted(out: Path) -> None:
    web = [row for row in judged(out).to_pylist() if row["source"] == "web" and row["removed_by"] is None]
    for row in web:
        assert row["text"].count("\n") == 2
        assert row["c4_characters_removed"] == len(
            "Home | About\nWe use cookies on this site, as you know.\n"
        )
    others = [row for row in judged(out).to_pylist() if row["source"] != "web"]
    assert {row["c4_characters_removed"] for row in others} == {None}


def test_report_and_verify_know_them(out: Path) -> None:
    stats = Stats.model_validate_json((out / "report/stats.json").read_bytes())
    rules = {rule.name: (rule.family, rule.sources[0].first.documents) for rule in stats.rules}
    assert rules["education_grade"] == ("score", 3)
    assert rules["c4_sentence_count"] == ("c4", 2)
    assert stats.funnels[0].amount("fineweb").documents == 1
    assert {"education_grade", "c4_characters_removed"} <= {one.column for one in stats.histograms}
    assert "expected grade of a model" in (out / "report/index.html").read_text("utf-8")
    load(str(out.parent / "run.yaml"))  # names the plugins
    assert verify(str(out)) == []
    assert sorted(path.name for path in (out / "plugins").iterdir()) == sorted(
        path.name for path in FOLDER.glob("*.py")
    )


def test_two_worker_processes_give_the_same_bytes(out: Path, tmp_path: Path) -> None:
    """The workers get the plugins' files by content: the folder of the configuration is another one there."""
    run(corpus(tmp_path), tmp_path / "out", "--direct_num_workers=2")
    assert bytes_of(tmp_path / "out") == bytes_of(out)


def test_a_plugins_code_is_in_the_key_of_its_stage(tmp_path: Path) -> None:
    path = corpus(tmp_path)
    run(path, tmp_path / "out", "--direct_running_mode=in_memory")
    plugin = tmp_path / "score.py"
    plugin.write_text("# a comment changes nothing\n" + plugin.read_text())
    done = CliRunner().invoke(main, ["run", str(path), "--output", str(tmp_path / "out"), "--explain"])
    assert "would read and measure 0 of 3 parts" in done.output
    plugin.write_text(plugin.read_text().replace("range(6)", "range(1, 7)"))
    done = CliRunner().invoke(main, ["run", str(path), "--output", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "curate: runs again, since these changed: `plugins`" in done.output
    run(path, tmp_path / "out", "--changed", "--direct_running_mode=in_memory")
    graded = [
        row["education_grade"] for row in judged(tmp_path / "out").to_pylist() if row["source"] == "graded"
    ]
    assert sorted(graded) == [1, 2, 3, 4, 5, 6]


def test_a_broken_plugin_is_named_before_any_work(tmp_path: Path) -> None:
    path = corpus(tmp_path)
    (tmp_path / "score.py").write_text((FOLDER / "score.py").read_text().replace("np.dot", "np.dott"))
    done = CliRunner().invoke(main, ["run", str(path), "--output", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert (
        "run.yaml, line 2: plugins: plugin score.py: score: AttributeError: module 'numpy' has no"
        in done.output
    )
    assert not (tmp_path / "out").exists()


def test_a_plugin_that_fails_on_some_documents_costs_only_these(tmp_path: Path) -> None:
    path = corpus(tmp_path)
    broken = (tmp_path / "graded.jsonl").read_text().replace('"education": [', '"education": [1, ', 1)
    (tmp_path / "graded.jsonl").write_text(broken)
    done = CliRunner().invoke(
        main, ["run", str(path), "--output", str(tmp_path / "out"), "--direct_running_mode=in_memory"]
    )
    assert done.exit_code == 1
    assert "graded: 1 of 6 records could not be read" in done.output.replace("\n", "")
    assert "plugin score.py: score: ValueError: shapes (7,) and (6,) not aligned" in done.output
    assert sum(row["source"] == "graded" for row in judged(tmp_path / "out").to_pylist()) == 5
