"""ArrayRecord: a record a sequence, for JAX users: Grain's `ArrayRecordDataSource` reads any record by number.

Each record is a serialized `tf.train.Example` (tensorflow/core/example/example.proto), which Grain pipelines,
MaxText and tensorflow_datasets expect; it is written here without TensorFlow.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.shards.format import Shard

OPTIONS = "group_size:1"  # each record is its own group, as Grain reads them in any order
_BYTES_LIST, _INT64_LIST = 1, 3  # of Feature


def write(shard: Shard, path: Path) -> list[Path]:
    """Write path.array_record. Features: input_ids (int64s, padding included), document_lengths (int64s,
    without padding) and source (bytes)."""
    from array_record.python.array_record_module import ArrayRecordWriter  # a shared library: only where used

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
            _feature("source", _BYTES_LIST, _field(1, source.encode())),
        )
        yield _field(1, b"".join(features))


def _feature(name: str, kind: int, values: bytes) -> bytes:
    """An entry of the map `Features.feature`."""
    return _field(1, _field(1, name.encode()) + _field(2, _field(kind, values)))


def _integers(values: npt.NDArray[np.integer]) -> bytes:
    """An Int64List: its one field, packed."""
    return _field(1, varints(values))


def _field(number: int, content: bytes) -> bytes:
    """A field of bytes in protocol buffers' wire format."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(number: int) -> bytes:
    """One number from 0 up as `varints` writes it, sooner than numpy can be called."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    written.append(number)
    return bytes(written)


def varints(values: npt.NDArray[np.integer]) -> bytes:
    """Numbers from 0 up as protocol buffers' varints: seven bits a byte, the lowest first."""
    bits = values.astype(np.uint64)[:, None] >> np.arange(0, 35, 7, dtype=np.uint64)
    is_written = bits > 0
    is_written[:, 0] = True
    more = np.zeros(bits.shape, np.uint64)
    more[:, :-1] = is_written[:, 1:] * np.uint64(0x80)
    return (bits & np.uint64(0x7F) | more).astype(np.uint8)[is_written].tobytes()
