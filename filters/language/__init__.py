"""Language identification by fastText's models."""
