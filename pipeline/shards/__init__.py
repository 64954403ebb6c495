"""The formats that trainers read, one a file."""

from pipeline.shards import megatron, parquet
from pipeline.shards.format import Shard, Writer

FORMATS: dict[str, Writer] = {"megatron": megatron.write, "parquet": parquet.write}
"""By the names used in `mix.formats` and as folders of `shards/`."""

__all__ = ["FORMATS", "Shard", "Writer"]
