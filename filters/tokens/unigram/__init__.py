"""SentencePiece's unigram models."""
