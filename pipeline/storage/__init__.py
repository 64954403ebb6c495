"""Bytes and tables in OUT: local files, object stores, where each thing lies."""
