"""Export: the kept documents of a run, for others to read."""
