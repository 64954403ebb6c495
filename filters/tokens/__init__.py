"""From text to token ids, and from ids to packed sequences."""
