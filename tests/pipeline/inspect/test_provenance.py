"""From sequences to documents and back, on a real run."""

import io
import re
from pathlib import Path

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.inspect.inspect import inspect
from massivetext.pipeline.inspect.provenance import Name, runs, sequences, show
from massivetext.pipeline.inspect.question import Asked
from massivetext.pipeline.runtime.terminal import Terminal
from massivetext.pipeline.storage import layout

FIRST = Name(layout.SHARDS, 0, 0)


def shown(out: Path, sequence: str) -> str:
    console = Terminal(file=io.StringIO(), width=300)
    show(str(out), console, sequence)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_sequence_names_its_documents_and_where_they_were_read(finished: Path) -> None:
    rows = pq.read_table(finished / "shards/index.parquet").to_pylist()
    row = max(rows, key=lambda row: len(row["document_ids"]))
    text = shown(finished, f"{row['shard']}:{row['sequence']}")
    documents = ds.dataset(finished / "documents").to_table(
        ["id", "url", "origin_file", "origin_offset"],
        filter=ds.field("id").isin(row["document_ids"]),
    )
    assert documents.num_rows == len(set(row["document_ids"])) > 2
    for document in documents.to_pylist():
        assert f"document {document['id']}" in re.sub(" +", " ", text)
        assert f"{document['origin_file']} at {document['origin_offset']}" in text
        assert document["url"] is None or document["url"] in text
    assert text.count("read from") == len(row["document_ids"])


def test_the_text_is_that_of_the_document(finished: Path) -> None:
    """A run that starts its document shows how that begins."""
    rows = pq.read_table(finished / "shards/index.parquet").to_pylist()
    row = next(row for row in rows if row["starts"][0] == 0)
    text = shown(finished, f"{row['shard']}:{row['sequence']}")
    [document] = (
        ds.dataset(finished / "documents")
        .to_table(["text"], filter=ds.field("id") == row["document_ids"][0])
        .to_pylist()
    )
    assert " ".join(document["text"].split())[:30] in " ".join(text.split())


def test_there_and_back(finished: Path) -> None:
    found = runs(str(finished), FIRST)
    assert sum(run.tokens for run in found) <= 512
    for run in found:
        assert (FIRST, run) in list(sequences(str(finished), run.id))


def test_all_runs_of_a_document_are_its_tokens(finished: Path) -> None:
    """Of a document that was cut: its copies' runs follow each other without gaps."""
    id_ = runs(str(finished), FIRST)[0].id
    tokens = (
        ds.dataset(finished / "tokens").to_table(filter=ds.field("id") == id_).column("tokens")[0].as_py()
    )
    whole = sorted(
        (run for _, run in sequences(str(finished), id_) if run.copy == 0), key=lambda run: run.start
    )
    at = 0
    for run in whole:
        assert run.start == at
        at += run.tokens
    assert at == len(tokens)


def test_a_document_names_its_sequences(finished: Path) -> None:
    console = Terminal(file=io.StringIO(), width=300)
    inspect(str(finished), console, Asked(id=runs(str(finished), FIRST)[0].id))
    assert isinstance(console.file, io.StringIO)
    assert re.search(r"^ *0:0 +\d+ ", console.file.getvalue(), re.MULTILINE)


@pytest.mark.parametrize("name", ["0:0", "12:3456", "validation:0:7"])
def test_names_come_back(name: str) -> None:
    assert str(Name.parse(name)) == name


@pytest.mark.parametrize(
    "name", ["", "0", ":", "0:", "a:1", "0:-1", "test:0:1", "validation:1", "0:0:0:0", "0:²"]
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="expected SHARD:INDEX"):
        Name.parse(name)


def test_a_sequence_that_is_not_there(finished: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no sequence 0:9999999: the shard holds \d"):
        shown(finished, "0:9999999")
    with pytest.raises(ConfigError, match="no sequence validation:0:0: the shard holds 0"):
        shown(finished, "validation:0:0")
    with pytest.raises(ConfigError, match="holds no run"):
        shown(tmp_path, "0:0")
