"""Exact and near deduplication: only hashes, ids and pointers are grouped, never text."""
