"""The kinds of source, one file each. A file of this folder that holds a `KIND` is a kind: to add one, add its file."""

from collections.abc import Mapping

from massivetext.filters.discover import declared
from massivetext.pipeline.read.kinds.kind import SourceKind

KINDS: Mapping[str, SourceKind] = {kind.name: kind for kind in declared(__name__, __path__, "KIND")}
"""Every kind, by its name in the configuration."""
