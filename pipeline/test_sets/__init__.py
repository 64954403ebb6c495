"""Test sets: what a file holds as items to be matched, one file a format."""
