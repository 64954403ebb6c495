"""Reads and writes bytes and tables: local files, object stores, and the layout of OUT."""
