"""Export: writes the kept documents of a run, for use elsewhere."""
