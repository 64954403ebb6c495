"""Exact and near deduplication. Only hashes, ids and pointers are grouped, never text."""
