"""How much one machine instruction works on."""

BLOCK = 64
"""The number of bytes in a mask: bit i stands for the byte at position + i."""

LEAST = 32
"""How many numbers `least` compares at a time."""

PERMUTED = 16
"""How many permutations of MinHash are worked on at a time."""
