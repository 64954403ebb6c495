"""Looking at documents of a finished run: which to show, what became of each, and how it is shown."""
