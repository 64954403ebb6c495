"""Readers of source kinds. A reader yields the documents of one open file (see `record.Reader`)."""
