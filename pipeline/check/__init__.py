"""Check: everything that can be known before any work, and the first records as they would be read."""
