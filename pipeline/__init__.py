"""The journey: from raw files to token shards, as Beam stages that write files and a manifest."""
