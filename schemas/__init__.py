"""The nouns: one Arrow schema for each table that crosses a stage."""
