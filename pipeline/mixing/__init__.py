"""From tokens to shards: only lengths, hashes and pointers are grouped; tokens go from file to file."""
