"""The report over the whole run, on this machine alone: exact what-if, search, duplicates, sequences, notes."""
