"""Benchmarks, most of them against peers. Each module is a program: `python -m benchmarks.NAME`."""

import logging

logging.basicConfig(level=logging.ERROR)  # Beam also warns of things that are in order
