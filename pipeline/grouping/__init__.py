"""What every step that groups shares: rows as packed arrays, in blocks on the way and in files between steps."""
