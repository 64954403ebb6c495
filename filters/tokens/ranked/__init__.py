"""Byte-pair encoding as a tokenizer.json describes it: pre-tokens by a regular expression, merges by rank."""
