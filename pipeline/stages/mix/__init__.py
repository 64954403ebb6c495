"""Mix: from tokens to shards. Only lengths, hashes and pointers are grouped; tokens go from file to file."""
