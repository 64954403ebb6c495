"""Tokenizer: trains a tokenizer on a weighted sample of the kept documents, or loads one."""
