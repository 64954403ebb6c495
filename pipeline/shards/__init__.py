"""The formats that trainers read, one a file."""

from massivetext.pipeline.shards import array_record, mds, megatron, parquet
from massivetext.pipeline.shards.format import Indexer, Shard, Writer

FORMATS: dict[str, Writer] = {
    "array_record": array_record.write,
    "mds": mds.write,
    "megatron": megatron.write,
    "parquet": parquet.write,
}
"""By the names used in `mix.formats` and as folders of `shards/`."""

INDEXES: dict[str, tuple[str, Indexer]] = {"mds": (mds.INDEX, mds.index)}
"""Of the formats whose readers need one file about all shards: its name, and what makes its content."""

__all__ = ["FORMATS", "INDEXES", "Indexer", "Shard", "Writer"]
