"""The formats that trainers read, one file each.

A file of this folder that holds a `FORMAT` is a format. A plugin adds one for a run.
"""

from massivetext.filters.discover import Registry, declared
from massivetext.pipeline.shards.format import ShardFormat

FORMATS: Registry[ShardFormat] = Registry(declared(__name__, __path__, "FORMAT"))
"""Every format, by its name in `mix.formats` and its folder in `shards/`."""
