"""The figures of stats.json, one file a section."""
