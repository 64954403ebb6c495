"""Curate: text in; measured and judged documents out."""
