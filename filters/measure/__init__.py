"""Measurements of words, lines and characters, one column a rule."""
