"""Side by side with peers. Each module is a program: `python -m benchmarks.NAME`."""

import logging

logging.basicConfig(level=logging.ERROR)  # Beam warns of much that is as it should be
