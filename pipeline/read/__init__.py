"""Readers: one file a source kind, each yielding the documents of one open file (see `record.Reader`)."""
