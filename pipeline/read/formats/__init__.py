"""Formats of files: compression, archives, containers, XML and character encodings."""
