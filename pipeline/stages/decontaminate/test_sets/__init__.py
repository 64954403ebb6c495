"""Test sets: reads the items of a file. There is a module for each format."""
