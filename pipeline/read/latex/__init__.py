"""LaTeX: reads the sources of papers as text."""
