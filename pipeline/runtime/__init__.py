"""Runs and records steps: engine, workers, parts, manifest, progress and counts."""
