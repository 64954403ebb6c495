"""Test sets: which items a file holds, one file a format."""
