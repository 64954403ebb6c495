"""The stages of a run, one folder each. names.py has their order."""
