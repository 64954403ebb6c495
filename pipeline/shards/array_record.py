"""ArrayRecord: one record for each sequence. Grain's `ArrayRecordDataSource` (JAX) reads any record by its number.

Each record is a serialized `tf.train.Example` (tensorflow/core/example/example.proto), which Grain pipelines,
MaxText and tensorflow_datasets expect; it is written here without TensorFlow.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat, Tokens, content
from massivetext.pipeline.storage.protobuf import field, fields, message, varints

OPTIONS = "group_size:1"  # each record is its own group, since Grain reads records in any order
_BYTES_LIST, _INT64_LIST = 1, 3  # of Feature


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.array_record. Features: input_ids (int64s, padding included), document_lengths (int64s,
    without padding) and source (bytes)."""
    from array_record.python.array_record_module import (
        ArrayRecordWriter,
    )  # a shared library, imported only when it is used

    file = path.with_name(path.name + ".array_record")
    writer = ArrayRecordWriter(str(file), OPTIONS)
    for example in _examples(shard):
        writer.write(example)
    writer.close()
    return [file]


def _examples(shard: Shard) -> Iterator[bytes]:
    offsets = shard.document_lengths.offsets.to_numpy()
    lengths = shard.document_lengths.values.to_numpy()
    for row, source in enumerate(shard.sources.to_pylist()):
        features = (
            _feature("document_lengths", _INT64_LIST, _integers(lengths[offsets[row] : offsets[row + 1]])),
            _feature("input_ids", _INT64_LIST, _integers(shard.tokens[row])),
            _feature("source", _BYTES_LIST, field(1, source.encode())),
        )
        yield field(1, b"".join(features))


def _feature(name: str, kind: int, values: bytes) -> bytes:
    """An entry of the map `Features.feature`."""
    return field(1, field(1, name.encode()) + field(2, field(kind, values)))


def _integers(values: npt.NDArray[np.integer]) -> bytes:
    """An Int64List: its one field, packed."""
    return field(1, varints(values))


def read(base: str) -> Tokens:
    """The feature `input_ids` of the examples of base.array_record."""
    from array_record.python.array_record_module import ArrayRecordReader

    with tempfile.NamedTemporaryFile() as local:  # its reader opens local files only
        local.write(content(base + ".array_record"))
        local.flush()
        reader = ArrayRecordReader(local.name)
        blocks = [_input_ids(record) for record in reader.read_all()]
        reader.close()
    return np.concatenate([np.empty(0, np.int64), *blocks])


def _input_ids(example: bytes) -> Tokens:
    """A feature of a tf.train.Example: it stands in a map, as a list that holds packed varints."""
    for _, entry in fields(_only(example)):
        name, feature = (value for _, value in fields(message(entry)))
        if name == b"input_ids":
            return _varints(_only(_only(message(feature))))
    raise ShardError("an example of its .array_record has no input_ids")


def _only(content: bytes) -> bytes:
    [(_, value)] = fields(content)
    return message(value)


def _varints(data: bytes) -> Tokens:
    digits = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(digits < 0x80)
    begins = np.concatenate([[0], ends[:-1] + 1])
    place = np.arange(len(digits)) - np.repeat(begins, ends - begins + 1)
    return np.add.reduceat((digits & 0x7F).astype(np.int64) << 7 * place, begins)


FORMAT = ShardFormat("array_record", write, read)
