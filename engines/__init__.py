"""Engines to try a run on: a Flink cluster, Prism and a worker image, see the Makefile."""
