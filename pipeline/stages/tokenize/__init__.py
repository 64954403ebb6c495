"""Tokenize: encodes every kept document as token ids."""
