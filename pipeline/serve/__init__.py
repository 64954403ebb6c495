"""Serve: shows the report over the whole run on this machine: exact what-if, search, duplicates, sequences, notes."""
