"""massivetext ablate: trains the same small model on arms of data, and measures which arm it learns more from."""
