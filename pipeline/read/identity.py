"""Ids: who a document is, whoever read it."""

import hashlib


def identity(source: str, origin_file: str, origin_offset: int) -> str:
    """The hex of a 128-bit BLAKE2b hash of the source, the file's name as configured, and the record's offset."""
    name = f"{source}\0{origin_file}\0{origin_offset}".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(name, digest_size=16).hexdigest()
