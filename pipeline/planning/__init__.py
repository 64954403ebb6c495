"""Before a run: what a mix would repeat, and what a sample run says of the raw input it would take."""
