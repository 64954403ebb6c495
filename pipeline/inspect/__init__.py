"""massivetext inspect: chooses documents of a run, finds out what became of each, and shows them."""
