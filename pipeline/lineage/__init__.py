"""OpenLineage: events that tell other systems which files a run reads and writes (openlineage.io, version 2-0-2)."""
