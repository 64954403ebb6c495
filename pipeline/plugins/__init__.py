"""Plugins: what people add to a run without changing this package. docs/extending.md says how to write one."""
