"""The formats that trainers read, one file each. A file of this folder that holds a `FORMAT` is a format."""

from collections.abc import Mapping

from massivetext.filters.discover import declared
from massivetext.pipeline.shards.format import ShardFormat

FORMATS: Mapping[str, ShardFormat] = {form.name: form for form in declared(__name__, __path__, "FORMAT")}
"""Every format, by its name in `mix.formats` and its folder in `shards/`."""
