"""Checks that withdrawn documents are in no sequence of the shards."""

import posixpath
from collections.abc import Iterator

import orjson

from massivetext.pipeline.storage import files, layout, parquet


def absent(out: str) -> Iterator[str]:
    """Check that no index of shards names a document in OUT/withdrawn.jsonl, as it may after the mix was run again."""
    path = posixpath.join(out, layout.WITHDRAWN)
    if not files.exists(path):
        return
    gone = {id_ for line in files.read_bytes(path).splitlines() for id_ in orjson.loads(line)["ids"]}
    for folder, _ in layout.FOLDERS:
        index = posixpath.join(out, layout.index(folder))
        found: set[str] = set()
        for batch in parquet.batches(index, ["document_ids"]) if files.exists(index) else ():
            found |= gone.intersection(batch.column("document_ids").flatten().to_pylist())
        for id_ in sorted(found):
            yield f"{layout.index(folder)}: {id_} was withdrawn, but is in a sequence again"
