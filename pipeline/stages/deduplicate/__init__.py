"""Deduplicate: finds exact and near duplicates. Only hashes, ids and pointers are grouped, never texts."""
