"""The stages, one folder each, in the order of the data."""
