"""Check: finds the faults that can be known before any work, and shows the first records of each source."""
