"""Curate: reads raw text, and writes measured and judged documents."""
