"""Where things lie: the repository, its sample, and the shared data that some tests need and most machines lack."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "pipeline/sample"
SHARED = ROOT.parent / "shared/data"
