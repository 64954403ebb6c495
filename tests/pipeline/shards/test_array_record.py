"""`.array_record` as Grain reads it, and its examples as protocol buffers' own library does."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from massivetext.pipeline.shards.array_record import write
from massivetext.pipeline.shards.format import Shard
from massivetext.pipeline.storage.protobuf import varint, varints

grain = pytest.importorskip("grain", reason="Grain is not installed")

PROTO = """
BytesList: repeated bytes value = 1
Int64List: repeated int64 value = 1
Feature: optional BytesList bytes_list = 1, optional Int64List int64_list = 3
Entry: optional string key = 1, optional Feature value = 2
Features: repeated Entry feature = 1
Example: optional Features features = 1
"""
"""tensorflow/core/example/{example,feature}.proto, as far as it is used; a map is repeated entries."""


def example_class() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="example.proto", package="t", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    for line in PROTO.strip().splitlines():
        name, _, body = line.partition(": ")
        message = file.message_type.add(name=name)
        for text in body.split(", "):
            label, kind, field_name, _, number = text.split()
            field = message.field.add(name=field_name, number=int(number))
            field.label = kinds.LABEL_REPEATED if label == "repeated" else kinds.LABEL_OPTIONAL
            if kind[0].islower():
                field.type = getattr(kinds, f"TYPE_{kind.upper()}")
            else:
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".t.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("t.Example"))


def parse(record: bytes) -> dict[str, list]:
    example = example_class().FromString(record)
    found: dict[str, list] = {}
    for entry in example.features.feature:
        which = entry.value.bytes_list if entry.value.HasField("bytes_list") else entry.value.int64_list
        found[entry.key] = list(which.value)
    return found


def shard(tokens: np.ndarray) -> Shard:
    count, length = tokens.shape
    lengths = pa.array([[length - 3, 2] if i % 2 else [length] for i in range(count)], pa.list_(pa.int32()))
    return Shard(tokens, lengths, pa.array([f"büch {i % 3}" for i in range(count)], pa.string()))


@pytest.mark.parametrize(("dtype", "highest"), [(np.uint16, 65535), (np.uint32, 2**31 - 1)])
def test_sequences_come_back_in_any_order(tmp_path: Path, dtype: type, highest: int) -> None:
    tokens = np.random.default_rng(1).integers(0, highest + 1, (7, 33)).astype(dtype)
    tokens[0, :6] = [0, 127, 128, 16_383, 16_384, highest]
    given = shard(tokens)
    (file,) = write(given, tmp_path / "shard-00000")
    source = grain.sources.ArrayRecordDataSource([str(file)])
    assert len(source) == 7
    for row in (5, 0, 6, 1):
        assert parse(source[row]) == {
            "document_lengths": given.document_lengths[row].as_py(),
            "input_ids": tokens[row].tolist(),
            "source": [given.sources[row].as_py().encode()],
        }


def test_a_pipeline_of_grain_yields_them_all(tmp_path: Path) -> None:
    """Two shards, batches of 4, as a trainer would."""
    tokens = np.arange(12 * 16, dtype=np.uint16).reshape(12, 16)
    paths = [
        write(shard(half), tmp_path / f"shard-{i:05d}")[0] for i, half in enumerate((tokens[:5], tokens[5:]))
    ]
    records = grain.MapDataset.source(grain.sources.ArrayRecordDataSource([str(path) for path in paths]))
    batches = records.map(lambda record: np.array(parse(record)["input_ids"])).batch(4)
    np.testing.assert_array_equal(np.concatenate(list(batches)), tokens)


def test_varints_at_every_width() -> None:
    values = sorted({0, *(2**bits + step for bits in range(32) for step in (-1, 0, 1))} - {2**31 + 1})
    example = example_class()()
    entry = example.features.feature.add(key="x")
    entry.value.int64_list.value.extend(values)
    assert varints(np.array(values)) in example.SerializeToString()
    assert varints(np.array(values)) == b"".join(map(varint, values))
