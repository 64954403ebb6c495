"""Open, runnable MassiveText: pre-training data from raw sources to token shards, on Apache Beam."""
