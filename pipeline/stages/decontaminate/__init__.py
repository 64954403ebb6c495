"""Decontaminate: finds documents that match test sets."""
