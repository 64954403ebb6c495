"""Provenance: finds the documents that a sequence of the shards holds, and the sequences that hold a document."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.table import Table
from rich.text import Text

from massivetext.pipeline.config.load import ConfigError
from massivetext.pipeline.config.model import Config
from massivetext.pipeline.runtime import manifest
from massivetext.pipeline.shards import FORMATS
from massivetext.pipeline.stages.report.documents import excerpts
from massivetext.pipeline.storage import files, layout, parquet
from massivetext.pipeline.tokenizers.open import tokenizer_of_run

CHARACTERS = 60  # characters that are shown of each run of tokens


@dataclass(frozen=True)
class Name:
    """The name of a sequence: `SHARD:INDEX`, or `validation:SHARD:INDEX`."""

    folder: str
    shard: int
    sequence: int

    @classmethod
    def parse(cls, text: str) -> "Name":
        """Reads a name; raises ConfigError for any other text."""
        folders = {key: folder for folder, key in layout.FOLDERS}
        matched = re.fullmatch(r"(?:(\w+):)?(\d+):(\d+)", text, re.ASCII)
        if matched is None or (matched[1] or "") not in folders:
            raise ConfigError(
                f"--sequence {text}: expected SHARD:INDEX, such as 0:17, or validation:SHARD:INDEX"
            )
        return cls(folders[matched[1] or ""], int(matched[2]), int(matched[3]))

    def __str__(self) -> str:
        key = dict(layout.FOLDERS)[self.folder]
        return f"{key}{':' if key else ''}{self.shard}:{self.sequence}"


@dataclass(frozen=True)
class Run:
    """A run of tokens in a sequence that come from one document, in the document's order."""

    id: str
    copy: int
    start: int  # within the document, in tokens
    offset: int  # within the sequence, in tokens
    tokens: int


def runs(out: str, name: Name) -> list[Run]:
    """The runs of tokens in a sequence, as the index of the shards lists them. Raises ConfigError if there is no such
    sequence.
    """
    held = 0
    for batch in _index(out, name.folder):
        of_shard = batch.filter(pc.equal(batch.column("shard"), name.shard))
        held += of_shard.num_rows
        found = of_shard.filter(pc.equal(of_shard.column("sequence"), name.sequence))
        if found.num_rows:
            return _runs(found.to_pylist()[0])
    raise ConfigError(f"{out}: no sequence {name}: the shard holds {held:,}, numbered from 0")


def sequences(out: str, id_: str) -> Iterator[tuple[Name, Run]]:
    """Every run of a document's tokens, in training and validation, with the name of its sequence."""
    for folder, _ in layout.FOLDERS:
        for batch in _index(out, folder):
            ids = batch.column("document_ids")
            parents = pc.list_parent_indices(ids).filter(pc.equal(ids.flatten(), id_))
            for row in batch.take(pc.unique(parents)).to_pylist():
                name = Name(folder, row["shard"], row["sequence"])
                yield from ((name, run) for run in _runs(row) if run.id == id_)


def show(out: str, console: Console, text: str) -> None:
    """Print where a sequence's tokens come from: documents, sources, URLs, and places in the original files."""
    name = Name.parse(text)
    state = manifest.opened(out)
    config = state.config
    found = runs(out, name)
    places = excerpts.find(out, list(config.sources), [run.id for run in found])
    documents = excerpts.fetch(out, places.values())
    beginnings = texts(out, config, name, found)
    for run, beginning in zip(found, beginnings, strict=True):
        console.print(_described(run, documents[places[run.id]], beginning))


def show_sequences(out: str, console: Console, id_: str) -> None:
    """Print the sequences that hold a document."""
    found = sorted(sequences(out, id_), key=lambda one: (one[1].copy, one[1].start))
    if not found:
        console.print("in no sequence")
        return
    table = Table("sequence", "copy", "tokens of the document", "from token", box=None, padding=(0, 2))
    for name, run in found:
        of_document = f"{run.start:,} to {run.start + run.tokens - 1:,}"
        table.add_row(str(name), str(run.copy), of_document, f"{run.offset:,}")
    console.print(table)


def _index(out: str, folder: str) -> Iterator[pa.RecordBatch]:
    path = posixpath.join(out, layout.index(folder))
    return parquet.batches(path) if files.exists(path) else iter(())


def _runs(row: dict[str, Any]) -> list[Run]:
    columns = (row[column] for column in ("document_ids", "copies", "starts", "lengths"))
    found, offset = [], 0
    for id_, copy, start, length in zip(*columns, strict=True):
        found.append(Run(id_, copy, start, offset, length))
        offset += length
    return found


def texts(out: str, config: Config, name: Name, found: list[Run]) -> list[str]:
    """The beginning of each run, decoded from the shard itself."""
    form, length = config.mix.formats[0], config.mix.sequence_length
    tokens = FORMATS[form].read(posixpath.join(out, layout.shard(name.folder, form, name.shard)))
    sequence = tokens[name.sequence * length : (name.sequence + 1) * length]
    tokenizer = tokenizer_of_run(out, config.tokenizer)
    return [
        tokenizer.decode(sequence[run.offset : run.offset + run.tokens][:CHARACTERS].tolist())
        for run in found
    ]


def _described(run: Run, document: dict[str, Any], beginning: str) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row(
        f"{run.offset:,} to {run.offset + run.tokens - 1:,}",
        Text(" ".join(beginning.split())[:CHARACTERS]),
    )
    part = f"{document['id']}, tokens {run.start:,} to {run.start + run.tokens - 1:,}, copy {run.copy}"
    table.add_row("document", part)
    for column in ("source", "title", "url", "licence"):
        if document[column] is not None:
            table.add_row(column, Text(str(document[column])))
    table.add_row("read from", Text(f"{document['origin_file']} at {document['origin_offset']}"))
    table.add_row()
    return table
