"""LaTeX: the sources of papers as text."""
