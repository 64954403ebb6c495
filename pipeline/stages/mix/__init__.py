"""Mix: makes shards of tokens. Only lengths, hashes and pointers are grouped; tokens are copied from file to file."""
