"""Licences: which one a text or a metadata file states, and whether it is permissive."""
