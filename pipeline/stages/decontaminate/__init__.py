"""Decontaminate: documents that match test sets."""
