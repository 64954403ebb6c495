"""massivetext inspect: which documents to show, what became of each, and how it is shown."""
