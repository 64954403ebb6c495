"""Tokenize: the token ids of every kept document."""
