"""Paths of the repository, of its sample, and of the shared data that some tests need and most machines lack."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "pipeline/sample"
SHARED = ROOT.parent / "shared/data"
