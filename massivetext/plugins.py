"""The names with which plugins are written: see docs/extending.md."""

from massivetext.filters.edges import COUNTS, SHARES
from massivetext.filters.families.family import Family, Limit
from massivetext.filters.families.measurement import Measurement
from massivetext.pipeline.plugins.tokenizers import TokenizerKind
from massivetext.pipeline.read.kinds.kind import SourceKind
from massivetext.pipeline.read.record import Failure, Found, Input, Record, Skipped
from massivetext.pipeline.shards.format import Shard, ShardError, ShardFormat

__all__ = [
    "COUNTS",
    "SHARES",
    "Failure",
    "Family",
    "Found",
    "Input",
    "Limit",
    "Measurement",
    "Record",
    "Shard",
    "ShardError",
    "ShardFormat",
    "Skipped",
    "SourceKind",
    "TokenizerKind",
]
