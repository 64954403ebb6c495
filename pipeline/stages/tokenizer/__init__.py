"""Tokenizer: trained on a weighted sample of what is kept, or loaded."""
