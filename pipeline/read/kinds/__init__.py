"""The kinds of source, one file each.

A file of this folder that holds a `KIND` is a kind: to add one, add its file. A plugin adds one for a run.
"""

from massivetext.filters.discover import Registry, declared
from massivetext.pipeline.read.kinds.kind import SourceKind

KINDS: Registry[SourceKind] = Registry(declared(__name__, __path__, "KIND"))
"""Every kind, by its name in the configuration."""
