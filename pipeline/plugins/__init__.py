"""Plugins: add rules, readers and formats to a run without a change of this package (see docs/extending.md)."""
