"""Which texts are alike: fingerprints, shingles, MinHash signatures, exact Jaccard, test items."""
